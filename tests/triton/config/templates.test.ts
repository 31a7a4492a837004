import { expect } from "chai";
import { parseModelConfig } from "../../../triton/config/modelConfig.ts";

const messagesOf = (text: string) => parseModelConfig(text).problems.map(({ line, message }) => `${line}: ${message}`);
const parameter = (name: string, value: string) => `parameters { key: "${name}" value { string_value: "${value}" } }\n`;

describe("a configuration that is still a template", () => {
  it("is reported with the placeholder and its line", () => {
    expect(messagesOf('# ${comment}\nbackend: "${triton_backend}"')).to.deep.equal([
      "2: The file is a template that is not filled in: it still has ${triton_backend}.",
    ]);
  });

  it("is reported even if a placeholder outside quotes makes it invalid", () => {
    for (const [text, placeholder] of [
      ["max_batch_size: ${size}", "${size}"],
      ["instance_group { count: {{ count }} }", "{{ count }}"],
      ["input { dims: [ <dim> ] }", "<dim>"],
      ["{% if gpu %}", "{% if gpu %}"],
    ]) {
      expect(messagesOf(text ?? "")).to.deep.equal([
        `1: The file is a template that is not filled in: it still has ${placeholder ?? ""}.`,
      ]);
    }
  });

  it("is reported once for all of its parameters", () => {
    const parameters = ["a", "b", "c", "d", "e"].map((name) => parameter(name, `\${${name}}`)).join("");
    expect(messagesOf(parameters)).to.deep.equal([
      "1: Parameters are not filled in: the backend gets ${a}, ${b}, ${c} and 2 more as they stand.",
    ]);
    expect(messagesOf(parameter("a", "${a}/b"))).to.deep.equal([
      "1: Parameters are not filled in: the backend gets ${a} as it stands.",
    ]);
  });

  it("isn't detected in a comment next to a mistake", () => {
    expect(messagesOf("backend: } # ${comment}")).to.deep.equal([
      '1: Not protobuf text: a value is expected instead of "}".',
    ]);
  });
});

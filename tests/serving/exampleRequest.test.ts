import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { decodeRequest } from "../../inference/index.ts";
import { exampleRequest } from "../../local/exampleRequest.ts";
import { onnxBytes, smallModel } from "../support/onnxFiles.ts";
import { writePieces } from "../support/repository.ts";

/** ONNX Runtime's backend sets max_batch_size to 4 where inputs or outputs are missing. */
const inputOnly = 'input { name: "x" data_type: TYPE_FP32 dims: 4 }';
const outputOnly = 'output { name: "y" data_type: TYPE_FP32 dims: 3 }';
const whole = (rows: number) =>
  `input { name: "x" data_type: TYPE_FP32 dims: [ ${rows}, 4 ] } output { name: "y" data_type: TYPE_FP32 dims: [ -1, 3 ] }`;

describe("the request that npm start sends to a model without one", () => {
  let directory: string;
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "request-"));
  });
  afterEach(() => {
    fs.rmSync(directory, { recursive: true });
  });

  function writeModel(name: string, config: string | undefined): void {
    writePieces({ [`${name}/1/`]: "", ...(config !== undefined && { [`${name}/config.pbtxt`]: config }) }, directory);
    fs.writeFileSync(path.join(directory, name, "1/model.onnx"), onnxBytes(smallModel));
  }

  const shapesOf = async (model: string) => {
    const request = await exampleRequest(directory, model);
    return request && decodeRequest(request.body, request.contentType).inputs.map(({ name, shape }) => [name, shape]);
  };

  for (const [title, config, shape] of [
    ["no configuration", undefined, [1, 4]],
    ["an empty configuration", "", [1, 4]],
    ["only its inputs", inputOnly, [1, 4]],
    ["only its outputs", outputOnly, [1, 4]],
    ["only its batch size", "max_batch_size: 8", [1, 4]],
    ["all of it", whole(-1), [1, 4]],
    ["one fixed size of the batch", whole(2), [2, 4]],
  ] as const) {
    it(`has the shape of an ONNX model whose config.pbtxt has ${title}`, async () => {
      writeModel("m", config);
      expect(await shapesOf("m")).to.deep.equal([["x", shape]]);
    });
  }

  it("names no inputs that only the running model knows", async () => {
    writePieces({ "m/config.pbtxt": 'backend: "python"', "m/1/model.py": "" }, directory);
    expect(await shapesOf("m")).to.equal(undefined);
  });
});

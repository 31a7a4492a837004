import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { dataTypes, decodeRequest, encodeRequest, type DataType, type InputTensor } from "../../inference/index.ts";
import { installTritonClient, type TritonClient } from "../../tools/bench/tritonClient.ts";

interface Made {
  readonly datatype: DataType;
  readonly shape: number[];
  readonly body: string;
  readonly header: number;
  readonly wire: string;
}

const script = fileURLToPath(new URL("../support/triton_client.py", import.meta.url));
const seeds = [1, 2, 3, Date.now() % 1_000_000];

describe("the codec compared with Triton's own Python client", () => {
  let client: TritonClient;

  before(async function () {
    this.timeout(300_000);
    client = await installTritonClient();
  });

  const python = (seed: number, what: string, input = "") =>
    execFileSync(client.python.executable, [script, String(seed), what], {
      input,
      env: client.environment,
      maxBuffer: 2 ** 28,
      encoding: "utf8",
    })
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);

  for (const seed of seeds) {
    it(`exchanges random tensors of every type with it bit for bit, in both directions, with seed ${seed}`, () => {
      const made = python(seed, "make") as Made[];
      expect(new Set(made.map(({ datatype }) => datatype))).to.deep.equal(new Set(dataTypes));
      const responses = made.map(({ datatype, shape, body, header, wire }) => {
        const contentType = `application/vnd.sagemaker-triton.binary+json;json-header-size=${header}`;
        const [tensor] = decodeRequest(Buffer.from(body, "base64"), contentType).inputs;
        expect({ datatype: tensor!.datatype, shape: tensor!.shape }).to.deep.equal({ datatype, shape });
        const { bytes, response } = asResponse(tensor!);
        expect(bytes.toString("base64"), datatype).to.equal(wire);
        return JSON.stringify(response);
      });
      const told = python(seed, "read", responses.join("\n")) as { datatype: string; same: boolean }[];
      expect(told).to.have.length(made.length);
      expect(told.filter(({ same }) => !same)).to.deep.equal([]);
    });
  }

  it("rounds numbers to 16 bits as its arrays do", () => {
    const [{ values, ...rounded }] = python(1, "round") as [Record<string, string>];
    const numbers = [...new Float64Array(new Uint8Array(Buffer.from(values!, "base64")).buffer)];
    for (const datatype of ["FP16", "BF16"] as const) {
      const { bytes } = asResponse({ name: "x", datatype, shape: [numbers.length], data: numbers });
      expect(bytes.toString("base64") === rounded[datatype], datatype).to.equal(true);
    }
  });
});

/** A tensor as our codec encodes it, put into a response, and its bytes alone. */
function asResponse(tensor: InputTensor) {
  const { body, contentType } = encodeRequest({ inputs: [tensor] }, "binary");
  const size = Number(/=(\d+)$/.exec(contentType)?.[1]);
  const { inputs } = JSON.parse(Buffer.from(body).toString("utf8", 0, size)) as { inputs: unknown };
  const header = Buffer.from(JSON.stringify({ model_name: "m", outputs: inputs }));
  const bytes = Buffer.from(body.subarray(size));
  return { bytes, response: { header: header.length, body: Buffer.concat([header, bytes]).toString("base64") } };
}

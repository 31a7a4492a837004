import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { onnxModelType } from "../../triton/models/onnxSchema.ts";
import { inBenchFolder } from "./folder.ts";
import { measure, type Measurement } from "./measure.ts";

/** The options of `npm run bench -- onnx`. */
export interface OnnxBenchOptions {
  /** The approximate size of the model in bytes. */
  readonly size: number;
  /** The number of runs, of which the median counts. */
  readonly runs: number;
}

/**
 * Checks an ONNX model of 2,000 nodes with and without gigabytes of weights, and one of 20,000 nodes, and compares them with
 * Node's own start. The weights are a hole in the file, so that the disk need not hold them.
 *
 * @param options size and repetitions
 * @returns the table in Markdown
 * @throws Error if the check fails
 */
export async function benchOnnx({ size, runs }: OnnxBenchOptions): Promise<string> {
  return inBenchFolder("bench-onnx-", async (folder) => {
    const program = fileURLToPath(new URL("../../commands/bin/sagemaker-triton.js", import.meta.url));
    const check = (nodes: number, bytes: number) => {
      const repository = path.join(folder, `${nodes}-${bytes}`);
      writeModel(path.join(repository, "m/1"), nodes, bytes);
      return measure([process.execPath, program, "check", repository], { runs });
    };
    const start = await measure([process.execPath, "--eval", "0"], { runs });
    const rows = [
      row("Node's start", start, start),
      row("check of 2,000 nodes without weights", await check(2000, 0), start),
      row("check of 20,000 nodes without weights", await check(20_000, 0), start),
      row(`check of 2,000 nodes and ${(size / 2 ** 30).toFixed(1)} GiB`, await check(2000, size), start),
    ];
    return [
      "| run | ms | beyond Node's start | processor ms | beyond Node's start | peak MB | beyond Node's start |",
      "| --- | --: | --: | --: | --: | --: | --: |",
      ...rows,
    ].join("\n");
  });
}

function row(run: string, measured: Measurement, start: Measurement): string {
  const cells = [
    ...both(measured.seconds * 1000, start.seconds * 1000),
    ...both(measured.processorSeconds * 1000, start.processorSeconds * 1000),
    ...both(measured.memory / 1e6, start.memory / 1e6),
  ];
  return `| ${run} | ${cells.map((cell) => cell.toFixed(0)).join(" | ")} |`;
}

function both(value: number, start: number): number[] {
  return [value, value - start];
}

const WEIGHTS_BYTES = 32 * 2 ** 20;

/**
 * A model whose nodes are as long as those of exported transformers, half of them constants, with an initialiser for each
 * second one and as many weights of 32 MiB as fit: protobuf puts a message together that is written in pieces.
 */
function writeModel(folder: string, nodes: number, size: number): void {
  const tensor = { tensor_type: { elem_type: 1, shape: { dim: [{ dim_param: "N" }, { dim_value: 4 }] } } };
  const model = onnxModelType.encode(
    onnxModelType.fromObject({
      ir_version: 8,
      opset_import: [{ version: 17 }],
      graph: { input: [{ name: "x", type: tensor }], output: [{ name: "y", type: tensor }] },
    }),
  );
  const inner = Array.from({ length: nodes }, (_, index) => {
    const name = `/model/layers.${index % 32}/self_attn/node_${index}`;
    const value = message(5, message(1, text(1, "value"), message(5, message(9, Buffer.alloc(4)))));
    const texts = [text(1, `${name}/input`), text(2, `${name}/output`), text(3, name), text(4, "Add")];
    const initializer = message(5, text(8, `${name}/weight`), message(9, Buffer.alloc(16)));
    return index % 2 === 0 ? message(1, ...texts, value) : Buffer.concat([message(1, ...texts), initializer]);
  });
  fs.mkdirSync(folder, { recursive: true });
  const file = fs.openSync(path.join(folder, "model.onnx"), "w");
  let position = fs.writeSync(file, Buffer.concat([model.finish(), message(7, ...inner)]));
  for (let weights = 0; position + WEIGHTS_BYTES < size; weights++) {
    const name = Buffer.concat([text(8, `weights ${weights}`), field(9, WEIGHTS_BYTES)]);
    const initializer = field(5, name.length + WEIGHTS_BYTES);
    const head = Buffer.concat([field(7, initializer.length + name.length + WEIGHTS_BYTES), initializer, name]);
    position += fs.writeSync(file, head, 0, head.length, position) + WEIGHTS_BYTES;
  }
  fs.ftruncateSync(file, position);
  fs.closeSync(file);
}

function text(number: number, value: string): Buffer {
  return message(number, Buffer.from(value));
}

function message(number: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  return Buffer.concat([field(number, bytes.length), bytes]);
}

/** The header of a field with a given number of bytes. */
function field(number: number, length: number): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | 2)
    .uint32(length)
    .finish();
}

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { decodeResponse, encodeRequest, encodeRequestParts } from "../../inference/index.ts";
import type { DataType, TensorInput } from "../../inference/index.ts";
import { binaryContentTypeOf } from "../../inference/inferenceTypes.ts";
import { installTritonClient } from "./tritonClient.ts";

/**
 * Encodes and decodes tensors with this project's codec and with Triton's own client in Python, one after the other.
 *
 * @param milliseconds how long to encode and to decode each
 * @param onStep called with the current step
 * @param signal ends the run early
 * @returns the table in Markdown
 * @throws Error if Triton's client can't be installed or fails
 */
export async function benchCodec(
  milliseconds: number,
  onStep: (step: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const python = await startPython(milliseconds);
  try {
    const rows: string[] = [];
    for (const tensor of kinds.flatMap((kind) => sizes.map(([name, bytes]) => ({ ...kind, size: name, bytes })))) {
      signal.throwIfAborted();
      onStep(`${tensor.name}, ${tensor.size}`);
      const count = Math.floor(tensor.bytes / (tensor.datatype === "BYTES" ? 4 + tensor.length : tensor.length));
      const theirs = await python.measure({ ...tensor, count });
      rows.push(row(tensor, theirs, measureCodec(tensor, tensor.values(count), milliseconds)));
    }
    return [...HEAD, ...rows].join("\n");
  } finally {
    python.stop();
  }
}

const sizes = [
  ["1 KiB", 2 ** 10],
  ["1 MiB", 2 ** 20],
  ["6 MB", 6e6],
] as const;

interface Kind {
  readonly name: string;
  readonly datatype: DataType;
  /** A value's bytes. */
  readonly length: number;
  /** Whether Python also holds the values as 32-bit floats. */
  readonly fromFloats: boolean;
  readonly halfFloats?: "bits";
  readonly values: (count: number) => TensorInput;
}

const floats = (count: number) => Float32Array.from({ length: count }, (_, index) => index % 2048);

const kinds: readonly Kind[] = [
  { name: "FP32", datatype: "FP32", length: 4, fromFloats: false, values: floats },
  {
    ...{ name: "INT64", datatype: "INT64", length: 8, fromFloats: false },
    values: (count) => BigInt64Array.from({ length: count }, (_, index) => BigInt(index % 2048)),
  },
  {
    ...{ name: "BYTES of 16", datatype: "BYTES", length: 16, fromFloats: false },
    values: (count) => Array.from({ length: count }, () => Buffer.alloc(16, "x")),
  },
  {
    ...{ name: "FP16 as bits", datatype: "FP16", length: 2, fromFloats: false, halfFloats: "bits" },
    values: (count) => Uint16Array.from({ length: count }, (_, index) => index % 2048),
  },
  { name: "FP16 from floats", datatype: "FP16", length: 2, fromFloats: true, values: floats },
  { name: "BF16 from floats", datatype: "BF16", length: 2, fromFloats: true, values: floats },
];

interface Times {
  /** Seconds per call. */
  readonly encode: number;
  readonly decode: number;
}

interface OwnTimes extends Times {
  /** Encoded in pieces. */
  readonly parts: number;
  /** Decoded from a body in which the tensor isn't aligned for a typed array. */
  readonly decodeUnaligned: number;
}

const HEAD = [
  "| tensor | size | encode, µs | × tritonclient | as one body, µs | × | decode, µs | × tritonclient | unaligned, µs | × |",
  `| --- | --- |${" ---: |".repeat(8)}`,
];

function row({ name, size }: Kind & { readonly size: string }, theirs: Times, ours: OwnTimes): string {
  const cells = [
    [ours.parts, theirs.encode],
    [ours.encode, theirs.encode],
    [ours.decode, theirs.decode],
    [ours.decodeUnaligned, theirs.decode],
  ].flatMap(([own = 0, other = 0]) => [Number((own * 1e6).toPrecision(2)), Number((other / own).toPrecision(2))]);
  return `| ${[name, size, ...cells].join(" | ")} |`;
}

function measureCodec({ datatype, halfFloats }: Kind, data: TensorInput, milliseconds: number): OwnTimes {
  const request = { inputs: [{ name: "x", datatype, shape: [data.length], data }] };
  const [aligned, unaligned] = [0, 1].map((offset) => response(encodeRequestParts(request, "binary").parts, offset));
  const options = halfFloats && { halfFloats };
  const timed = (work: () => unknown) => bestOf(work, milliseconds);
  return {
    parts: timed(() => encodeRequestParts(request, "binary")),
    encode: timed(() => encodeRequest(request, "binary")),
    decode: timed(() => aligned && decodeResponse(aligned.body, aligned.contentType, options)),
    decodeUnaligned: timed(() => unaligned && decodeResponse(unaligned.body, unaligned.contentType, options)),
  };
}

/** The answer of a model that returns its input, with the tensor at an offset from a multiple of eight. */
function response([header = Buffer.of(), tensor = Buffer.of()]: readonly Uint8Array[], offset: number) {
  const { inputs } = JSON.parse(Buffer.from(header).toString()) as { inputs: unknown };
  const head = Buffer.from(JSON.stringify({ model_name: "m", outputs: inputs }));
  const begin = (16 + offset - (head.length % 8)) % 8;
  const body = new Uint8Array(begin + head.length + tensor.length).subarray(begin);
  body.set(head);
  body.set(tensor, head.length);
  return { body, contentType: binaryContentTypeOf(head.length) };
}

const ROUNDS = 32;

/** The seconds per call in the best of 32 rounds. */
function bestOf(work: () => unknown, milliseconds: number): number {
  const round = (calls: number): number => {
    const begun = performance.now();
    for (let call = 0; call < calls; call += 1) work();
    return (performance.now() - begun) / calls;
  };
  // Warm up.
  for (const begun = performance.now(); performance.now() - begun < milliseconds / 4;) work();
  const calls = Math.max(1, Math.floor(milliseconds / ROUNDS / round(3)));
  return Math.min(...Array.from({ length: ROUNDS }, () => round(calls))) / 1000;
}

/** A Python process with Triton's own client, which processes one case after the other. */
async function startPython(milliseconds: number) {
  const { python, environment } = await installTritonClient();
  const script = fileURLToPath(new URL("codec.py", import.meta.url));
  const child = spawn(python.executable, [script, String(milliseconds)], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    measure: async ({ datatype, length, fromFloats, count }: Kind & { readonly count: number }): Promise<Times> => {
      child.stdin.write(`${JSON.stringify({ datatype, length, fromFloats, count })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("Triton's own client failed, for the reason above");
      return JSON.parse(value) as Times;
    },
    stop: () => {
      child.stdin.end();
    },
  };
}

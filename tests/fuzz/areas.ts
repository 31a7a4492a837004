import fc, { type Arbitrary } from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { encodeRequest } from "../../inference/index.ts";
import { tarOfEntries } from "../support/archives.ts";
import { captureLine } from "../support/captures.ts";
import { json, raw, whole, type HostileServer } from "../support/hostileServer.ts";
import { onnxBytes, smallModel } from "../support/onnxFiles.ts";
import { mutated, mutatedJson } from "./mutations.ts";

/** A bad input of a command. */
export interface Case {
  /** The files to write, by their names: a content, a link's target, or a named pipe. */
  readonly files: Readonly<Record<string, Uint8Array | { readonly link: string } | "pipe">>;
  /** The command and its options, from the folder with the files and the server's address. */
  readonly args: (folder: string, url: string) => readonly string[];
  /** What the server answers. Default: a right answer. */
  readonly answer?: HostileServer["answer"];
}

const config = readFileSync("models/penguins/config.pbtxt");
const code = Buffer.from("class TritonPythonModel:\n  def execute(self, requests):\n    return []\n");
const model = { "models/penguins/config.pbtxt": config, "models/penguins/1/model.py": code };
const tar = await tarOfEntries([
  [{ name: "penguins/config.pbtxt" }, config],
  [{ name: "penguins/1/model.py" }, code],
  [{ name: "penguins/1/link", type: "symlink", linkname: "model.py" }],
  [{ name: "penguins/1/weights.bin", pax: { comment: "x".repeat(200) } }, Buffer.alloc(2000)],
]);
const stacks = [
  "Pulumi.dev.yaml",
  "Pulumi.prod.yaml",
  ...readdirSync("docs/examples").map((name) => `docs/examples/${name}`),
];
const tensor = { name: "x", datatype: "FP32", shape: [1, 2], data: [1.5, 2] } as const;
const request = encodeRequest({ inputs: [tensor] }, "json");
const binary = encodeRequest({ inputs: [tensor] }, "binary");
const answer = {
  model_name: "m",
  outputs: [
    { ...tensor, name: "y" },
    { name: "s", datatype: "BYTES", shape: [1], data: ["a"] },
  ],
};
const right = { body: Buffer.from(JSON.stringify(answer)), contentType: "application/json" };
const npy = Buffer.concat([
  Buffer.from("\u0093NUMPY\u0001\u0000v\u0000", "latin1"),
  Buffer.from("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".padEnd(117).concat("\n")),
  Buffer.alloc(8),
]);

const names = fc.constantFrom(
  "a\u001b[2Jb",
  "\u202ecod",
  "a\nb",
  "a".repeat(255),
  "__proto__",
  "constructor",
  " ",
  "-rf",
  "ü".repeat(100),
);
const check = (folder: string) => ["check", `${folder}/models`];
const invoke = (_: string, url: string) => ["invoke", "--url", url, "--timeout", "1", "--input", "x:FP32[1,2]=1.5,2"];
const sent = (name: string) => (folder: string, url: string) => [
  "invoke",
  `${folder}/${name}`,
  "--url",
  url,
  "--timeout",
  "1",
];
const replay = (folder: string, url: string) => ["replay", `${folder}/a.jsonl`, "--url", url, "--timeout", "1"];
const text = (value: unknown) => Buffer.from(JSON.stringify(value));

/** Bad inputs by what they are inputs of. */
export const areas: Readonly<Record<string, Arbitrary<Case>>> = {
  config: mutated(config).map((bytes) => ({ files: { ...model, "models/penguins/config.pbtxt": bytes }, args: check })),
  folder: fc
    .record({
      name: names,
      at: fc.constantFrom("", "penguins/", "penguins/1/"),
      put: fc.constantFrom(code, "pipe", { link: "/dev/zero" }, { link: "." }, { link: "a\u001b" }),
    })
    .map(({ name, at, put }) => ({ files: { ...model, [`models/${at}${name}`]: put as Uint8Array }, args: check })),
  archive: fc
    .oneof(
      mutated(tar).map((bytes) => gzipSync(bytes)),
      mutated(gzipSync(tar)),
    )
    .map((bytes) => ({
      files: { "model.tar.gz": bytes },
      args: (folder) => ["check", `${folder}/model.tar.gz`],
    })),
  onnx: mutated(onnxBytes(smallModel)).map((bytes) => ({ files: { "models/m/1/model.onnx": bytes }, args: check })),
  plan: fc.constantFrom(...stacks).chain((file) =>
    mutated(readFileSync(file)).map((bytes) => ({
      files: { "Pulumi.dev.yaml": bytes },
      args: (folder) => ["plan", "--config-file", `${folder}/Pulumi.dev.yaml`],
    })),
  ),
  answer: fc
    .oneof(
      mutatedJson(answer).map((value) => whole(text(value))),
      mutated(right.body).map((bytes) => whole(bytes)),
      mutated(binary.body).map((bytes) => whole(bytes, `content-type: ${binary.contentType}\r\n`)),
      mutated(
        Buffer.from(`HTTP/1.1 200 OK\r\n${json}content-length: ${right.body.length}\r\n\r\n${right.body.toString()}`),
      ).map((bytes) => raw(bytes)),
    )
    .chain((behaviour) =>
      fc
        .constantFrom([], ["--json"])
        .map((more) => ({ files: {}, answer: behaviour, args: (folder, url) => [...invoke(folder, url), ...more] })),
    ),
  request: fc.oneof(
    mutatedJson(JSON.parse(Buffer.from(request.body).toString())).map((value) => ({
      files: { "a.json": text(value) },
      args: sent("a.json"),
    })),
    mutated(npy).map((bytes) => ({
      files: { "a.npy": bytes },
      args: (folder: string, url: string) => [
        ...invoke(folder, url).slice(0, -1),
        `x=@${folder}/a.npy`,
        "--model-repository",
        "models",
      ],
    })),
  ),
  replay: fc
    .oneof(
      mutatedJson(JSON.parse(captureLine(request, right))).map(text),
      mutated(Buffer.from(`${captureLine(request, right)}\n${captureLine(binary, right)}\n`)),
    )
    .map((bytes) => ({ files: { "a.jsonl": bytes }, args: replay })),
  replayed: mutatedJson(answer).map((value) => ({
    files: { "a.jsonl": Buffer.from(`${captureLine(request, right)}\n`) },
    answer: whole(text(value)),
    args: replay,
  })),
};

/** What the server answers where nothing else is said. */
export const rightAnswer = whole(right.body);

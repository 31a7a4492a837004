import { zipSync } from "fflate";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { plainValues, type InferenceResponse } from "../inference/index.ts";
import { writeNpy } from "../inference/npy.ts";
import { namingFile } from "../text/systemError.ts";
import { markedValues } from "../inference/tensorJson.ts";

/** The file types of a saved answer. */
export const answerEndings = [".json", ".npy", ".npz"];

/**
 * Writes an answer to a file: `.json`, `.npz` with every output, or `.npy` if there is only one.
 *
 * @param file the file, whose extension determines the format
 * @param response the answer
 * @throws Error if a `.npy` would need to hold several outputs
 */
export async function saveAnswer(file: string, response: InferenceResponse): Promise<void> {
  await namingFile(file, save(file, response));
}

async function save(file: string, response: InferenceResponse): Promise<void> {
  const { outputs } = response;
  switch (path.extname(file).toLowerCase()) {
    case ".json":
      return writeFile(file, answerJson(response));
    case ".npz":
      // The names are archive entries here, never paths on this machine.
      return writeFile(
        file,
        zipSync(Object.fromEntries(outputs.map((output) => [`${output.name}.npy`, writeNpy(output)] as const))),
      );
    case ".npy": {
      const [only, ...others] = outputs;
      if (only && others.length === 0) return writeFile(file, writeNpy(only));
      throw new Error(`--save: the answer has ${outputs.length} outputs, but a .npy file holds one: use .npz`);
    }
    default:
      throw new Error(`--save: "${file}" must end in one of ${answerEndings.join(", ")}`);
  }
}

/**
 * Formats an answer as one JSON document, in pieces, because a document takes many times the memory of its tensors.
 * 64-bit integers are exact; NaN and infinity, which JSON lacks, are strings, and bytes that aren't UTF-8 `{ "b64": "…" }`.
 *
 * @param response the answer
 * @param more further fields of the document. Default: none
 */
export function* answerJson(
  { outputs, ...rest }: InferenceResponse,
  more: Readonly<Record<string, unknown>> = {},
): Generator<string> {
  yield `${opened({ ...more, ...rest })}  "outputs": [`;
  for (const [index, { data, ...header }] of outputs.entries()) {
    yield `${index === 0 ? "" : ","}\n    ${indented(`${opened(header)}  "data": [`, 4)}`;
    for (let at = 0; at < data.length; at += PIECE) {
      const values = json(markedValues(plainValues(header.datatype, data.slice(at, at + PIECE))));
      yield `${at === 0 ? "" : ","}${indented(values.slice(1, -2), 6)}`;
    }
    yield data.length === 0 ? "]\n    }" : "\n      ]\n    }";
  }
  yield outputs.length === 0 ? "]\n}" : "\n  ]\n}";
}

/** How many values a piece has. */
const PIECE = 4096;

/** An object without its closing brace, ready for one more field. */
function opened(fields: object): string {
  const text = json(fields);
  return text === "{}" ? "{\n" : `${text.slice(0, -2)},\n`;
}

/** Line breaks are only between values: within a string they are escaped. */
function indented(text: string, spaces: number): string {
  return text.replaceAll("\n", `\n${" ".repeat(spaces)}`);
}

function json(document: unknown): string {
  return JSON.stringify(
    document,
    (_key, value: unknown) => {
      if (typeof value === "bigint") return rawJson(value.toString());
      if (Object.is(value, -0)) return rawJson("-0.0");
      return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
    },
    2,
  );
}

/** Available since Node 21, but not in TypeScript's types yet. */
const { rawJSON: rawJson } = JSON as typeof JSON & { readonly rawJSON: (text: string) => unknown };

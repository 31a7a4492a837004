import { zipSync } from "fflate";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { plainTensor, type InferenceResponse } from "../client/inference.ts";
import { writeNpy } from "../client/npy.ts";

/** What an answer can be saved as. */
export const answerEndings = [".json", ".npy", ".npz"];

/**
 * Writes an answer to a file: `.json`, `.npz` with every output, or `.npy` where there is one.
 *
 * @param file the file; its ending says how
 * @param response the answer
 * @throws Error where a `.npy` would have to hold several outputs
 */
export async function saveAnswer(file: string, response: InferenceResponse): Promise<void> {
  const { outputs } = response;
  switch (path.extname(file).toLowerCase()) {
    case ".json":
      return writeFile(file, answerJson(response));
    case ".npz":
      // The names are entries of an archive here, and never a path on this machine.
      return writeFile(
        file,
        zipSync(Object.fromEntries(outputs.map((output) => [`${output.name}.npy`, writeNpy(output)] as const))),
      );
    case ".npy": {
      const [only, ...others] = outputs;
      if (only && others.length === 0) return writeFile(file, writeNpy(only));
      throw new Error(`--save: the answer has ${outputs.length} outputs, and a .npy file holds one: use .npz`);
    }
    default:
      throw new Error(`--save: "${file}" ends in none of ${answerEndings.join(", ")}`);
  }
}

/**
 * An answer as one JSON document. 64-bit integers are exact; NaN and infinity, which JSON lacks, are strings.
 *
 * @param response the answer
 * @param more what else the document says. Default: nothing
 */
export function answerJson(response: InferenceResponse, more: Readonly<Record<string, unknown>> = {}): string {
  const document = { ...more, ...response, outputs: response.outputs.map(plainTensor) };
  return JSON.stringify(
    document,
    (_key, value: unknown) => {
      if (typeof value === "bigint") return rawJson(value.toString());
      return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
    },
    2,
  );
}

/** In every Node from 21 on; TypeScript doesn't know it yet. */
const { rawJSON: rawJson } = JSON as typeof JSON & { readonly rawJSON: (text: string) => unknown };

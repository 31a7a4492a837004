import { isUtf8 } from "node:buffer";
import { parseJson } from "../../inference/parseJson.ts";
import type { InferenceResponse, Tensor } from "../../inference/index.ts";

/**
 * Reads an answer of `/generate` or all of `/generate_stream`, so that it can be compared like any other: the values of
 * an output follow each other, and its texts are joined, because how a stream is cut into events differs from one time
 * to the next.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_generate.md
 *
 * @param body the answer
 * @returns `undefined` if it isn't one
 */
export function generatedAnswer(body: Uint8Array): InferenceResponse | undefined {
  const text = isUtf8(body) ? Buffer.from(body).toString() : "";
  const isStream = text.startsWith("data:");
  const events = isStream ? text.split(/\r?\n\r?\n/).filter((event) => event.trim() !== "") : [text];
  const values = new Map<string, unknown[]>();
  for (const event of events) {
    const object = objectIn(isStream ? event.replace(/^data: ?/, "") : event);
    if (!object) return undefined;
    for (const [name, value] of Object.entries(object)) values.set(name, [...(values.get(name) ?? []), value].flat());
  }
  const [model = ""] = values.get("model_name") ?? [];
  for (const name of ["model_name", "model_version"]) values.delete(name);
  return { model_name: String(model), outputs: [...values].map(([name, found]) => tensorOf(name, found, isStream)) };
}

function objectIn(text: string): object | undefined {
  try {
    const value = parseJson(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function tensorOf(name: string, values: readonly unknown[], isStream: boolean): Tensor {
  if (values.every((value) => typeof value === "number")) {
    return { name, datatype: "FP64", shape: [values.length], data: Float64Array.from(values) };
  }
  const texts = values.map((value) =>
    typeof value === "string" ? value : typeof value === "bigint" ? String(value) : JSON.stringify(value),
  );
  const data = (isStream ? [texts.join("")] : texts).map((text) => Buffer.from(text));
  return { name, datatype: "BYTES", shape: [data.length], data };
}

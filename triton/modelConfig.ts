import textformat from "protobufjs/ext/textformat.js";
import { modelConfigType } from "./modelConfigSchema.ts";
import type { ModelConfig } from "./modelConfigTypes.ts";
import { schemaProblems, type SchemaProblem } from "./schemaProblems.ts";
import { outlineText, TextFormatError, type TextValue } from "./textFormat.ts";

export type { ModelConfig, ModelTensor } from "./modelConfigTypes.ts";

/** Something wrong in the text of a `config.pbtxt`. */
export interface ConfigProblem {
  /** A stable name in kebab case. */
  readonly code: SchemaProblem["code"] | "config-syntax";
  /** The line at fault, from 1; absent where protobufjs does not say. */
  readonly line?: number;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** What mends it, as a sentence. */
  readonly remedy: string;
}

/** Where in a `config.pbtxt` something stands: field names, positions in repeated fields and keys of maps. */
export type ConfigPath = readonly (string | number)[];

/** What became of reading a `config.pbtxt`. */
export interface ParsedConfig {
  /** The configuration; absent where the text does not fit ModelConfig. */
  readonly config?: ModelConfig;
  /** Every place where the text does not fit ModelConfig. */
  readonly problems: readonly ConfigProblem[];
  /**
   * The line of what stands at a path; of the nearest message around it, if it isn't there.
   *
   * @param path for example `["input", 0, "dims", 1]`
   * @returns the line from 1, or `undefined` where only the whole file is around it
   */
  readonly lineOf: (path: ConfigPath) => number | undefined;
}

/**
 * Reads a `config.pbtxt`: protobufjs says what it means and the outline on which line it stands.
 *
 * @param text the file's text
 */
export function parseModelConfig(text: string): ParsedConfig {
  let outline: TextValue;
  try {
    outline = outlineText(text);
  } catch (error) {
    if (error instanceof TextFormatError)
      return unfilled(text, error.line) ?? unreadable(`Not protobuf text: ${error.message}.`, error.line);
    throw error;
  }
  const lineOf = (path: ConfigPath) => findLine(outline, path);
  const problems = schemaProblems(modelConfigType, outline);
  if (problems.length > 0) return { problems, lineOf };
  try {
    const message = textformat.fromText(modelConfigType, text);
    const config = modelConfigType.toObject(message, { defaults: true, enums: String, longs: Number });
    return { config: config as ModelConfig, problems: [], lineOf };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = / \(line (\d+)\)$/.exec(message);
    return unreadable(`Not protobuf text: ${message.slice(0, place?.index)}.`, place ? Number(place[1]) : undefined);
  }
}

function unreadable(message: string, line: number | undefined): ParsedConfig {
  const remedy = "Write it in protobuf text format, like the examples of Triton's model configuration guide.";
  return {
    problems: [{ code: "config-syntax", ...(line !== undefined && { line }), message, remedy }],
    lineOf: () => undefined,
  };
}

/** A template, as those of the TensorRT-LLM backend, whose variable was not replaced by a value. */
function unfilled(text: string, line: number): ParsedConfig | undefined {
  const variable = /\$\{\w+\}/.exec(text.split("\n")[line - 1] ?? "")?.[0];
  if (variable === undefined) return undefined;
  const message = `The template's variable ${variable} is not filled in.`;
  const remedy = "Write a value in its place, for example with tensorrtllm_backend's tools/fill_template.py.";
  return { problems: [{ code: "config-syntax", line, message, remedy }], lineOf: () => undefined };
}

function findLine(outline: TextValue, path: ConfigPath): number | undefined {
  let line: number | undefined;
  let candidates: readonly TextValue[] = [outline];
  for (const step of path) {
    if (typeof step === "number") {
      candidates = candidates.slice(step, step + 1);
    } else {
      const entries = candidates.filter((value) => keyOf(value) === step);
      const fields = candidates.flatMap(({ fields }) => fields).filter(({ name }) => name === step);
      if (fields.length > 0) line = fields[0]?.line;
      // A path goes on from a map's key into the entry's value.
      candidates =
        fields.length > 0
          ? fields.flatMap(({ values }) => values)
          : entries.flatMap(({ fields }) => fields.filter(({ name }) => name === "value")).flatMap((f) => f.values);
      if (fields.length === 0 && entries.length > 0) candidates = candidates.length > 0 ? candidates : entries;
    }
    if (candidates.length === 0) return line;
    line = candidates[0]?.line ?? line;
  }
  return line;
}

function keyOf({ fields }: TextValue): string | undefined {
  return fields.find(({ name }) => name === "key")?.values[0]?.text;
}

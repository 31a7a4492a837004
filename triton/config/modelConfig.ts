import textformat from "protobufjs/ext/textformat.js";
import { findLine, Place, type ConfigPath } from "../configLines.ts";
import { modelConfigType } from "./modelConfigSchema.ts";
import type { ModelConfig } from "./modelConfigTypes.ts";
import { schemaProblems, type SchemaProblem } from "./schemaProblems.ts";
import { placeholderInLine, unfilledTemplates, type Unfilled } from "./templates.ts";
import { outlineText, TextFormatError, type TextField, type TextValue } from "./textFormat.ts";

export type { ConfigPath } from "../configLines.ts";
export type { ModelConfig, ModelTensor } from "./modelConfigTypes.ts";

/** A problem in the text of a `config.pbtxt`. */
export interface ConfigProblem {
  /** A stable code in kebab case. */
  readonly code: SchemaProblem["code"] | "config-syntax" | "config-unfilled" | "config-unfilled-parameter";
  /** The line, from 1; absent if protobufjs doesn't report it. */
  readonly line?: number;
  /** The problem, as a sentence. */
  readonly message: string;
  /** The remedy, as a sentence. */
  readonly remedy: string;
}

/** The result of reading a `config.pbtxt`. */
export interface ParsedConfig {
  /** The configuration; absent if the text doesn't fit ModelConfig. */
  readonly config?: ModelConfig;
  /** The text, with spaces for the values that Triton replaces by later ones. */
  readonly text: string;
  /** Every place where the text doesn't fit ModelConfig. */
  readonly problems: readonly ConfigProblem[];
  /**
   * Finds the line of a path or, if it isn't set, of the nearest enclosing message.
   *
   * @param path for example `["input", 0, "dims", 1]`
   * @returns the line from 1, or `undefined` if only the whole file encloses it
   */
  readonly lineOf: (path: ConfigPath) => number | undefined;
  /** Every field that is set, by its path such as `input.dims`, and its first line. */
  readonly fields: ReadonlyMap<string, number>;
}

/**
 * Reads a `config.pbtxt`: protobufjs parses the values, and the outline provides the lines.
 *
 * @param text the file's text
 */
export function parseModelConfig(text: string): ParsedConfig {
  let outline: TextValue;
  try {
    outline = outlineText(text);
  } catch (error) {
    if (error instanceof TextFormatError)
      return unfilled(text, error.line) ?? unreadable(text, `Not protobuf text: ${error.message}.`, error.line);
    throw error;
  }
  const root = new Place([outline]);
  const lineOf = (path: ConfigPath) => findLine(root, path);
  const fields = new Map(fieldsOf(outline, "").toReversed());
  const schema = schemaProblems(modelConfigType, outline);
  const replacing = schema.flatMap((problem) => problem.replaced ?? []);
  if (replacing.length > 0) {
    const settled = parseModelConfig(blanked(text, replacing));
    return { ...settled, problems: [...schema.filter(({ replaced }) => replaced), ...settled.problems] };
  }
  const templates = unfilledTemplates(outline);
  // A template's values aren't known, so neither is anything that depends on them.
  const open = new Set(templates.map(({ line }) => line));
  const problems = [
    ...schema.filter(({ line }) => !open.has(line)),
    ...templates.filter(({ parameter }) => !parameter).map(unfilledProblem),
  ];
  const warnings = unfilledParameters(templates.filter(({ parameter }) => parameter));
  if (problems.length > 0) return { problems: [...problems, ...warnings], lineOf, fields, text };
  try {
    const message = textformat.fromText(modelConfigType, text);
    const config = modelConfigType.toObject(message, { defaults: true, enums: String, longs: Number });
    return { config: config as ModelConfig, problems: warnings, lineOf, fields, text };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = / \(line (\d+)\)$/.exec(message);
    return unreadable(
      text,
      `Not protobuf text: ${message.slice(0, place?.index)}.`,
      place ? Number(place[1]) : undefined,
    );
  }
}

/** The text with spaces in place of some fields, so that all lines stay. */
function blanked(text: string, fields: readonly TextField[]): string {
  let position = 0;
  const pieces = fields
    .toSorted((a, b) => a.start - b.start)
    .flatMap(({ start, end }) => {
      const kept = text.slice(position, start);
      position = end;
      return [kept, text.slice(start, end).replace(/[^\n]/g, " ")];
    });
  return `${pieces.join("")}${text.slice(position)}`;
}

function unreadable(text: string, message: string, line: number | undefined): ParsedConfig {
  const remedy = "Write it in protobuf text format, like the examples of Triton's model configuration guide.";
  return {
    problems: [{ code: "config-syntax", ...(line !== undefined && { line }), message, remedy }],
    lineOf: () => undefined,
    fields: new Map(),
    text,
  };
}

/** A template with an unfilled placeholder outside quotes. */
function unfilled(text: string, line: number): ParsedConfig | undefined {
  const placeholder = placeholderInLine(text.split("\n")[line - 1] ?? "");
  if (placeholder === undefined) return undefined;
  const problem = unfilledProblem({ placeholder, line });
  return { problems: [{ ...problem, code: "config-syntax" }], lineOf: () => undefined, fields: new Map(), text };
}

function unfilledProblem({ placeholder, line }: Omit<Unfilled, "parameter">): ConfigProblem {
  return {
    code: "config-unfilled",
    line,
    message: `The file is a template that is not filled in: it still has ${placeholder}.`,
    remedy: fillIn([placeholder]),
  };
}

/** Templates for TensorRT-LLM have dozens of them. */
function unfilledParameters(parameters: readonly Unfilled[]): ConfigProblem[] {
  const [first] = parameters;
  if (first === undefined) return [];
  const placeholders = [...new Set(parameters.map(({ placeholder }) => placeholder))];
  const named = placeholders.slice(0, 3).join(", ");
  const others = placeholders.length > 3 ? ` and ${placeholders.length - 3} more` : "";
  return [
    {
      code: "config-unfilled-parameter",
      line: first.line,
      message: `Parameters are not filled in: the backend gets ${named}${others} as ${placeholders.length === 1 ? "it stands" : "they stand"}.`,
      remedy: fillIn(placeholders),
    },
  ];
}

function fillIn(placeholders: readonly string[]): string {
  return placeholders.some((placeholder) => placeholder.startsWith("${"))
    ? "Fill the template in, for example with tensorrtllm_backend's tools/fill_template.py."
    : "Fill the template in, or write values instead.";
}

function fieldsOf(message: TextValue, prefix: string): [path: string, line: number][] {
  return message.fields.flatMap(({ name, line, values }) => {
    const path = prefix + name;
    return [[path, line] as [string, number], ...values.flatMap((value) => fieldsOf(value, `${path}.`))];
  });
}

import textformat from "protobufjs/ext/textformat.js";
import { loadedConfig } from "./loadedConfig.ts";
import { modelConfigType } from "./modelConfigSchema.ts";
import { completesTensors, hasOpenTensors, selfDescribing } from "./openTensors.ts";
import { pythonTexts, type ServedModel } from "../repository/servedModel.ts";

/**
 * A first `config.pbtxt` for a model without one: the tensors from the model's own file, without the defaults that
 * `configText` adds.
 *
 * @returns the text; `undefined` if the model's file doesn't describe its tensors, as far as it is read here
 */
export function firstConfig(model: ServedModel): string | undefined {
  const { completed } = model;
  const loaded = loadedConfig(model);
  if (!completed || !loaded || hasOpenTensors(model)) return undefined;
  const { max_batch_size, input, output, dynamic_batching } = loaded;
  if (input.length === 0 || output.length === 0) return undefined;
  const settings = {
    name: model.name,
    ...(completed.platform === "" ? { backend: completed.backend } : { platform: completed.platform }),
    ...{ max_batch_size, input, output },
    ...(dynamic_batching && { dynamic_batching: {} }),
  };
  return `${textformat.toText(modelConfigType, modelConfigType.fromObject(settings)).trimEnd()}\n`;
}

/**
 * Checks whether Triton learns a model's inputs and outputs from the model itself, so that it needs no configuration.
 */
export function describesItself(model: ServedModel): boolean {
  const backend = model.completed?.backend ?? "";
  return selfDescribing.includes(backend) || (backend === "python" && completesTensors(model));
}

/**
 * A configuration to be filled in, for a model whose file does not say what its inputs and outputs are: with the names that
 * Python code uses, and with those that the backend asks for.
 */
export function configTemplate(model: ServedModel): string {
  const { backend = "", platform = "" } = model.completed ?? {};
  const code = pythonTexts(model)
    .map(({ text }) => text)
    .join("\n");
  const [inputs, outputs] =
    backend === "pytorch" ? [["INPUT__0"], ["OUTPUT__0"]] : [namesIn(code, taken), namesIn(code, given)];
  return [
    platform === "" ? `  backend: "${backend}"` : `  platform: "${platform}"`,
    "  max_batch_size: 0",
    tensorLines("input", inputs.length > 0 ? inputs : ["x"]),
    tensorLines("output", outputs.length > 0 ? outputs : ["y"]),
  ].join("\n");
}

const taken = /\bget_input_tensor_by_name\([^,\n]+,\s*["']([^"'\n]+)["']/g;
const given = /\bpb_utils\.Tensor\(\s*["']([^"'\n]+)["']/g;

function namesIn(code: string, pattern: RegExp): string[] {
  return [...new Set([...code.matchAll(pattern)].flatMap(([, name]) => name ?? []))];
}

function tensorLines(field: "input" | "output", names: readonly string[]): string {
  return names
    .map((name) => `  ${field} { name: ${JSON.stringify(name)} data_type: TYPE_FP32 dims: [ 1 ] }`)
    .join("\n");
}

import textformat from "protobufjs/ext/textformat.js";
import { loadedConfig } from "./loadedConfig.ts";
import { modelConfigType } from "./modelConfigSchema.ts";
import { hasOpenTensors } from "./openTensors.ts";
import type { ServedModel } from "./servedModel.ts";

/**
 * A first `config.pbtxt` for a model that has none: what the model's own file says of its tensors, without the defaults that
 * `configText` adds.
 *
 * @param model the model
 * @returns the text; `undefined` where the model's file, as far as it is read here, does not say what its tensors are
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

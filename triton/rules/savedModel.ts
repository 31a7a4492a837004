import type { Finding } from "../repository/finding.ts";
import type { ModelConfig } from "../config/modelConfigTypes.ts";
import type { SavedModelFile, SavedModelSignature } from "../models/savedModel.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { servedModelFiles } from "../repository/servedModelFiles.ts";
import { shapeFindings, tensorsByName, typeFindings, unknownTensor } from "./modelTensors.ts";

/**
 * The rules for a TensorFlow SavedModel: the tensors of its configuration must be those of its signature. The
 * configuration may leave out inputs, which the backend adds.
 * Source: `ValidateTRITONTFModel` and `AutoCompleteHelper` in https://github.com/triton-inference-server/tensorflow_backend/blob/main/src/tensorflow.cc
 */
export function* savedModelRules(model: ServedModel): Generator<Finding> {
  const { config } = model;
  for (const { path, content } of servedModelFiles(model)) {
    if (!config || content?.format !== "savedmodel") continue;
    const signature = signatureOf(config, content);
    if (signature) yield* tensorFindings(config, signature);
    else if (config.parameters.TF_SIGNATURE_DEF) {
      yield {
        code: "savedmodel-signature-unknown",
        at: ["parameters", "TF_SIGNATURE_DEF"],
        message: `${path} has no signature "${config.parameters.TF_SIGNATURE_DEF.string_value}".`,
        remedy: `Name one that it has: ${[...new Set(content.signatures.map(({ name }) => name))].join(", ")}.`,
      };
    }
  }
}

/** The signature that the backend calls; `undefined` if the file has none with that name. */
function signatureOf({ parameters }: ModelConfig, { signatures }: SavedModelFile): SavedModelSignature | undefined {
  const tag = parameters.TF_GRAPH_TAG?.string_value ?? "serve";
  const name = parameters.TF_SIGNATURE_DEF?.string_value ?? "serving_default";
  return signatures.find((signature) => signature.name === name && signature.tags.includes(tag));
}

function* tensorFindings(config: ModelConfig, signature: SavedModelSignature): Generator<Finding> {
  const batching = batchSizeOf(config, signature);
  const scattered = new Set(config.batch_output.flatMap(({ target_name }) => target_name));
  for (const side of ["input", "output"] as const) {
    const known = tensorsByName(signature[`${side}s`]);
    for (const [index, tensor] of config[side].entries()) {
      const at = [side, index];
      const own = known.get(tensor.name);
      if (!own) {
        yield unknownTensor(side, tensor.name, known, at);
        continue;
      }
      yield* typeFindings(side, tensor, own, at);
      // For scalars and unknown shapes the backend trusts the configuration, and it adds missing dims.
      const isOpen = own.shapeless || own.dims.length === 0 || tensor.dims.length === 0;
      if (isOpen || tensor.allow_ragged_batch === true || scattered.has(tensor.name)) continue;
      yield* shapeFindings(side, tensor, own, batching, at);
    }
  }
}

/** Without max_batch_size, dims that lack one dimension make the backend assume that the model batches. */
function batchSizeOf(config: ModelConfig, { inputs, outputs }: SavedModelSignature): number {
  const { max_batch_size: size } = config;
  const shapes = [...inputs, ...outputs].filter(({ dims }) => dims.length > 0);
  if (size > 0 || !shapes.every(({ dims }) => dims[0] === -1)) return size;
  const lacks = [...config.input, ...config.output].some(({ name, dims, reshape }) => {
    const own = shapes.find((tensor) => tensor.name === name);
    return own !== undefined && dims.length > 0 && (reshape?.shape ?? dims).length === own.dims.length - 1;
  });
  return lacks ? 1 : 0;
}

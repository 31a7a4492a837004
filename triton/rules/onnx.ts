import type { Finding } from "../repository/finding.ts";
import type { ModelConfig } from "../config/modelConfigTypes.ts";
import type { OnnxFile } from "../models/onnx.ts";
import { canBatch, completeOnnx, isCompleted } from "../models/onnxCompletion.ts";
import { tritonType } from "../models/onnxTypes.ts";
import { firstWith, holds } from "../releases/releaseFacts.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { servedModelFiles } from "../repository/servedModelFiles.ts";
import { externalDataFindings } from "./onnxExternalData.ts";
import { onnxFilledFindings } from "./onnxFilled.ts";
import { onnxControlFindings, onnxInputFindings, onnxOutputFindings } from "./onnxTensors.ts";
import { onnxVersionFindings, type OnnxImage } from "./onnxVersions.ts";

/**
 * The rules for an ONNX model: that the image's ONNX Runtime can read it, and that its configuration fits.
 * Source: https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 *
 * @param image the image that will load it
 */
export function* onnxRules(model: ServedModel, image: OnnxImage): Generator<Finding> {
  const { config, contents } = model;
  const seen = new Set<string>();
  for (const { path, content } of servedModelFiles(model)) {
    if (!config || content?.format !== "onnx") continue;
    yield* externalDataFindings(contents, path, content);
    yield* onnxVersionFindings(path, content, image);
    yield* operatorFindings(config, path, content, image);
    for (const finding of signatureFindings(config, path, content, image.release)) {
      // The versions of a model are mostly alike, so one line of the configuration is wrong for all of them.
      const key = JSON.stringify([finding.at, finding.message]);
      if (!seen.has(key)) yield finding;
      seen.add(key);
    }
  }
}

/**
 * The findings for operators that no library provides. Source: `RegisterCustomOps` and the domains in
 * https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/graph/constants.h
 */
function* operatorFindings(
  config: ModelConfig,
  path: string,
  { operatorDomains }: OnnxFile,
  { ownImage = false }: OnnxImage,
): Generator<Finding> {
  if (ownImage || (config.model_operations?.op_library_filename ?? []).length > 0) return;
  const unknown = operatorDomains.filter((domain) => !builtIn.test(domain));
  if (unknown.length === 0) return;
  yield {
    code: "model-operators-unknown",
    path,
    message: `The model uses operators of ${unknown.sort().join(" and ")}, which ONNX Runtime doesn't contain.`,
    remedy: "Set op_library_filename in model_operations to a library with them, or export the model without them.",
  };
}

/** The sets of operators that some build of ONNX Runtime has: those that begin so, and a few of processors' makers. */
const builtIn = /^(?:ai\.onnx(?!\.contrib\b)|com\.(?:microsoft|ms|intel|amd|xilinx|qualcomm|qti)|org\.pytorch|trt\.)/;

function* signatureFindings(
  config: ModelConfig,
  path: string,
  file: OnnxFile,
  release: string | undefined,
): Generator<Finding> {
  const unsupported = [...unsupportedFindings(path, file, release)];
  yield* unsupported;
  // The backend fails at the first of these, before it reads the configuration.
  if (unsupported.length > 0) return;
  if (isCompleted(config) && canBatch(file) === false && config.max_batch_size !== 0) {
    yield {
      code: "model-batching-mismatch",
      at: ["max_batch_size"],
      message: `max_batch_size is ${config.max_batch_size}, but ${fixedTensor(file)}: the model can't batch.`,
      remedy: "Remove max_batch_size, or export the model with a first dimension of any size everywhere.",
    };
    return;
  }
  const completed = completeOnnx(config, file);
  const findings = [
    ...onnxInputFindings(completed, file, release),
    ...onnxOutputFindings(completed, file),
    ...onnxControlFindings(completed, file),
    ...onnxFilledFindings(completed, file),
  ];
  // The backend may detect that the model batches, and set max_batch_size.
  const isOpen = isCompleted(config) && canBatch(file) === undefined && config.max_batch_size === 0;
  const isBatchAdded = config.max_batch_size === 0 && completed.max_batch_size > 0;
  for (const finding of findings) {
    const ofShape = finding.code === "model-shape-mismatch";
    if (ofShape && isOpen) continue;
    if (!ofShape || !isBatchAdded) yield finding;
    else {
      const why = `(The backend sets max_batch_size to ${completed.max_batch_size}, because the configuration leaves out inputs or outputs.)`;
      yield {
        ...finding,
        message: `${finding.message} ${why}`,
        remedy: `${finding.remedy} Or list all inputs and outputs.`,
      };
    }
  }
}

/** Problems that no configuration can fix. */
function* unsupportedFindings(path: string, file: OnnxFile, release: string | undefined): Generator<Finding> {
  for (const [side, tensors] of [
    ["input", [...file.inputs, ...file.initialised]],
    ["output", file.outputs],
  ] as const) {
    for (const { name, kind, elementType, dims } of tensors) {
      const called = `The model's ${side} "${name}"`;
      const unsupported = (message: string, remedy: string): Finding => ({
        code: "model-value-unsupported",
        path,
        message,
        remedy,
      });
      if (name === "") {
        yield unsupported(
          `The model has an ${side} without a name, and Triton calls each by its name.`,
          "Export the model with names for all inputs and outputs.",
        );
      } else if (kind !== "tensor") {
        yield unsupported(
          `${called} is ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}; Triton serves only tensors.`,
          kind === "sequence" || kind === "map"
            ? "Export the model so that its inputs and outputs are tensors; with skl2onnx, use options={'zipmap': False}."
            : "Export the model so that its inputs and outputs are tensors.",
        );
      } else if (tritonType(elementType) === undefined) {
        yield unsupported(
          `${called} has elements of the type ${elementType}, which Triton doesn't have.`,
          "Cast it to another type inside the model.",
        );
      } else if (elementType === "BFLOAT16" && !holds("onnx-bfloat16", release)) {
        yield unsupported(
          `${called} has elements of the type BFLOAT16, which Triton's backend accepts since ${firstWith("onnx-bfloat16")}, but the image is ${release ?? "older"}.`,
          `Cast it to another type inside the model, or use an image of ${firstWith("onnx-bfloat16")} or newer.`,
        );
      } else if (dims.includes(0)) {
        yield unsupported(
          `${called} has a dimension of size 0 in its shape [${dims.join(", ")}], which a configuration can't have.`,
          "Export the model with real sizes, or with one of any size there.",
        );
      }
    }
  }
}

function fixedTensor({ inputs, outputs }: OnnxFile): string {
  const input = inputs.find(({ dims }) => dims[0] !== -1);
  const fixed = input ?? outputs.find(({ dims }) => dims[0] !== -1);
  const shape = fixed?.dims.length === 0 ? "is a scalar" : `starts with the fixed size ${String(fixed?.dims[0])}`;
  return `the model's ${input ? "input" : "output"} "${fixed?.name ?? ""}" ${shape}`;
}

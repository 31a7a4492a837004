import type { Finding } from "../finding.ts";
import type { ServedModel } from "../servedModel.ts";
import { servedModelFiles } from "../servedModelFiles.ts";

/**
 * The rule for a TensorRT plan: it loads only with the TensorRT that made it, on a GPU of the same kind, and neither can be
 * told here for sure.
 * Source: https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/advanced.html#version-compatibility
 *
 * @param model the model
 * @param release `YY.MM` of the Triton image. Default: unknown
 */
export function* tensorRtRules(model: ServedModel, release: string | undefined): Generator<Finding> {
  for (const { path, content } of servedModelFiles(model)) {
    if (content?.format !== "tensorrt") continue;
    yield {
      code: "tensorrt-version-unknown",
      path,
      message: `${content.version === undefined ? "The plan does not say which TensorRT made it" : `TensorRT ${content.version} made the plan`}, and it loads only with that version, on the same kind of GPU; which one the image has is not known here.`,
      remedy: `Make the plan on the endpoint's kind of GPU with trtexec of nvcr.io/nvidia/tensorrt:${release ?? "<release>"}-py3, the container of the same release.`,
    };
  }
}

import type { Finding } from "../repository/finding.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { servedModelFiles } from "../repository/servedModelFiles.ts";

/**
 * The rule for a TensorRT plan: it only loads with the TensorRT that built it, on a GPU of the same kind, neither of
 * which is known for sure here.
 * Source: https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/advanced.html#version-compatibility
 *
 * @param release `YY.MM` of the Triton image. Default: unknown
 */
export function* tensorRtRules(model: ServedModel, release: string | undefined): Generator<Finding> {
  for (const { path, content } of servedModelFiles(model)) {
    if (content?.format !== "tensorrt") continue;
    yield {
      code: "tensorrt-version-unknown",
      path,
      message: `${content.version === undefined ? "The plan doesn't say which TensorRT built it" : `TensorRT ${content.version} built the plan`}, and it only loads with that version, on the same kind of GPU; the image's version isn't known here.`,
      remedy: `Build the plan on the endpoint's kind of GPU with trtexec from nvcr.io/nvidia/tensorrt:${release ?? "<release>"}-py3, the container of the same release.`,
    };
  }
}

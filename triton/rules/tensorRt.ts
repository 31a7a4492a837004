import { firstWith } from "../releases/releaseFacts.ts";
import { isTensorRtConfirmed, releasesWithTensorRt, tensorRtOf } from "../releases/releases.ts";
import { readServerOptions } from "../releases/serverOptions.ts";
import type { Finding } from "../repository/finding.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { servedModelFiles } from "../repository/servedModelFiles.ts";
import type { ServedImage } from "./releases.ts";

/** The image that loads a plan, and the arguments of its Triton. */
export interface TensorRtServer extends ServedImage {
  /** `SAGEMAKER_TRITON_ADDITIONAL_ARGS`. Default: none. */
  readonly additionalArgs?: string | undefined;
}

/**
 * The rules for a TensorRT plan: it only loads with the TensorRT that built it or, if it was built version-compatible and
 * Triton may use that, with a later one of the same major version. The kind of GPU that it was built on stands nowhere in it.
 * Source: https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/advanced.html#version-compatibility and
 * https://github.com/triton-inference-server/tensorrt_backend/blob/main/README.md#command-line-options
 *
 * @param server what will load it
 */
export function* tensorRtRules(model: ServedModel, server: TensorRtServer): Generator<Finding> {
  const { release, ownImage = false } = server;
  const loading = release === undefined || ownImage ? undefined : tensorRtOf(release);
  for (const { path, content } of servedModelFiles(model)) {
    if (content?.format !== "tensorrt") continue;
    const { version } = content;
    if (loading !== undefined && version === loading) continue;
    const built =
      version === undefined ? "The plan doesn't say which TensorRT built it" : `TensorRT ${version} built the plan`;
    const rebuild = `${buildAgain(release)}${version === undefined ? "" : imagesWith(version)}`;
    if (loading === undefined || version === undefined) {
      yield {
        code: "tensorrt-version-unknown",
        path,
        message: `${built}, and it only loads with that version, on the same kind of GPU; ${loading === undefined ? "the image's version isn't known here" : `the image ${String(release)} has ${loading}`}.`,
        remedy: rebuild,
      };
      continue;
    }
    if (release !== undefined && !isTensorRtConfirmed(release) && majorOf(loading) === majorOf(version)) {
      yield {
        code: "tensorrt-version-unknown",
        path,
        message: `${built}, and it only loads with that version; the image ${release} probably has ${loading}.`,
        remedy: rebuild,
      };
      continue;
    }
    const isLater = compareVersions(loading, version) > 0 && majorOf(loading) === majorOf(version);
    if (isLater && usesVersionCompatible(server)) {
      yield {
        code: "tensorrt-version-unknown",
        path,
        message: `${built}, and the image ${String(release)} has ${loading}, which only loads it if it was built version-compatible.`,
        remedy: `Build it with trtexec --versionCompatible. Otherwise: ${rebuild}`,
      };
      continue;
    }
    yield {
      code: "tensorrt-version-mismatch",
      path,
      message: `${built}, but the image ${String(release)} has TensorRT ${loading}, which loads no plan of another version.`,
      remedy: `${rebuild}${isLater ? ` If it was built with trtexec --versionCompatible, add --backend-config=tensorrt,version-compatible=true to SAGEMAKER_TRITON_ADDITIONAL_ARGS (Triton ${firstWith("tensorrt-version-compatible")} or newer).` : ""}`,
    };
  }
}

function buildAgain(release = "<release>"): string {
  return `Build the plan on the endpoint's kind of GPU with trtexec from nvcr.io/nvidia/tensorrt:${release}-py3, the container of the same release.`;
}

function imagesWith(version: string): string {
  const releases = releasesWithTensorRt(version);
  return releases.length === 0 ? "" : ` Or use an image with TensorRT ${version}: ${releases.join(", ")}.`;
}

function usesVersionCompatible({ release, additionalArgs = "" }: TensorRtServer): boolean {
  if (release !== undefined && release < firstWith("tensorrt-version-compatible")) return false;
  return readServerOptions(additionalArgs, release).options.some(
    ({ name, value = "" }) => name === "backend-config" && /^tensorrt,version-compatible=(true|on|1)$/i.test(value),
  );
}

function majorOf(version: string): string {
  return version.split(".", 1)[0] ?? "";
}

function compareVersions(one: string, other: string): number {
  const numbers = other.split(".").map(Number);
  const differing = one
    .split(".")
    .map(Number)
    .map((number, index) => number - (numbers[index] ?? 0));
  return differing.find((difference) => difference !== 0) ?? 0;
}

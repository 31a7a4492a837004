import type { Finding } from "../repository/finding.ts";
import type { OnnxFile } from "../models/onnx.ts";
import { knownReleases, onnxRuntimeOf, type OnnxRuntime } from "../releases/releases.ts";

/** The image that will load a model. */
export interface OnnxImage {
  /**
   * `YY.MM` of the Triton in it. Default: anything that depends on the release isn't checked, or is checked as for the
   * newest.
   */
  readonly release?: string;
  /** True if it is the user's own image, which may have another ONNX Runtime. Default: AWS's. */
  readonly ownImage?: boolean;
}

/**
 * The rules for the versions of an ONNX model's format and operators, which the image's ONNX Runtime must support.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/docs/Versioning.md
 *
 * @param path the model's file
 * @param file its metadata
 * @param image the image that will load it
 */
export function* onnxVersionFindings(path: string, file: OnnxFile, image: OnnxImage): Generator<Finding> {
  const { release, ownImage = false } = image;
  const runtime = release === undefined || ownImage ? undefined : onnxRuntimeOf(release);
  if (release === undefined || !runtime) {
    yield* unreadableFindings(path, file);
    return;
  }
  const excesses = [...excessesOf(file, runtime)];
  if (excesses.length === 0) return;
  const first = knownReleases.find((other) => other > release && isReadable(file, onnxRuntimeOf(other)));
  const remedy =
    first === undefined
      ? `no image up to ${knownReleases.at(-1) ?? ""} can load it unchanged`
      : `use an image of ${first} or newer`;
  yield {
    code: "model-too-new",
    path,
    message: `The model has ${excesses.map(({ has }) => has).join(" and ")}; Triton ${release} has ONNX Runtime ${runtime.version}, which reads ${excesses.map(({ reads }) => reads).join(" and ")} at most.`,
    remedy: `Export it in an older version, or ${remedy}.`,
  };
}

/** The warning for what no known release reads, where the image's own limits aren't known. */
function* unreadableFindings(path: string, file: OnnxFile): Generator<Finding> {
  if (knownReleases.some((release) => isReadable(file, onnxRuntimeOf(release)))) return;
  const newest = knownReleases.at(-1) ?? "";
  const runtime = onnxRuntimeOf(newest);
  const excesses = runtime ? [...excessesOf(file, runtime)] : [];
  if (!runtime || excesses.length === 0) return;
  yield {
    code: "model-newer-than-known",
    path,
    message: `The model has ${excesses.map(({ has }) => has).join(" and ")}, which no release known here reads: Triton ${newest} has ONNX Runtime ${runtime.version}, which reads ${excesses.map(({ reads }) => reads).join(" and ")} at most.`,
    remedy: "Export it in an older version, or make sure that the image's ONNX Runtime reads it.",
  };
}

function isReadable(file: OnnxFile, runtime: OnnxRuntime | undefined): boolean {
  return runtime !== undefined && [...excessesOf(file, runtime)].length === 0;
}

function* excessesOf({ irVersion, opsets }: OnnxFile, limits: OnnxRuntime): Generator<{ has: string; reads: string }> {
  if (irVersion > limits.irVersion) {
    yield { has: `version ${irVersion} of ONNX's format`, reads: `version ${limits.irVersion}` };
  }
  for (const [domain, version] of Object.entries(opsets)) {
    const limit = limits.opsets[domain];
    if (limit !== undefined && version > limit) {
      yield { has: `version ${version} of the operators of ${domain}`, reads: `opset ${limit}` };
    }
  }
}

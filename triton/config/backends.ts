import type { ModelConfig } from "./modelConfigTypes.ts";

/** The backend, platform and filename that Triton derives from a configuration and the files it finds. */
export interface CompletedBackend {
  /** The backend; empty for an ensemble, or if Triton can't determine it. */
  readonly backend: string;
  /** The platform; empty if there is none. */
  readonly platform: string;
  /** The model's file in a version folder; empty if the backend uses none or several. */
  readonly filename: string;
}

interface KnownBackend {
  readonly backend: string;
  readonly platform: string;
  readonly filename: string;
  /** The kind of file that Triton recognises. */
  readonly kind: "file" | "folder" | "any";
}

/** The backends that Triton recognises by a platform or a file, in its order. */
const recognised: readonly KnownBackend[] = [
  { backend: "tensorflow", platform: "tensorflow_savedmodel", filename: "model.savedmodel", kind: "folder" },
  { backend: "tensorflow", platform: "tensorflow_graphdef", filename: "model.graphdef", kind: "file" },
  { backend: "tensorrt", platform: "tensorrt_plan", filename: "model.plan", kind: "file" },
  { backend: "onnxruntime", platform: "onnxruntime_onnx", filename: "model.onnx", kind: "any" },
  { backend: "openvino", platform: "", filename: "model.xml", kind: "any" },
  { backend: "pytorch", platform: "pytorch_libtorch", filename: "model.pt", kind: "file" },
  { backend: "pytorch", platform: "torch_aoti", filename: "model.pt2", kind: "file" },
  { backend: "python", platform: "", filename: "model.py", kind: "any" },
];

/** The files by which Triton recognises a model. */
export const recognisedFiles: ReadonlySet<string> = new Set(recognised.map(({ filename }) => filename));

/** Backends with their own platform: if both are set, they must agree. */
const platformBackends = ["tensorflow", "tensorrt", "onnxruntime", "pytorch"];

/** The backends of Triton's images on the Deep Learning Containers account, of NGC's, and of Triton's own repositories. */
export const knownBackends: readonly string[] = [
  ...new Set(recognised.map(({ backend }) => backend)),
  "dali",
  "fil",
  "identity",
  "repeat",
  "square",
  "tensorrtllm",
  "vllm",
];

/** Platforms that are the only way to name their backend. */
export const knownPlatforms: ReadonlyMap<string, string> = new Map(
  recognised.filter(({ platform }) => platform !== "").map(({ platform, backend }) => [platform, backend]),
);

/**
 * Completes a configuration's backend, platform and filename as Triton does.
 * Source: `AutoCompleteBackendFields` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 *
 * @param model the model's name
 * @param config its configuration
 * @param entries the names and kinds of the entries in its first subfolder; `undefined` if it has none
 */
export function completeBackend(
  model: string,
  config: ModelConfig,
  entries: ReadonlyMap<string, "file" | "folder"> | undefined,
): CompletedBackend {
  const { backend, platform, default_model_filename: filename } = config;
  const given = { backend, platform, filename };
  if (backend !== "") {
    const own = recognised.filter((known) => known.backend === backend && [known.platform, ""].includes(platform));
    const byFile = own.find((known) => known.filename === filename) ?? own.find((known) => isEntry(known, entries));
    // A TensorFlow model's platform must be derived from something; the others have a default.
    const usual = backend === "tensorflow" && platform === "" ? undefined : own.at(0);
    const chosen = byFile ?? usual;
    return chosen ? { backend, platform: platform || chosen.platform, filename: filename || chosen.filename } : given;
  }
  const match =
    recognised.find((known) => platform !== "" && known.platform === platform) ??
    recognised.find((known) => filename !== "" && known.filename === filename && platform === "") ??
    (platform === "" && filename === "" ? recognised.find((known) => isEntry(known, entries)) : undefined);
  if (match) {
    return { backend: match.backend, platform: platform || match.platform, filename: filename || match.filename };
  }
  // For a model named "x.identity" without anything else, the rest of the name is the backend.
  const dot = model.indexOf(".");
  if (platform !== "" || filename !== "" || dot < 0) return given;
  const suffix = model.slice(dot + 1);
  return { backend: suffix, platform: "", filename: `model.${suffix}` };
}

/**
 * Checks whether an explicit backend and platform contradict each other.
 *
 * @param completed the backend and the platform
 */
export function contradicts({ backend, platform }: CompletedBackend): boolean {
  return platformBackends.includes(backend) && knownPlatforms.get(platform) !== backend;
}

function isEntry(
  { filename, kind }: KnownBackend,
  entries: ReadonlyMap<string, "file" | "folder"> | undefined,
): boolean {
  const entry = entries?.get(filename);
  return entry !== undefined && (kind === "any" || kind === entry);
}

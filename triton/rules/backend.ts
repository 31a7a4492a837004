import { posix } from "node:path";
import { closest, distance } from "../../text/nearest.ts";
import { contradicts, knownBackends, knownPlatforms, recognisedFiles } from "../config/backends.ts";
import type { Finding } from "../repository/finding.ts";
import type { ModelConfig } from "../config/modelConfigTypes.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { isUnread } from "../repository/unread.ts";
import { missingBackend, type ServedImage } from "./releases.ts";
import { table } from "../../text/table.ts";

/** Backends that can't determine a model's inputs and outputs from its file. */
const describedByConfig = ["pytorch", "fil"];

/**
 * The rules for a model's backend: that Triton can determine it, that it exists and that it has what it needs.
 * Source: `ValidateModelConfig` and `AutoCompleteBackendFields` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 *
 * @param image the image that will load it
 */
export function* backendRules(model: ServedModel, image: ServedImage): Generator<Finding> {
  const { config, completed } = model;
  if (!config || !completed || config.platform === "ensemble" || config.ensemble_scheduling) return;
  const { backend, platform } = completed;
  if (backend === "") {
    // For a model without versions, only the missing folder is reported, because its contents could determine the
    // backend.
    if (model.configPath !== undefined || model.folders.versions.length > 0) yield undetermined(model, config);
    return;
  }
  if (contradicts(completed)) {
    yield {
      code: "backend-platform-mismatch",
      at: [config.platform === "" ? "backend" : "platform"],
      message: `The backend ${backend} doesn't serve the platform "${platform}".`,
      remedy: "Remove platform, or set the backend's own.",
      ...(config.platform === "" && { missing: tellingFiles(model) }),
    };
  }
  yield* nameFindings(model, config, backend, image);
  yield* runtimeFindings(model, config, backend, image);
  const silent = config.input.length === 0 || config.output.length === 0;
  if (describedByConfig.includes(backend) && silent) {
    yield {
      code: "backend-needs-config",
      ...where(model),
      message: `The backend ${backend} can't determine the model's inputs and outputs from its file.`,
      remedy: "Add input and output to config.pbtxt.",
    };
  }
  for (const [index, { name }] of (config.model_repository_agents?.agents ?? []).entries()) {
    if (name === "checksum") continue;
    yield {
      code: "repository-agent-unknown",
      at: ["model_repository_agents", "agents", index],
      message: `Triton's own image has no repository agent "${name}", only checksum.`,
      remedy: "Serve it with an image that has the agent, or remove it.",
    };
  }
}

/** The location to report for something missing: the configuration, or the folder if there is none. */
function where({ configPath, name }: ServedModel, field?: string): Pick<Finding, "path" | "at"> {
  if (configPath === undefined) return { path: name, at: undefined };
  return field === undefined ? {} : { at: [field] };
}

function undetermined(model: ServedModel, config: ModelConfig): Finding {
  const { platform, default_model_filename: filename } = config;
  if (platform !== "") {
    return {
      code: "backend-undetermined",
      at: ["platform"],
      message: `"${platform}" isn't a platform: use one of ${[...knownPlatforms.keys(), "ensemble"].join(", ")}.`,
      remedy: knownBackends.includes(platform)
        ? `Write backend: "${platform}" instead.`
        : `Did you mean ${closest(platform, [...knownPlatforms.keys(), "ensemble"])}? Other backends are set with backend: "…".`,
    };
  }
  return {
    code: "backend-undetermined",
    ...where(model),
    message: `Triton can't determine the backend: neither backend nor platform is set, and ${
      filename === "" ? "no version has a file that it knows" : `"${filename}" isn't a file name that it knows`
    }.`,
    remedy: 'Add backend: "…" to config.pbtxt.',
    missing: tellingFiles(model),
  };
}

/** The files by which Triton could tell a model's backend. */
function tellingFiles({ name, loaded }: ServedModel): string[] {
  return loaded.flatMap((version) => [...recognisedFiles].map((file) => `${name}/${version}/${file}`));
}

function* nameFindings(
  model: ServedModel,
  config: ModelConfig,
  backend: string,
  image: ServedImage,
): Generator<Finding> {
  if (bringsFile(model, `libtriton_${backend}.so`)) return;
  const missing = missingBackend(backend, image);
  if (knownBackends.includes(backend)) {
    if (missing) yield { ...missing, ...(model.parsed.fields.has("backend") ? {} : where(model, "platform")) };
    return;
  }
  if (config.runtime !== "") return;
  if (backend === "ensemble") {
    yield {
      code: "backend-misnamed",
      at: ["backend"],
      message: "An ensemble has no backend.",
      remedy: 'Write platform: "ensemble".',
    };
    return;
  }
  const meant = image.ownImage ? undefined : (knownPlatforms.get(backend) ?? nearest(backend));
  yield meant
    ? {
        code: "backend-misnamed",
        at: ["backend"],
        message: `There is no backend "${backend}".`,
        remedy: `Write backend: "${meant}".`,
      }
    : (missing ?? {
        code: "backend-unknown",
        at: ["backend"],
        message: `"${backend}" isn't one of Triton's own backends.`,
        remedy: "Serve it with an image that has the backend.",
      });
}

/** Backends in Triton's images whose library is a Python file. */
const pythonBased = ["pytorch", "vllm"];

function* runtimeFindings(
  model: ServedModel,
  { runtime }: ModelConfig,
  backend: string,
  { release, ownImage }: ServedImage,
): Generator<Finding> {
  if (runtime === "" || runtime === `libtriton_${backend}.so`) return;
  const at = ["runtime"];
  // A library is looked for beside the model, too; Python only in the backend's own folder.
  const isInImage = runtime === "model.py" && pythonBased.includes(backend);
  if (!posix.join("/", backend, runtime).startsWith(`/${backend}/`)) {
    yield {
      code: "runtime-outside",
      at,
      message: `The runtime "${runtime}" is outside the backend's folder.`,
      remedy: "Write only the name of the backend's library.",
    };
  } else if (runtime.endsWith(".py") ? !isInImage : !bringsFile(model, runtime)) {
    yield {
      code: release === undefined || ownImage ? "runtime-unknown" : "runtime-not-in-image",
      at,
      message: `Triton's own image has no library "${runtime}" of the backend ${backend}.`,
      remedy: "Remove runtime, or serve it with an image that has the library.",
    };
  }
}

/** The known backend with a similar name or a different case. */
function nearest(backend: string): string | undefined {
  const plain = backend.toLowerCase().replace(/[^a-z]/g, "");
  const aliases: Readonly<Record<string, string>> = table({
    onnx: "onnxruntime",
    torch: "pytorch",
    libtorch: "pytorch",
    trt: "tensorrt",
  });
  const near = closest(plain, [...knownBackends]);
  return aliases[plain] ?? (distance(plain, near) <= (plain.length < 8 ? 1 : 2) ? near : undefined);
}

/** Checks whether the model has its own library, in its folder or a version's, as far as these could be read. */
function bringsFile({ name, loaded, contents }: ServedModel, file: string): boolean {
  return [name, ...loaded.map((version) => `${name}/${version}`)]
    .map((folder) => `${folder}/${file}`)
    .some((path) => contents.files.has(path) || isUnread(contents, path));
}

import { readdir } from "node:fs/promises";
import { MessageError } from "./messageError.ts";

/** The start of Triton in SageMaker's container. */
export interface Serve {
  /** The model that answers requests; absent if there are many, which are loaded later. */
  readonly defaultModelName?: string;
  /** The server's arguments, without those specific to this machine. */
  readonly arguments: readonly string[];
}

/**
 * Derives what the container's `serve` script does from its environment and the folders in the model repository.
 * Source: https://github.com/triton-inference-server/server/blob/main/docker/sagemaker/serve
 *
 * @param environment the container's environment
 * @param folders the names of the folders in the model repository
 * @throws MessageError if the script would exit
 */
export function serveArguments(environment: Readonly<Record<string, string>>, folders: readonly string[]): Serve {
  const defaultModelName =
    environment.SAGEMAKER_MULTI_MODEL === "true"
      ? undefined
      : defaultModel(environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME, folders);
  // The script passes over what is empty.
  const set = (variable: string, otherwise: string) => {
    const { [variable]: value = "" } = environment;
    return value === "" ? otherwise : value;
  };
  const additional = environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS?.trim();
  return {
    ...(defaultModelName !== undefined && { defaultModelName }),
    arguments: [
      "--allow-sagemaker=true",
      "--allow-http=false",
      "--model-control-mode=explicit",
      `--model-namespacing=${set("SAGEMAKER_TRITON_DISABLE_MODEL_NAMESPACING", "true")}`,
      `--allow-grpc=${set("SAGEMAKER_TRITON_ALLOW_GRPC", "false")}`,
      `--allow-metrics=${set("SAGEMAKER_TRITON_ALLOW_METRICS", "false")}`,
      ...given(environment, "SAGEMAKER_TRITON_GRPC_PORT", "--grpc-port="),
      ...given(environment, "SAGEMAKER_TRITON_METRICS_PORT", "--metrics-port="),
      ...given(environment, "SAGEMAKER_TRITON_BUFFER_MANAGER_THREAD_COUNT", "--buffer-manager-thread-count="),
      ...given(environment, "SAGEMAKER_TRITON_THREAD_COUNT", "--sagemaker-thread-count="),
      `--log-verbose=${set("SAGEMAKER_TRITON_LOG_VERBOSE", "true")}`,
      ...given(environment, "SAGEMAKER_TRITON_LOG_INFO", "--log-info="),
      ...given(environment, "SAGEMAKER_TRITON_LOG_WARNING", "--log-warning="),
      ...given(environment, "SAGEMAKER_TRITON_LOG_ERROR", "--log-error="),
      `--backend-config=python,shm-default-byte-size=${set("SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE", "16777216")}`,
      `--backend-config=python,shm-growth-byte-size=${set("SAGEMAKER_TRITON_SHM_GROWTH_BYTE_SIZE", "1048576")}`,
      ...(additional ? additional.split(/\s+/) : []),
      ...(defaultModelName === undefined ? [] : [`--load-model=${defaultModelName}`]),
    ],
  };
}

/**
 * The same for a model repository in a folder.
 *
 * @param environment the container's environment
 * @param modelDirectory the model repository
 * @throws MessageError if the script would exit
 */
export async function readServeArguments(
  environment: Readonly<Record<string, string>>,
  modelDirectory: string,
): Promise<Serve> {
  const entries = await readdir(modelDirectory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return serveArguments(environment, folders.sort());
}

function given(environment: Readonly<Record<string, string>>, variable: string, argument: string): string[] {
  return environment[variable] ? [argument + environment[variable]] : [];
}

function defaultModel(name: string | undefined, folders: readonly string[]): string {
  const found = folders.length === 0 ? "none" : folders.join(", ");
  if (name) {
    if (folders.includes(name)) return name;
    throw new MessageError(
      `the model repository has no folder "${name}", to which defaultModelName is set: it has ${found}`,
    );
  }
  const [first, ...others] = folders;
  if (first !== undefined && others.length === 0) return first;
  throw new MessageError(
    folders.length === 0
      ? "the model repository has no model: put each model into its own folder"
      : `the model repository has several models (${found}): set defaultModelName to the one that answers requests`,
  );
}

import { loadArguments } from "../triton/rules/businessLogic.ts";
import { withServerMetrics, type ServerMetrics } from "./serverMetrics.ts";

/**
 * Triton's options with typed names, for example `threadCount`, from which the container's variable names are derived.
 */
type ModelServerOptions = Readonly<{ loadModels?: readonly string[] }> &
  Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The settings that become the container's environment. */
export interface ServerSettings {
  /** The model that answers requests; needed if the repository has several. */
  readonly defaultModelName?: string;
  /** Triton's own options. */
  readonly modelServer?: ModelServerOptions;
  /** Variables with the container's own names. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes the server print its own metrics. Default: it doesn't. */
  readonly serverMetrics?: ServerMetrics;
}

/**
 * Builds the environment of Triton's container. Source:
 * https://github.com/triton-inference-server/server/blob/main/docker/sagemaker/serve
 */
export function serverEnvironment(settings: ServerSettings): Record<string, string> {
  const environment = {
    SAGEMAKER_TRITON_LOG_VERBOSE: "false",
    ...typedEnvironment(settings),
    ...settings.environment,
  };
  return settings.serverMetrics ? withServerMetrics(environment, settings.serverMetrics) : environment;
}

/**
 * The initial shared memory of each instance of a Python model.
 *
 * @param environment the container's environment
 * @returns bytes; `undefined` if the environment leaves it to the start script
 */
export function shmDefaultByteSize(environment: Readonly<Record<string, string>>): number | undefined {
  const { SAGEMAKER_TRITON_ADDITIONAL_ARGS: args = "", SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: variable } = environment;
  // If there are several values, Triton uses the last.
  const argument = [...args.matchAll(/--backend-config[= ]python,shm-default-byte-size=(\d+)/g)].at(-1)?.[1];
  const text = argument ?? variable ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * The settings that a container's environment carries and that explain failures, by their names.
 *
 * @param environment the container's environment
 */
export function environmentSettings(environment: Readonly<Record<string, string>>): Record<string, string | number> {
  const { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: defaultModelName, SAGEMAKER_TRITON_INFERENCE_TYPE: inferenceType } =
    environment;
  const bytes = shmDefaultByteSize(environment);
  return {
    ...(bytes !== undefined && { "modelServer.shmDefaultByteSize": bytes }),
    ...(defaultModelName !== undefined && { defaultModelName }),
    ...(inferenceType !== undefined && { "modelServer.inferenceType": inferenceType }),
  };
}

/**
 * The least shared memory that the Python backend lets a model's instance begin with.
 * Source: TRITONBACKEND_Initialize in https://github.com/triton-inference-server/python_backend/blob/main/src/python_be.cc, in
 * the branches r23.08 and r23.09. Its message still says 4 MiB.
 *
 * @param release `YY.MM`. Default: the newest
 * @returns bytes
 */
export function leastShmDefaultByteSize(release?: string): number {
  return (release !== undefined && release < "23.09" ? 4 : 1) * 2 ** 20;
}

/**
 * The variables that a typed setting and `environment` set to different values.
 *
 * @returns the variables' names
 */
export function conflictingVariables(settings: Partial<ServerSettings>): string[] {
  const { environment = {} } = settings;
  return Object.entries(typedEnvironment(settings)).flatMap(([name, value]) =>
    Object.hasOwn(environment, name) && environment[name] !== value ? [name] : [],
  );
}

/** The variables that typed settings become. */
export function typedEnvironment({
  defaultModelName,
  modelServer = {},
}: Partial<ServerSettings>): Record<string, string> {
  const { loadModels = [], ...options } = modelServer;
  return {
    ...(defaultModelName === undefined ? {} : { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: defaultModelName }),
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [variableName(name), String(value)])),
    // The container's start script sets this variable, but exports it to Triton only if the environment already has it.
    ...(options.overridePingMode === undefined ? {} : { SAGEMAKER_TRITON_PING_MODE: String(options.overridePingMode) }),
    ...(loadModels.length === 0 ? {} : { SAGEMAKER_TRITON_ADDITIONAL_ARGS: loadArguments(loadModels) }),
  };
}

/**
 * The variable for an option of modelServer: `shmDefaultByteSize` is `SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE`.
 *
 * @param option the option's name
 */
export function variableName(option: string): string {
  return `SAGEMAKER_TRITON_${option.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** What the container's environment is made from. */
export interface ServerSettings {
  /** The model that answers requests; needed where the repository has several. */
  readonly defaultModelName?: string;
  /** Variables in the container's own names; they come last and win. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The environment of Triton's container. The container logs every request unless it is told not to, so verbose logging is
 * off here.
 * Source: https://github.com/triton-inference-server/server/blob/main/docker/sagemaker/serve
 *
 * @param settings the settings
 */
export function serverEnvironment({ defaultModelName, environment }: ServerSettings): Record<string, string> {
  return {
    SAGEMAKER_TRITON_LOG_VERBOSE: "false",
    ...(defaultModelName === undefined ? {} : { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: defaultModelName }),
    ...environment,
  };
}

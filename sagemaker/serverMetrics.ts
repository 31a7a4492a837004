import { loadArguments } from "../triton/rules/businessLogic.ts";
import { holds, firstWith } from "../triton/releases/releaseFacts.ts";

/** The folder of the model that prints Triton's own metrics, in the archive beside the user's models. */
export const serverMetricsModel = "sagemaker-triton-metrics";

/** CloudWatch's namespace of the metrics, as `packing/serverMetrics/1/model.py` prints it. */
export const serverMetricsNamespace = "SageMakerTriton";

/** The first release whose start script turns the metrics on and loads a further model. */
export const serverMetricsSince = "23.07";

/** The variant whose server prints its metrics. */
export interface ServerMetrics {
  /** The metrics' dimensions, by name. Default: none, for a check that only needs to know that there are metrics. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** The time between two lines, in seconds. */
  readonly periodInSeconds: number;
  /** Whether a server without requests reports zeros, which autoscaling needs to remove instances. Default: false. */
  readonly printIdle?: boolean;
}

/**
 * Adds to a container's environment what makes it print Triton's metrics: they are turned on, and one more model is loaded,
 * which reads them.
 *
 * @param environment the environment without it
 * @param metrics the variant
 */
export function withServerMetrics(
  environment: Readonly<Record<string, string>>,
  { dimensions = {}, periodInSeconds, printIdle }: ServerMetrics,
): Record<string, string> {
  const {
    SAGEMAKER_TRITON_ADDITIONAL_ARGS: given = "",
    SAGEMAKER_TRITON_METRICS_PORT: port = "",
    SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: defaultModelName = "",
  } = environment;
  // Of several, Triton uses the last.
  const last = [...given.matchAll(/--metrics-port[= ](\d+)/g)].at(-1)?.[1] ?? port;
  const options = {
    dimensions,
    periodInSeconds,
    defaultModelName,
    ...(printIdle && { printIdle }),
    ...(/^\d+$/.test(last) && { port: Number(last) }),
  };
  return {
    ...environment,
    SAGEMAKER_TRITON_ALLOW_METRICS: "true",
    SAGEMAKER_TRITON_ADDITIONAL_ARGS: [given.trim(), loadArguments([serverMetricsModel])].filter(Boolean).join(" "),
    [serverMetricsVariable]: JSON.stringify(options),
  };
}

/** The variable that tells the model what to print. */
export const serverMetricsVariable = "SERVER_METRICS";

/**
 * The first release that reports how many requests are pending; `undefined` if a release does, or isn't known.
 *
 * @param release `YY.MM`
 */
export function pendingMetricSince(release: string | undefined): string | undefined {
  return release === undefined || holds("pending-metric", release) ? undefined : firstWith("pending-metric");
}

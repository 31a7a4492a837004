import { environmentLimits } from "../sagemaker/limits.ts";
import type { Image } from "../sagemaker/image.ts";
import { serverEnvironment } from "../sagemaker/serverEnvironment.ts";
import { serverMetricsModel, serverMetricsSince } from "../sagemaker/serverMetrics.ts";
import { readServerOptions } from "../triton/releases/serverOptions.ts";
import { flavourBackends } from "../triton/releases/releaseFacts.ts";
import type { Problem } from "./problem.ts";
import type { Endpoint } from "./schema.ts";
import { knownThroughout } from "./unknownYet.ts";

/** The reason against a model that was packed without the model that reads the metrics. */
export const packedBefore =
  "can't be used with monitoring.serverMetrics, which adds a model to a repository while it is packed: use modelRepository, or in a program load it with serverMetrics: true";

const off = /^(false|off|0)$/i;

/**
 * The rules for a variant whose server reports its own metrics. A Model that exists already is as it was made.
 *
 * @param values its complete settings
 */
export function* serverMetricsRules(values: Endpoint, image: Image): Generator<Problem> {
  const { monitoring, modelName, multiModel, modelServer, environment = {} } = values;
  if (!monitoring?.serverMetrics || modelName !== undefined) return;
  const path = ["monitoring", "serverMetrics"];
  if (multiModel) {
    yield {
      path,
      code: "server-metrics-multi-model",
      message:
        "can't be used with multiModel, because the start of many models loads none, and so none that reads the metrics: remove one",
    };
    return;
  }
  for (const source of ["modelArchive", "modelDataUrl"] as const) {
    if (values[source] !== undefined) yield { path: [source], code: "server-metrics-packed", message: packedBefore };
  }
  yield* imageRules(image);
  const { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: named } = environment;
  if ((values.defaultModelName ?? named) === undefined) {
    yield {
      path: ["defaultModelName"],
      code: "server-metrics-default-model",
      message:
        "must be set with monitoring.serverMetrics, because its model is a second one beside yours, and the container's start takes several for a mistake",
    };
  }
  const { options } = readServerOptions(environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS ?? "");
  const turnedOff = [
    [["modelServer", "allowMetrics"], modelServer?.allowMetrics],
    [["environment", "SAGEMAKER_TRITON_ALLOW_METRICS"], environment.SAGEMAKER_TRITON_ALLOW_METRICS],
    [
      ["environment", "SAGEMAKER_TRITON_ADDITIONAL_ARGS"],
      options.findLast(({ name }) => name === "allow-metrics")?.value,
    ],
  ] as const;
  for (const [at, value] of turnedOff) {
    if (!off.test(String(knownThroughout(value)))) continue;
    const message = "turns Triton's metrics off, but monitoring.serverMetrics reads them: remove one";
    yield { path: at, code: "server-metrics-off", message };
  }
  const whole = serverEnvironment({ modelServer, environment, serverMetrics: monitoring.serverMetrics });
  const { length } = whole.SAGEMAKER_TRITON_ADDITIONAL_ARGS ?? "";
  if (length > environmentLimits.value) {
    yield {
      path,
      code: "server-metrics-length",
      message: `loads one more model with --load-model=${serverMetricsModel}, and SAGEMAKER_TRITON_ADDITIONAL_ARGS then has ${length} characters, of which SageMaker allows ${environmentLimits.value}: load fewer models or shorten their names`,
    };
  }
}

function* imageRules(image: Image): Generator<Problem> {
  const { knownRelease, flavour, setting, isOwn } = image;
  if (knownRelease !== undefined && knownRelease < serverMetricsSince) {
    yield {
      path: [setting],
      code: "server-metrics-release",
      message: `must be of ${serverMetricsSince} or newer with monitoring.serverMetrics, because the start of ${knownRelease} neither turns metrics on nor loads a further model`,
    };
  }
  if (!isOwn) return;
  const backends = flavour === undefined ? undefined : flavourBackends(flavour);
  if (backends?.includes("python")) return;
  yield {
    path: [setting],
    code: "server-metrics-backend",
    severity: "warning",
    message:
      "must have Triton's Python backend, because monitoring.serverMetrics reads the metrics in a Python model, and the server doesn't start with a model that it can't load",
  };
}

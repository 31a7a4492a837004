import { hostImageProblem } from "../sagemaker/hostImages.ts";
import type { Image } from "../sagemaker/image.ts";
import { releaseOnInstanceProblem } from "../sagemaker/imageReleases.ts";
import {
  defaultInstanceType,
  hasInstanceStorage,
  instanceTypeProblem,
  ownAcceleratorNote,
} from "../sagemaker/instanceTypes.ts";
import { typedEnvironment } from "../sagemaker/serverEnvironment.ts";
import { withServerMetrics } from "../sagemaker/serverMetrics.ts";
import { optionReleaseProblem, variableReleaseProblem } from "../sagemaker/serverReleases.ts";
import { autoscalingRules } from "./autoscaling.ts";
import { environmentRules } from "./environment.ts";
import { either } from "./fields.ts";
import { multiModelRules } from "./multiModelRules.ts";
import { loadModelsRules, serverEnvironmentRules, shmRules } from "./modelServer.ts";
import { serverMetricsRules } from "./serverMetricsRules.ts";
import { serverOptionRules } from "./serverOptions.ts";
import { serverPortRules } from "./serverPorts.ts";
import type { Problem } from "./problem.ts";
import { serverlessRules } from "./serverless.ts";
import { asFarAsKnown } from "./unknownYet.ts";
import { modelSources } from "./variant.ts";
import { isShadow, type WholeVariant } from "./wholeVariants.ts";

/** The rules for each variant and the shadow. Paths start from the variant: `["volumeSizeInGb"]`. */
export function* variantRules(variant: WholeVariant): Generator<Problem> {
  yield* asFarAsKnown(
    modelRules(variant),
    environmentOf(variant),
    serverRules(variant),
    releaseRules(variant),
    instanceRules(variant),
    multiModelRules(variant.values, variant.image),
    serverMetricsRules(variant.values, variant.image),
    scalingRules(variant),
  );
}

function* modelRules({ values }: WholeVariant): Generator<Problem> {
  const given = modelSources.filter((source) => values[source] !== undefined);
  if (given.length === 0 && values.modelName === undefined) {
    yield {
      path: ["modelRepository"],
      code: "model-missing",
      message: "must be set, because there is no other model: give the endpoint or the variant a model or a modelName",
    };
  }
  if (given.length > 1) {
    for (const source of given) {
      const others = given.filter((other) => other !== source);
      yield {
        path: [source],
        code: "model-ambiguous",
        message: `can't be combined with ${others.join(" and ")}: set one of ${either(modelSources)}`,
      };
    }
  }
  if (values.modelDataFormat === "prefix" && (values.modelArchive ?? values.modelDataUrl) !== undefined) {
    yield {
      path: ["modelDataFormat"],
      code: "model-packed",
      message: "must be archive with a packed model, because a prefix needs a modelRepository",
    };
  }
}

function* environmentOf({ values }: WholeVariant): Generator<Problem> {
  const { environment = {}, monitoring } = values;
  const typed = { ...typedEnvironment(values), ...environment };
  const whole = monitoring?.serverMetrics ? withServerMetrics(typed, monitoring.serverMetrics) : typed;
  for (const problem of environmentRules(environment, whole)) {
    yield { ...problem, path: ["environment", ...problem.path] };
  }
}

function* serverRules({ values, image }: WholeVariant): Generator<Problem> {
  const { environment = {}, defaultModelName, modelServer } = values;
  const settings = { defaultModelName, modelServer, environment };
  const { release } = image;
  yield* asFarAsKnown(
    loadModelsRules(settings),
    serverEnvironmentRules(settings),
    serverOptionRules(settings, { release, isRelease: !image.isOwn, isMultiModel: values.multiModel !== undefined }),
    serverPortRules(settings),
    shmRules(settings, release),
  );
}

function* releaseRules({ values, image }: WholeVariant): Generator<Problem> {
  const { environment = {}, modelServer } = values;
  const release = image.knownRelease;
  if (release === undefined) return;
  for (const option of Object.keys(modelServer ?? {})) {
    const message = optionReleaseProblem(option, release);
    if (message !== undefined) yield { path: ["modelServer", option], code: "option-release", message };
  }
  for (const name of Object.keys(environment)) {
    const message = variableReleaseProblem(name, release);
    if (message !== undefined) yield { path: ["environment", name], code: "variable-release", message };
  }
}

function* instanceRules({ values, image }: WholeVariant): Generator<Problem> {
  const { serverless, volumeSizeInGb, inferenceAmiVersion } = values;
  if (serverless) {
    yield* serverlessImageRules(image);
    return;
  }
  const { instanceType = defaultInstanceType } = values;
  // NVIDIA's image is built for arm64, too, but for no chips except NVIDIA's.
  const ownImage = image.isOwn || (image.publisher === "NVIDIA" && ownAcceleratorNote(instanceType) === undefined);
  const problem = instanceTypeProblem(instanceType, { ownImage, architecture: values.imageArchitecture });
  if (problem !== undefined) {
    yield { path: ["instanceType"], code: "instance-type", message: problem };
    return;
  }
  const note = ownImage ? ownAcceleratorNote(instanceType) : undefined;
  if (note !== undefined) {
    yield { path: ["instanceType"], code: "own-accelerator", message: note, severity: "warning" };
  }
  const release = image.knownRelease;
  const tooOld = release === undefined ? undefined : releaseOnInstanceProblem(release, instanceType);
  if (tooOld !== undefined) yield { path: [image.setting], code: "release-gpu", message: tooOld };
  if (volumeSizeInGb !== undefined && hasInstanceStorage(instanceType)) {
    yield {
      path: ["volumeSizeInGb"],
      code: "volume-instance-storage",
      message: `can't be used with ${instanceType}, because it has its own storage and takes no volume: remove it`,
    };
  }
  const unfit =
    inferenceAmiVersion === undefined ? undefined : hostImageProblem(inferenceAmiVersion, instanceType, image.release);
  if (unfit !== undefined) yield { path: ["inferenceAmiVersion"], code: "host-image", message: unfit };
}

function* scalingRules(variant: WholeVariant): Generator<Problem> {
  const { values } = variant;
  const { serverless, autoscaling, initialInstanceCount, asyncInference } = values;
  if (serverless) {
    for (const problem of serverlessRules(serverless)) yield { ...problem, path: ["serverless", ...problem.path] };
  }
  // A shadow doesn't scale.
  if (!autoscaling || isShadow(variant)) return;
  const { instanceType = defaultInstanceType } = values;
  const metrics = { serverMetrics: values.monitoring?.serverMetrics, release: variant.image.knownRelease };
  const context = serverless
    ? { serverless, ...metrics }
    : { instanceType, initialInstanceCount, asyncInference, ...metrics };
  for (const problem of autoscalingRules(autoscaling, context)) {
    yield { ...problem, path: ["autoscaling", ...problem.path] };
  }
}

/**
 * A serverless container's image has a size limit.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (Container support)
 */
function* serverlessImageRules({ publisher, isOwn }: Image): Generator<Problem> {
  if (isOwn) return;
  yield {
    path: ["serverless"],
    code: "serverless-image",
    message: `can't be used with ${publisher}'s Triton image, because a serverless container's image can have at most 10 GB, and this one has more than 10 GB unpacked: build a smaller one with only the backends that the model needs, and set imageUri`,
  };
}

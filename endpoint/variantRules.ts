import { hostImageProblem } from "../sagemaker/hostImages.ts";
import { releaseOf, releaseOnInstanceProblem } from "../sagemaker/imageReleases.ts";
import { defaultInstanceType, hasInstanceStorage, instanceTypeProblem } from "../sagemaker/instanceTypes.ts";
import { autoscalingRules } from "./autoscaling.ts";
import { environmentRules } from "./environment.ts";
import { either } from "./fields.ts";
import { multiModelRules } from "./multiModel.ts";
import { serverEnvironmentRules } from "./modelServer.ts";
import type { Problem } from "./problem.ts";
import type { Endpoint } from "./schema.ts";
import { serverlessRules } from "./serverless.ts";
import { modelSources, type WholeVariant } from "./variant.ts";

/** A variant with everything that it is made from, the endpoint's settings included. */
type Variant = WholeVariant<Endpoint>;

/**
 * The rules for each variant and the shadow. Paths start from the variant: `["volumeSizeInGb"]`.
 *
 * @param variant the variant
 */
export function* variantRules(variant: Variant): Generator<Problem> {
  yield* modelRules(variant);
  yield* containerRules(variant);
  yield* instanceRules(variant);
  yield* multiModelRules(variant);
  yield* scalingRules(variant);
}

function* modelRules({ values }: Variant): Generator<Problem> {
  const given = modelSources.filter((source) => values[source] !== undefined);
  if (given.length === 0 && values.modelName === undefined) {
    yield {
      path: ["modelRepository"],
      code: "model-missing",
      message: "must be set, because there is no other model: give the endpoint or the variant one, or a modelName",
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
      message: "must be archive with a packed model: a prefix is made from a modelRepository",
    };
  }
}

function* containerRules({ values }: Variant): Generator<Problem> {
  const { environment, defaultModelName, modelServer, imageTag } = values;
  if (typeof environment === "object") {
    for (const problem of environmentRules(environment)) yield { ...problem, path: ["environment", ...problem.path] };
    yield* serverEnvironmentRules({ defaultModelName, modelServer, environment });
  }
  if (modelServer?.inferenceType !== undefined && imageTag !== undefined && imageTag < "25.03" && isAwsImage(values)) {
    yield {
      path: ["modelServer", "inferenceType"],
      code: "inference-type-release",
      message: `can't be used with ${imageTag}, which doesn't know it: use 25.04-py3 or newer as imageTag`,
    };
  }
}

function* instanceRules({ values }: Variant): Generator<Problem> {
  const { serverless, imageTag, volumeSizeInGb, inferenceAmiVersion } = values;
  if (serverless) return;
  const { instanceType = defaultInstanceType } = values;
  const problem = instanceTypeProblem(instanceType);
  if (problem !== undefined) {
    yield { path: ["instanceType"], code: "instance-type", message: problem };
    return;
  }
  const tooOld =
    imageTag !== undefined && isAwsImage(values) ? releaseOnInstanceProblem(imageTag, instanceType) : undefined;
  if (tooOld !== undefined) yield { path: ["imageTag"], code: "release-gpu", message: tooOld };
  if (volumeSizeInGb !== undefined && hasInstanceStorage(instanceType)) {
    yield {
      path: ["volumeSizeInGb"],
      code: "volume-instance-storage",
      message: `can't be used with ${instanceType}, which has storage of its own and takes no volume: remove it`,
    };
  }
  const unfit =
    inferenceAmiVersion === undefined
      ? undefined
      : hostImageProblem(inferenceAmiVersion, instanceType, releaseOf(values));
  if (unfit !== undefined) yield { path: ["inferenceAmiVersion"], code: "host-image", message: unfit };
}

function* scalingRules({ values, at }: Variant): Generator<Problem> {
  const { serverless, autoscaling, initialInstanceCount, asyncInference } = values;
  if (serverless) {
    for (const problem of serverlessRules(serverless)) yield { ...problem, path: ["serverless", ...problem.path] };
  }
  // A shadow doesn't scale.
  if (!autoscaling || serverless || at[0] === "shadow") return;
  const { instanceType = defaultInstanceType } = values;
  for (const problem of autoscalingRules(autoscaling, { instanceType, initialInstanceCount, asyncInference })) {
    yield { ...problem, path: ["autoscaling", ...problem.path] };
  }
}

function isAwsImage({ upstreamImage, imageUri }: Endpoint): boolean {
  return upstreamImage === undefined && imageUri === undefined;
}

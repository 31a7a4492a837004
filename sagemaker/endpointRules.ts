import { autoscalingProblems, firstInstanceCount, type AutoscalingOptions } from "./autoscaling.ts";
import { excludedFeatures, type EndpointFeatures } from "./exclusions.ts";
import { hostImageProblem } from "./hostImages.ts";
import { releaseOf, releaseOnInstanceProblem, type ImageNames } from "./imageReleases.ts";
import { instanceTypeProblem } from "./instanceTypes.ts";
import { namePattern, tagProblems, variantLimits } from "./limits.ts";
import { multiModelInstanceTypeProblem } from "./multiModel.ts";
import { rolloutProblems, type RolloutPolicy } from "./rollout.ts";
import { serverlessProblems, type ServerlessConfig } from "./serverless.ts";
import { sightProblems, type Sight } from "./sight.ts";

/** What of a variant can be judged before anything is registered. */
export interface VariantShape extends Readonly<Partial<Record<keyof typeof variantLimits, number>>> {
  /** Its name; absent where it is the only one. */
  readonly variantName?: string;
  /** Its model; absent where it is the endpoint's. */
  readonly model?: unknown;
  /** A Model that is in SageMaker already. */
  readonly modelName?: unknown;
  /** Its instance type. */
  readonly instanceType?: string;
  /** How many instances it begins with. */
  readonly initialInstanceCount?: number;
  /** Its share of the traffic. */
  readonly initialVariantWeight?: number;
  /** Its host image. */
  readonly inferenceAmiVersion?: string;
  /** Serving without instances. */
  readonly serverlessConfig?: ServerlessConfig;
  /** How its instance count follows the load; absent where it is as the endpoint says. */
  readonly autoscaling?: AutoscalingOptions;
}

/** What of an endpoint can be judged before anything is registered. */
export interface EndpointShape
  extends Sight, Pick<EndpointFeatures, "asyncInference" | "vpcConfig" | "networkIsolation"> {
  /** The component's name: the names that Pulumi makes up begin with it. */
  readonly name: string;
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The image that is served. Default: nothing that depends on it is judged. */
  readonly image?: ImageNames;
  /** The model of variants that have none of their own. */
  readonly model?: unknown;
  /** The only variant. */
  readonly variant?: VariantShape;
  /** Several variants. */
  readonly variants?: readonly VariantShape[];
  /** The shadow variant. */
  readonly shadow?: VariantShape & { readonly samplingPercentage: number };
  /** Whether earlier releases are kept. */
  readonly keepReleases?: boolean;
  /** How the endpoint goes over to a new release. */
  readonly rollout?: RolloutPolicy;
  /** How the instance count follows the load. */
  readonly autoscaling?: AutoscalingOptions;
  /** Tags of every resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Everything that SageMaker would refuse in an endpoint, after minutes and with half of the stack made.
 *
 * @param shape what can be judged
 * @returns one sentence for each problem, naming the argument, its value and what is allowed; empty where there is none
 */
export function endpointProblems(shape: EndpointShape): string[] {
  const { name, endpointName, rollout, keepReleases, tags } = shape;
  const variants = variantsOf(shape);
  const counts = variants.map(({ variant }) =>
    firstInstanceCount(variant.initialInstanceCount, variant.autoscaling ?? shape.autoscaling),
  );
  return [
    // The longest made-up name of a single variant is `<name>-server-configuration-` and seven characters, of 63.
    ...(/^[a-z][a-z0-9-]{0,34}$/.test(name)
      ? []
      : [`name "${name}" is not allowed: use 1 to 35 lowercase letters, digits and hyphens, a letter first`]),
    ...(namePattern.test(endpointName)
      ? []
      : [`endpointName "${endpointName}" is not allowed: use 1 to 63 letters, digits and hyphens inside`]),
    ...countProblems(shape),
    ...variants.flatMap(({ variant, key }) => variantShapeProblems(variant, key, shape)),
    ...(shape.shadow ? variantShapeProblems(shape.shadow, "shadow", shape) : []),
    ...(shape.shadow ? samplingProblems(shape.shadow) : []),
    ...excludedFeatures(features(shape)).map(({ key, message }) => `${key} ${message}`),
    ...(rollout === undefined
      ? []
      : rolloutProblems(rollout, {
          keepReleases,
          variants: variants.length,
          instanceCount: Math.min(...counts),
        }).map((problem) => `rollout ${problem}`)),
    ...sightProblems(shape, tags.CostService).map(({ key, message }) => `${key} ${message}`),
    ...tagProblems(tags).map((problem) => `tags ${problem}`),
  ];
}

function variantsOf({ variant, variants }: EndpointShape): { variant: VariantShape; key: string }[] {
  if (variants) {
    return variants.map((named) => ({ variant: named, key: `variants "${named.variantName ?? ""}"` }));
  }
  return variant ? [{ variant, key: "variant" }] : [];
}

function features(shape: EndpointShape): EndpointFeatures {
  const { asyncInference, shadow, rollout, autoscaling, dataCapture, vpcConfig, networkIsolation } = shape;
  const all = variantsOf(shape).map(({ variant }) => variant);
  return {
    ...{ asyncInference, shadow, rollout, autoscaling, dataCapture, vpcConfig, networkIsolation },
    multiModel: [shape, ...all, ...(shadow ? [shadow] : [])].some(({ model }) => isMultiModel(model)),
    serverless: all.find(({ serverlessConfig }) => serverlessConfig)?.serverlessConfig,
    variants: all.length > 1,
  };
}

function isMultiModel(model: unknown): boolean {
  return typeof model === "object" && model !== null && "format" in model && model.format === "multiModel";
}

function countProblems({ variant, variants }: EndpointShape): string[] {
  if ((variant === undefined) === (variants === undefined)) {
    return ["variant is not allowed together with variants, and one of the two is needed: use one of them"];
  }
  const names = variants?.map(({ variantName }) => variantName) ?? [];
  return [
    ...(variants === undefined || (variants.length >= 1 && variants.length <= 10)
      ? []
      : [`variants has ${variants.length}: use 1 to 10`]),
    ...[...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
      (name) => `variants has two named "${name ?? ""}": use a name for each`,
    ),
  ];
}

function samplingProblems({ samplingPercentage }: { readonly samplingPercentage: number }): string[] {
  return samplingPercentage >= 0 && samplingPercentage <= 100
    ? []
    : [`shadow.samplingPercentage ${samplingPercentage} is not allowed: use a number from 0 to 100`];
}

function variantShapeProblems(variant: VariantShape, key: string, shape: EndpointShape): string[] {
  const { variantName, instanceType, serverlessConfig, model, modelName } = variant;
  const autoscaling = key === "shadow" ? undefined : (variant.autoscaling ?? shape.autoscaling);
  return [
    ...(variantName === undefined ? [] : variantNameProblems(variantName, key, shape.name)),
    ...(model === undefined && modelName === undefined && shape.model === undefined
      ? [`${key}.model is not set, and the endpoint has none: set one of the two`]
      : []),
    ...instanceTypeProblems(instanceType, serverlessConfig).map((problem) => `${key}.${problem}`),
    ...imageProblems(variant, key, shape.image),
    ...(instanceType !== undefined && isMultiModel(model ?? shape.model)
      ? [multiModelInstanceTypeProblem(instanceType) ?? []]
          .flat()
          .map((problem) => `${key}.instanceType "${instanceType}" ${problem}`)
      : []),
    ...whole(`${key}.initialInstanceCount`, variant.initialInstanceCount, 1, Infinity),
    ...(variant.initialVariantWeight === undefined || variant.initialVariantWeight >= 0
      ? []
      : [`${key}.initialVariantWeight ${variant.initialVariantWeight} is not allowed: use a number from 0`]),
    ...Object.entries(variantLimits).flatMap(([limit, { min, max }]) =>
      whole(`${key}.${limit}`, variant[limit as keyof typeof variantLimits], min, max),
    ),
    ...(autoscaling && !serverlessConfig
      ? autoscalingProblems(autoscaling, { ...variant, asyncInference: shape.asyncInference }).map(
          (problem) => `${variant.autoscaling ? `${key}.` : ""}autoscaling ${problem}`,
        )
      : []),
  ];
}

/** The longest made-up name of a variant's own is `<name>-server-<variantName>-model-` and seven characters, of 63. */
function variantNameProblems(variantName: string, key: string, name: string): string[] {
  const longest = 41 - name.length;
  return namePattern.test(variantName) && variantName.length <= longest
    ? []
    : [`${key} has a variantName that is not allowed: use 1 to ${longest} letters, digits and hyphens inside`];
}

function instanceTypeProblems(instanceType: string | undefined, serverlessConfig: ServerlessConfig | undefined) {
  if (serverlessConfig) {
    return [
      ...(instanceType === undefined
        ? []
        : [`instanceType "${instanceType}" is not allowed with serverlessConfig: leave one of the two out`]),
      ...serverlessProblems(serverlessConfig).map((problem) => `serverlessConfig ${problem}`),
    ];
  }
  if (instanceType === undefined) return ["instanceType is not set: use for example ml.m5.large, or serverlessConfig"];
  const problem = instanceTypeProblem(instanceType);
  return problem === undefined ? [] : [`instanceType "${instanceType}" ${problem}`];
}

/** What of the image and its host does not fit the instances. */
function imageProblems(
  { instanceType, inferenceAmiVersion }: VariantShape,
  key: string,
  image: ImageNames = {},
): string[] {
  if (instanceType === undefined) return [];
  const release = releaseOf(image);
  // Another image than AWS's may be built for other GPUs, whatever its tag.
  const built = image.upstreamImage === undefined ? image.imageTag : undefined;
  const releaseProblem = built === undefined ? undefined : releaseOnInstanceProblem(built, instanceType);
  const hostProblem =
    inferenceAmiVersion === undefined ? undefined : hostImageProblem(inferenceAmiVersion, instanceType, release);
  return [
    ...(releaseProblem === undefined ? [] : [`image.imageTag "${built ?? ""}" ${releaseProblem}`]),
    ...(hostProblem === undefined ? [] : [`${key}.inferenceAmiVersion "${inferenceAmiVersion ?? ""}" ${hostProblem}`]),
  ];
}

function whole(key: string, value: number | undefined, min: number, max: number): string[] {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return [];
  const range = max === Infinity ? `from ${min}` : `from ${min} to ${max}`;
  return [`${key} ${value} is not allowed: use a whole number ${range}`];
}

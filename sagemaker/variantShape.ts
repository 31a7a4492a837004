import { autoscalingProblems, type AutoscalingOptions } from "./autoscaling.ts";
import { hostImageProblem } from "./hostImages.ts";
import { releaseOf, releaseOnInstanceProblem, type ImageNames } from "./imageReleases.ts";
import { instanceTypeProblem } from "./instanceTypes.ts";
import { namePattern, variantLimits } from "./limits.ts";
import { multiModelInstanceTypeProblem } from "./multiModel.ts";
import { serverlessProblems, type ServerlessConfig } from "./serverless.ts";

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

/** What of its endpoint a variant is judged with. */
export interface VariantContext {
  /** The component's name: the names that Pulumi makes up begin with it. */
  readonly name: string;
  /** The image that is served. Default: nothing that depends on it is judged. */
  readonly image?: ImageNames;
  /** The model of variants that have none of their own. */
  readonly model?: unknown;
  /** How the instance count follows the load where the variant says nothing else. */
  readonly autoscaling?: AutoscalingOptions;
  /** What queues the requests, where they are queued. */
  readonly asyncInference?: unknown;
}

/**
 * Everything that SageMaker would refuse in a variant.
 *
 * @param variant the variant
 * @param key what the messages call it, for example `variant` or `variants "next"`
 * @param endpoint what it is judged with
 * @returns one sentence for each problem; empty where there is none
 */
export function variantShapeProblems(variant: VariantShape, key: string, endpoint: VariantContext): string[] {
  const { variantName, instanceType, serverlessConfig, model, modelName } = variant;
  const autoscaling = key === "shadow" ? undefined : (variant.autoscaling ?? endpoint.autoscaling);
  return [
    ...(variantName === undefined ? [] : variantNameProblems(variantName, key, endpoint.name)),
    ...(model === undefined && modelName === undefined && endpoint.model === undefined
      ? [`${key}.model is not set, and the endpoint has none: set one of the two`]
      : []),
    ...instanceTypeProblems(instanceType, serverlessConfig).map((problem) => `${key}.${problem}`),
    ...imageProblems(variant, key, endpoint.image),
    ...(instanceType !== undefined && isMultiModel(model ?? endpoint.model)
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
      ? autoscalingProblems(autoscaling, { ...variant, asyncInference: endpoint.asyncInference }).map(
          (problem) => `${variant.autoscaling ? `${key}.` : ""}autoscaling ${problem}`,
        )
      : []),
  ];
}

/**
 * Whether a model is many models, each loaded as requests ask for it.
 *
 * @param model what `loadModel` returns
 */
export function isMultiModel(model: unknown): boolean {
  return typeof model === "object" && model !== null && "format" in model && model.format === "multiModel";
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

import type { AsyncInferenceOptions } from "./asyncInference.ts";
import { autoscalingProblems, firstInstanceCount, type AutoscalingOptions } from "./autoscaling.ts";
import { excludedFeatures, type EndpointFeatures } from "./exclusions.ts";
import type { ImageNames } from "./imageReleases.ts";
import { defaultInstanceType } from "./instanceTypes.ts";
import { tagProblems } from "./limits.ts";
import { rolloutProblems, type RolloutPolicy } from "./rollout.ts";
import { serverlessProblems, type ServerlessConfig } from "./serverless.ts";
import { sightProblems, type Sight } from "./sight.ts";
import { keptModelRule, modelSources, variantProblems, type VariantSettings } from "./variantRules.ts";
import { hasOwnModel, wholeVariant, type WholeVariant } from "./variantSettings.ts";

/** What a variant may set in place of what all begin with. */
export interface OwnSettings extends VariantSettings {
  /** How its instance count follows the load. */
  readonly autoscaling?: AutoscalingOptions;
}

/** The settings that rules look at, each by itself already sound; absent where not given or not sound. */
export interface Combination extends OwnSettings, ImageNames, Sight {
  /** Several variants: what each sets itself, by their names. */
  readonly variants?: Readonly<Record<string, OwnSettings>>;
  /** The shadow variant: what it sets itself. */
  readonly shadow?: VariantSettings & { readonly samplingPercentage: number };
  /** Serving without instances. */
  readonly serverless?: ServerlessConfig;
  /** Queueing requests. */
  readonly asyncInference?: AsyncInferenceOptions;
  /** The upstream image's digest. */
  readonly imageDigest?: string;
  /** Whether earlier releases are kept. */
  readonly keepReleases?: boolean;
  /** How the endpoint goes over to a new release. */
  readonly rollout?: RolloutPolicy;
  /** The VPC. */
  readonly vpcConfig?: {
    readonly securityGroupIds?: readonly string[];
    readonly vpcId?: string;
    readonly routeTableIds?: readonly string[];
  };
  /** Whether the container is cut off from every network. */
  readonly networkIsolation?: boolean;
  /** A KMS key that is there. */
  readonly kmsKeyArn?: string;
  /** Whether a KMS key is made. */
  readonly createKmsKey?: boolean;
  /** Tags beside CostEnv and CostService. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What does not go together. */
export interface CombinationProblem {
  /** The setting to change, for example `volumeSizeInGb` or `variants.next.volumeSizeInGb`. */
  readonly key: string;
  /** What is wrong and what is allowed, to be read after the setting's value. */
  readonly message: string;
}

/** The name that the endpoint's one variant goes by where no others are set. */
const onlyVariant = "";

/**
 * Everything in a combination of settings that SageMaker, or the model's way to it, refuses.
 *
 * @param settings the settings
 * @returns the problems, each once; empty where there is none
 */
export function combinationProblems(settings: Combination): CombinationProblem[] {
  const variants = wholeVariants(settings);
  const shadow = settings.shadow && wholeVariant("", settings.shadow, settings);
  const problems = [
    ...variants.flatMap((variant) => problemsOfVariant(variant, `variants.${variant.variantName}`, settings)),
    ...(shadow ? problemsOfVariant(shadow, "shadow", settings) : []),
    ...excludedFeatures(features(settings, variants)),
    // Every stack has the tag CostService.
    ...sightProblems(settings, "any"),
    ...rules.flatMap(({ key, problem }) =>
      [problem(settings, variants) ?? []].flat().map((message) => ({ key, message })),
    ),
  ];
  const told = new Set<string>();
  return problems.filter(({ key, message }) => !told.has(`${key} ${message}`) && told.add(`${key} ${message}`));
}

function wholeVariants(settings: Combination): WholeVariant<Combination>[] {
  return Object.entries(settings.variants ?? { [onlyVariant]: {} }).map(([variantName, own]) =>
    wholeVariant<Combination>(variantName, own, settings),
  );
}

/** A problem is told of the variant's own setting where it has one, and else of the setting that all begin with. */
function problemsOfVariant(
  { own, settings }: WholeVariant<Combination>,
  prefix: string,
  { variants, shadow }: Combination,
): CombinationProblem[] {
  const { autoscaling, initialInstanceCount, asyncInference, serverless } = settings;
  const instanceType = serverless ? undefined : (settings.instanceType ?? defaultInstanceType);
  const problems: CombinationProblem[] = [
    ...variantProblems({ ...settings, instanceType }),
    ...(autoscaling && prefix !== "shadow"
      ? autoscalingProblems(autoscaling, { instanceType, initialInstanceCount, asyncInference }).map((message) => ({
          key: "autoscaling",
          message,
        }))
      : []),
  ];
  const several = variants !== undefined || (shadow !== undefined && prefix === "shadow");
  return problems.map(({ key, message }) => ({
    key: several && (key in own || isMissing(message)) ? `${prefix}.${key}` : key,
    message,
  }));
}

function isMissing(message: string): boolean {
  return message.startsWith("is not set");
}

/** An endpoint has a feature where the settings or one of its variants have it; several variants are more than one. */
function features(settings: Combination, variants: readonly WholeVariant<Combination>[]): EndpointFeatures {
  const { serverless, asyncInference, shadow, rollout, autoscaling, dataCapture, vpcConfig, networkIsolation } =
    settings;
  const { instanceType, initialInstanceCount, volumeSizeInGb, inferenceAmiVersion, modelDataFormat } = settings;
  return {
    multiModel: settings.multiModel,
    ...{ serverless, asyncInference, shadow, rollout, autoscaling, dataCapture, vpcConfig, networkIsolation },
    ...{ instanceType, initialInstanceCount, volumeSizeInGb, inferenceAmiVersion, modelDataFormat },
    variants: variants.length > 1 || (settings.variants !== undefined && serverless !== undefined),
  };
}

/** Without keepReleases the Models of a stack that makes some go when it makes others, also those that are named. */
function keptModelProblem({ keepReleases, variants, ...settings }: Combination, what = "is set"): string | undefined {
  const makes = [settings, ...Object.values(variants ?? {})].some((own) =>
    modelSources.some((source) => own[source] !== undefined),
  );
  return makes && !keepReleases ? `${what}, ${keptModelRule}` : undefined;
}

interface Rule {
  readonly key: keyof Combination;
  readonly problem: (
    settings: Combination,
    variants: readonly WholeVariant<Combination>[],
  ) => string | readonly string[] | undefined;
}

const rules: readonly Rule[] = [
  ...(["imageDigest", "upstreamImage"] as const).map((key): Rule => ({
    key,
    problem: (settings) =>
      settings[key] !== undefined && settings.imageUri !== undefined
        ? "is set together with imageUri, an image that is there already and is not copied: set one of the two"
        : undefined,
  })),
  {
    key: "imageDigest",
    problem: ({ imageDigest, upstreamImage }) =>
      imageDigest !== undefined && upstreamImage?.includes("@") && !upstreamImage.endsWith(imageDigest)
        ? "is another digest than that of upstreamImage: set one of the two"
        : undefined,
  },
  {
    key: "serverless",
    problem: ({ serverless }) => serverless && serverlessProblems(serverless),
  },
  {
    key: "variants",
    problem: ({ multiModel }, variants) =>
      multiModel && variants.some(({ own }) => hasOwnModel(own))
        ? "have a model of their own beside multiModel, and requests that name a TargetModel fail on those: leave it out"
        : undefined,
  },
  {
    key: "variants",
    problem: (_settings, variants) =>
      variants.length > 1 && variants.every(({ settings }) => settings.initialVariantWeight === 0)
        ? "have all the initialVariantWeight 0, and nobody would answer: give one of them a weight above 0"
        : undefined,
  },
  {
    key: "modelName",
    problem: ({ modelName, ...settings }) => (modelName === undefined ? undefined : keptModelProblem(settings)),
  },
  {
    key: "variants",
    problem: ({ variants, ...settings }) =>
      Object.values(variants ?? {}).some(({ modelName }) => modelName !== undefined)
        ? keptModelProblem({ ...settings, variants }, "have a modelName")
        : undefined,
  },
  {
    key: "shadow",
    problem: ({ shadow, ...settings }) =>
      shadow?.modelName === undefined ? undefined : keptModelProblem(settings, "has a modelName"),
  },
  {
    key: "shadow",
    problem: ({ shadow }, [production]) =>
      shadow && production?.settings.initialVariantWeight === 0
        ? "copies a part of the traffic of a variant whose initialVariantWeight is 0: use a weight above 0"
        : undefined,
  },
  {
    key: "rollout",
    problem: ({ rollout, keepReleases, serverless }, variants) =>
      rollout && !serverless
        ? rolloutProblems(rollout, {
            keepReleases,
            variants: variants.length,
            instanceCount: Math.min(
              ...variants.map(({ settings }) =>
                firstInstanceCount(settings.initialInstanceCount, settings.autoscaling),
              ),
            ),
          })
        : undefined,
  },
  {
    key: "vpcConfig",
    problem: ({ vpcConfig }) =>
      vpcConfig !== undefined && (vpcConfig.securityGroupIds === undefined) === (vpcConfig.vpcId === undefined)
        ? "needs either securityGroupIds, which are there already, or vpcId, in which one is made: set one of the two"
        : undefined,
  },
  {
    key: "vpcConfig",
    problem: ({ vpcConfig }) =>
      vpcConfig?.routeTableIds !== undefined && vpcConfig.vpcId === undefined
        ? "has routeTableIds, which get a gateway endpoint in the VPC, and no vpcId: set it, too"
        : undefined,
  },
  {
    key: "kmsKeyArn",
    problem: ({ kmsKeyArn, createKmsKey }) =>
      kmsKeyArn !== undefined && createKmsKey
        ? "is set together with createKmsKey: use a key that is there, or have one made"
        : undefined,
  },
  {
    key: "tags",
    problem: ({ tags = {} }) =>
      "CostEnv" in tags || "CostService" in tags
        ? "has CostEnv or CostService: use the settings costEnv and costService"
        : tagProblems({ ...tags, CostEnv: "", CostService: "" }).at(0),
  },
];

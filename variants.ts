import * as pulumi from "@pulumi/pulumi";
import { loadModel, type NamedVariant, type ProductionVariant, type TritonEndpointArgs } from "./components/index.ts";
import { inferenceAmiVersionFor } from "./sagemaker/hostImages.ts";
import { releaseOf } from "./sagemaker/imageReleases.ts";
import { commonHardware, defaultInstanceType } from "./sagemaker/instanceTypes.ts";
import { serverEnvironment } from "./sagemaker/serverEnvironment.ts";
import { modelSources } from "./sagemaker/variantRules.ts";
import { hasOwnModel, wholeVariant } from "./sagemaker/variantSettings.ts";
import { isSecretSetting } from "./settings.ts";
import type { Settings } from "./settings/schema.ts";

/** What of TritonEndpoint's arguments a stack's settings of models and variants become. */
export interface StackVariants {
  /** The model of variants that have none of their own. */
  readonly model: TritonEndpointArgs["model"];
  /** The container's environment of variants that have none of their own. */
  readonly environment: TritonEndpointArgs["environment"];
  /** The only variant. */
  readonly variant: TritonEndpointArgs["variant"];
  /** Several variants. */
  readonly variants: TritonEndpointArgs["variants"];
  /** The shadow variant. */
  readonly shadow: TritonEndpointArgs["shadow"];
}

/** What a variant sets in place of what the stack sets for all. */
type OwnSettings = Partial<Settings>;

/**
 * The stack's models, checked and packed, and the variants that serve them.
 *
 * @param settings the stack's settings
 * @throws pulumi.RunError naming every error in a model
 */
export async function stackVariants(settings: Settings): Promise<StackVariants> {
  const { variants = {}, shadow } = settings;
  const own: readonly OwnSettings[] = [...Object.values(variants), ...(shadow ? [shadow] : [])];
  const sharing = [
    ...(Object.keys(variants).length === 0 ? [settings] : []),
    ...own.filter((variant) => !hasOwnModel(variant)).map((variant) => wholeVariant("", variant, settings).settings),
  ];
  return {
    model: sharing.length > 0 && hasSource(settings) ? await modelOf(settings, sharing) : undefined,
    environment: environmentOf(settings, "environment"),
    variant: settings.variants ? undefined : instancesOf(settings),
    variants:
      settings.variants &&
      (await Promise.all(Object.entries(variants).map(([name, its]) => variantOf(name, its, settings)))),
    shadow: shadow && {
      ...(await variantOf("Shadow", shadow, settings, "shadow")),
      samplingPercentage: shadow.samplingPercentage,
    },
  };
}

async function variantOf(
  variantName: string,
  own: OwnSettings,
  stack: Settings,
  setting = "variants",
): Promise<NamedVariant> {
  const { settings } = wholeVariant(variantName, own, stack);
  const itsEnvironment = [own.defaultModelName, own.modelServer, own.environment].some((value) => value !== undefined);
  return {
    variantName,
    model: hasOwnModel(own) && hasSource(own) ? await modelOf(settings, [settings]) : undefined,
    environment: itsEnvironment ? environmentOf(settings, setting) : undefined,
    autoscaling: own.autoscaling,
    ...instancesOf(settings),
  };
}

function hasSource(settings: OwnSettings): boolean {
  return modelSources.some((source) => settings[source] !== undefined);
}

/** A model has to load on the instances of each variant that serves it. */
async function modelOf(settings: Settings, serving: readonly Settings[]) {
  const environment = serverEnvironment(settings);
  const instanceTypes = serving.flatMap(({ serverless, instanceType = defaultInstanceType }) =>
    serverless ? [] : [instanceType],
  );
  return loadModel(settings, {
    check: {
      defaultModelName: environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME,
      additionalArgs: environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS,
      inferenceType: environment.SAGEMAKER_TRITON_INFERENCE_TYPE ?? "infer",
      release: releaseOf(settings)?.slice(0, 5),
      ownImage: (settings.imageUri ?? settings.upstreamImage) !== undefined,
      ...commonHardware(instanceTypes),
    },
  });
}

function environmentOf(settings: Settings, setting: string) {
  const environment = serverEnvironment(settings);
  return isSecretSetting(setting) || isSecretSetting("environment") ? pulumi.secret(environment) : environment;
}

function instancesOf(settings: Settings): ProductionVariant {
  const { modelName, serverless, initialVariantWeight } = settings;
  if (serverless) return { modelName, initialVariantWeight, serverlessConfig: serverless };
  const { instanceType = defaultInstanceType, imageTag, initialInstanceCount, volumeSizeInGb } = settings;
  const { containerStartupHealthCheckTimeoutInSeconds, modelDataDownloadTimeoutInSeconds } = settings;
  const release = releaseOf(settings) ?? imageTag;
  const inferenceAmiVersion = settings.inferenceAmiVersion ?? inferenceAmiVersionFor(release, instanceType);
  return {
    ...{ modelName, instanceType, initialInstanceCount, initialVariantWeight, volumeSizeInGb, inferenceAmiVersion },
    ...{ containerStartupHealthCheckTimeoutInSeconds, modelDataDownloadTimeoutInSeconds },
  };
}

import * as pulumi from "@pulumi/pulumi";
import { loadModel, type NamedVariant, type ProductionVariant, type TritonEndpointArgs } from "./components/index.ts";
import { checkOptionsFor, describeTarget, type CheckTarget } from "./sagemaker/checkTarget.ts";
import { inferenceAmiVersionFor } from "./sagemaker/hostImages.ts";
import { releaseOf } from "./sagemaker/imageReleases.ts";
import { defaultInstanceType } from "./sagemaker/instanceTypes.ts";
import { configuredRegion } from "./sagemaker/region.ts";
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
  const sharing = sharingModel(settings);
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

/**
 * What the stack's own model is checked for: its image and environment, and all that serves it.
 *
 * @param settings the stack's settings
 */
export function servingTarget(settings: Settings): CheckTarget {
  return { image: settings, server: settings, places: sharingModel(settings) };
}

/** The settings of each variant that serves the stack's own model. */
function sharingModel(settings: Settings): Settings[] {
  const { variants = {}, shadow } = settings;
  const own: readonly OwnSettings[] = [...Object.values(variants), ...(shadow ? [shadow] : [])];
  return [
    ...(Object.keys(variants).length === 0 ? [settings] : []),
    ...own.filter((variant) => !hasOwnModel(variant)).map((variant) => wholeVariant("", variant, settings).settings),
  ];
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
function modelOf(settings: Settings, serving: readonly Settings[]) {
  const target = checkTarget(settings, serving);
  return loadModel(settings, { check: checkOptionsFor(target), checkedFor: describeTarget(target) });
}

function checkTarget(settings: Settings, serving: readonly Settings[]): CheckTarget {
  return {
    image: settings,
    server: settings,
    places: serving,
    region: configuredRegion(pulumi.runtime.allConfig()),
  };
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

import * as pulumi from "@pulumi/pulumi";
import { loadModel, type NamedVariant, type TritonEndpointArgs } from "../components/index.ts";
import { omit } from "../endpoint/fields.ts";
import { wholeShadow, wholeVariants } from "../endpoint/schema.ts";
import { hasOwnModel, instanceFields, modelSources, type WholeVariant } from "../endpoint/variant.ts";
import { checkOptionsFor, describeTarget, type CheckTarget } from "../sagemaker/checkTarget.ts";
import { configuredRegion } from "../sagemaker/region.ts";
import { serverEnvironment } from "../sagemaker/serverEnvironment.ts";
import type { Settings } from "./schema.ts";
import { isSecretSetting } from "./secrets.ts";

/**
 * Converts a stack's settings to TritonEndpoint's arguments, checking and packing its models.
 *
 * @param settings the stack's settings
 * @throws pulumi.RunError listing every error in a model
 */
export async function endpointArgs(settings: Settings): Promise<TritonEndpointArgs> {
  const variants = wholeVariants(settings);
  const shadow = wholeShadow(settings);
  const sharing = sharingModel(settings).map(({ values }) => values);
  const { asyncInference, vpcConfig, rollout, autoscaling, monitoring, dataCapture, coreDump, budget } = settings;
  const {
    bucketName,
    replaceEndpoint,
    accessLogging,
    networkIsolation,
    kmsKeyArn,
    createKmsKey,
    protect,
    keepReleases,
  } = settings;
  const { imageUri, imageTag, imageDigest, upstreamImage, imageArchitecture, repositoryName, immutableTags } = settings;
  return {
    model: sharing.length > 0 && hasSource(settings) ? await modelOf(settings, sharing) : undefined,
    environment: environmentOf(settings, "environment"),
    variant: settings.variants ? undefined : instancesOf(settings),
    variants: settings.variants && (await Promise.all(variants.map((variant) => variantOf(variant, "variants")))),
    shadow: shadow && settings.shadow && (await shadowOf(shadow, settings.shadow)),
    endpointName: settings.endpointName ?? `${pulumi.getProject()}-${pulumi.getStack()}`,
    image:
      imageUri === undefined
        ? { imageTag, imageDigest, upstreamImage, imageArchitecture, repositoryName, immutableTags }
        : { imageUri, imageArchitecture },
    ...{ asyncInference, vpcConfig, rollout, autoscaling, monitoring, dataCapture, coreDump, budget },
    ...{ bucketName, replaceEndpoint, accessLogging, networkIsolation, kmsKeyArn, createKmsKey, protect, keepReleases },
    tags: {
      CostEnv: settings.costEnv ?? pulumi.getStack(),
      CostService: settings.costService ?? pulumi.getProject(),
      ...settings.tags,
    },
  };
}

async function variantOf(
  { variantName, own, values }: WholeVariant<Settings>,
  setting: keyof Settings,
): Promise<NamedVariant> {
  const itsEnvironment = [own.defaultModelName, own.modelServer, own.environment].some((value) => value !== undefined);
  return {
    variantName,
    model: hasOwnModel(own) && hasSource(own) ? await modelOf(values, [values]) : undefined,
    environment: itsEnvironment ? environmentOf(values, setting) : undefined,
    autoscaling: own.autoscaling,
    ...instancesOf(values),
  };
}

/** A shadow variant has no weight and doesn't scale. */
async function shadowOf(shadow: WholeVariant<Settings>, { samplingPercentage }: { samplingPercentage: number }) {
  const variant = omit(await variantOf(shadow, "shadow"), "initialVariantWeight", "autoscaling");
  return { ...variant, samplingPercentage };
}

function hasSource(settings: Partial<Record<(typeof modelSources)[number], unknown>>): boolean {
  return modelSources.some((source) => settings[source] !== undefined);
}

/**
 * The target of the check of the stack's own model: its image, its environment, and the variants that serve it.
 *
 * @param settings the stack's settings
 */
export function servingTarget(settings: Settings): CheckTarget {
  return { image: settings, server: settings, places: sharingModel(settings).map(({ values }) => values) };
}

/** The variants that serve the stack's own model. */
function sharingModel(settings: Settings): WholeVariant<Settings>[] {
  const shadow = wholeShadow(settings);
  return [...wholeVariants(settings), ...(shadow ? [shadow] : [])].filter(({ own }) => !hasOwnModel(own));
}

/** A model must load on the instances of each variant that serves it. */
function modelOf(settings: Settings, places: readonly Settings[]) {
  const region = configuredRegion(pulumi.runtime.allConfig());
  const target = { image: settings, server: settings, places, region };
  return loadModel(settings, { check: checkOptionsFor(target), checkedFor: describeTarget(target) });
}

/** Makes a value secret if the settings that it comes from are. */
function environmentOf(settings: Settings, setting: keyof Settings) {
  const environment = serverEnvironment(settings);
  return isSecretSetting(setting) || isSecretSetting("environment") ? pulumi.secret(environment) : environment;
}

function instancesOf(settings: Settings) {
  const { modelName, serverless, initialVariantWeight } = settings;
  if (serverless) return { modelName, initialVariantWeight, serverlessConfig: serverless };
  const instances = Object.entries(settings).filter(([key]) => Object.hasOwn(instanceFields, key)) as [
    keyof Settings,
    unknown,
  ][];
  return { modelName, ...(Object.fromEntries(instances) as Pick<Settings, keyof typeof instanceFields>) };
}

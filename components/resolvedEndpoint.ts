import type * as pulumi from "@pulumi/pulumi";
import { scalesByServer } from "../endpoint/autoscaling.ts";
import type { EndpointVariant, ResolvedArgs } from "../endpoint/endpointArgs.ts";
import { omit } from "../endpoint/fields.ts";
import { formatPath } from "../endpoint/problem.ts";
import type { Endpoint } from "../endpoint/schema.ts";
import { servingTarget } from "../endpoint/servingTarget.ts";
import { modelSources, onlyVariantName, type VariantValues } from "../endpoint/variant.ts";
import { sharingVariants, wholeShadow, wholeVariants, type WholeVariant } from "../endpoint/wholeVariants.ts";
import { inferenceAmiVersionFor } from "../sagemaker/hostImages.ts";
import { describeImage } from "../sagemaker/image.ts";
import { defaultInstanceType } from "../sagemaker/instanceTypes.ts";
import { variantDimensions } from "../sagemaker/endpointMetrics.ts";
import { serverEnvironment } from "../sagemaker/serverEnvironment.ts";
import type { ServerMetrics } from "../sagemaker/serverMetrics.ts";
import type { ModelArtifact } from "../packing/modelArtifact.ts";
import { whenKnown } from "./later.ts";
import { pendingModel, type PendingModel } from "./pendingModel.ts";

/** A variant with its complete settings: its own override the endpoint's. */
export interface ResolvedVariant extends Omit<EndpointVariant, "environment"> {
  /** Its name. */
  readonly variantName: string;
  /** Its own model; absent if it serves the endpoint's, or a Model that already exists. */
  readonly model?: PendingModel;
  /** Its container's environment; absent if it has the endpoint's. */
  readonly environment?: pulumi.Input<Readonly<Record<string, string>>>;
  /** Serves without instances. */
  readonly serverless?: ResolvedArgs["serverless"];
}

/** TritonEndpoint's arguments after validation, with all defaults. */
export interface ResolvedEndpoint extends Omit<ResolvedArgs, "variants" | "shadow" | "endpointName" | "environment"> {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The model of all variants that have none of their own; absent if all have. */
  readonly model?: PendingModel;
  /** The environment of their container. */
  readonly environment: pulumi.Input<Readonly<Record<string, string>>>;
  /** The production variants, at least one. */
  readonly variants: readonly ResolvedVariant[];
  /** The shadow variant. */
  readonly shadow?: ResolvedVariant & { readonly samplingPercentage: pulumi.Input<number> };
  /** Whether variants are named; the names of each variant's own resources then contain the variant's name. */
  readonly named: boolean;
  /** The checks of the models that are packed while resources are registered. */
  readonly checks: readonly Promise<unknown>[];
}

/** The models that were given as `model`, by the path of the object that has it. */
export type GivenModels = ReadonlyMap<string, ModelArtifact>;

/**
 * Resolves an endpoint's variants, each with its complete settings.
 *
 * @param name the component's name, which is the endpoint's by default
 * @param endpoint the endpoint with all defaults. What isn't known yet is an Output
 * @param models the models that were loaded already, by the path of the object that has them
 * @param region the region, if it is known
 * @internal
 */
export function resolveEndpoint(
  name: string,
  endpoint: Endpoint,
  models: GivenModels,
  region: string | undefined,
): ResolvedEndpoint {
  const whole = endpoint as Endpoint & ResolvedArgs;
  const shadow = wholeShadow(endpoint);
  const several = endpoint.variants !== undefined || shadow !== undefined;
  const endpointName = whole.endpointName ?? name;
  const variant = (of: WholeVariant) => resolveVariant(of, models, region, { endpointName, several });
  const shares = sharingVariants(endpoint).length > 0 && hasSource(endpoint);
  const model = shares ? pendingModel(endpoint, servingTarget(endpoint, undefined, region), models.get("")) : undefined;
  const variants = wholeVariants(endpoint).map(variant);
  const shadowVariant = shadow && variant(shadow);
  return {
    ...omit(whole, "variants", "shadow"),
    endpointName,
    model,
    environment: environmentOf(whole, several ? undefined : metricsOf(whole, endpointName, onlyVariantName)),
    variants,
    shadow: shadowVariant &&
      endpoint.shadow && {
        ...omit(shadowVariant, "initialVariantWeight", "autoscaling"),
        samplingPercentage: endpoint.shadow.samplingPercentage,
      },
    named: endpoint.variants !== undefined,
    checks: [model, ...variants.map((of) => of.model), shadowVariant?.model].flatMap((pending) =>
      pending && "checked" in pending && pending.checked ? [pending.checked] : [],
    ),
  };
}

function resolveVariant(
  { variantName, at, own, values }: WholeVariant,
  models: GivenModels,
  region: string | undefined,
  { endpointName, several }: { readonly endpointName: string; readonly several: boolean },
): ResolvedVariant {
  const isNamed = at.length > 0;
  const whole = values as Endpoint & ResolvedArgs;
  // Each container reports the metrics of its own variant.
  const metrics = several ? metricsOf(whole, endpointName, variantName) : undefined;
  const hasEnvironment = [own.defaultModelName, own.modelServer, own.environment].some((value) => value !== undefined);
  return {
    ...omit(whole, "variants", "shadow", "environment"),
    variantName,
    model:
      isNamed && hasSource(own)
        ? pendingModel(values, servingTarget(values, [values], region), models.get(formatPath(at)))
        : undefined,
    environment: (isNamed && hasEnvironment) || metrics ? environmentOf(whole, metrics) : undefined,
    ...(!whole.serverless && instancesOf(whole)),
  };
}

/** The instances, with the host image that the image's release and the GPU need. */
function instancesOf(values: ResolvedArgs): Pick<EndpointVariant, "instanceType" | "inferenceAmiVersion"> {
  const { instanceType = defaultInstanceType, imageTag, imageUri, upstreamImage } = values;
  return {
    instanceType,
    inferenceAmiVersion:
      values.inferenceAmiVersion ??
      (whenKnown({ imageTag, imageUri, upstreamImage }, (image) =>
        inferenceAmiVersionFor(
          describeImage(image).release ?? describeImage({ imageTag: image.imageTag }).release,
          instanceType,
        ),
      ) as pulumi.Input<string>),
  };
}

function environmentOf(
  { defaultModelName, modelServer, environment }: ResolvedArgs,
  serverMetrics: ServerMetrics | undefined,
) {
  return whenKnown({ defaultModelName, modelServer, environment }, (settings) =>
    serverEnvironment({ ...settings, ...(serverMetrics && { serverMetrics }) }),
  );
}

/** What a variant's server reports; `undefined` if it reports nothing. */
function metricsOf(
  { monitoring, autoscaling }: Endpoint,
  endpointName: string,
  variantName: string,
): ServerMetrics | undefined {
  if (!monitoring?.serverMetrics) return undefined;
  const { periodInSeconds } = monitoring.serverMetrics;
  return {
    dimensions: variantDimensions(endpointName, variantName),
    periodInSeconds,
    printIdle: scalesByServer(autoscaling),
  };
}

function hasSource(values: VariantValues): boolean {
  return modelSources.some((source) => values[source] !== undefined);
}

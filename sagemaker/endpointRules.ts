import { firstInstanceCount, type AutoscalingOptions } from "./autoscaling.ts";
import { excludedFeatures, type EndpointFeatures } from "./exclusions.ts";
import { imageTagPattern, type ImageNames } from "./imageReleases.ts";
import { parseEcrImage } from "./imageUri.ts";
import { bucketNamePattern, namePattern, tagProblems, vpcLimits } from "./limits.ts";
import { rolloutProblems, type RolloutPolicy } from "./rollout.ts";
import { sightProblems, type Sight } from "./sight.ts";
import { keptModelRule } from "./variantRules.ts";
import { isMultiModel, variantShapeProblems, type VariantShape } from "./variantShape.ts";

/** What of an endpoint can be judged before anything is registered. */
export interface EndpointShape extends Sight, Pick<EndpointFeatures, "asyncInference" | "networkIsolation"> {
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
  /** The VPC: with security groups that are there, or with the VPC's id where one is made. */
  readonly vpcConfig?: {
    readonly subnets?: readonly string[];
    readonly securityGroupIds?: readonly string[];
    readonly vpcId?: string;
  };
  /** The bucket's name. Default: made up by Pulumi. */
  readonly bucketName?: string;
  /** A KMS key that is there. */
  readonly kmsKeyArn?: unknown;
  /** Whether a KMS key is made. */
  readonly createKmsKey?: boolean;
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
    ...keptModelProblems(shape),
    ...wallProblems(shape),
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

function keptModelProblems(shape: EndpointShape): string[] {
  const all = [...variantsOf(shape), ...(shape.shadow ? [{ variant: shape.shadow, key: "shadow" }] : [])];
  if (shape.keepReleases || [shape, ...all.map(({ variant }) => variant)].every(({ model }) => model === undefined)) {
    return [];
  }
  return all
    .filter(({ variant }) => variant.modelName !== undefined)
    .map(({ key }) => `${key}.modelName is set, ${keptModelRule}`);
}

function wallProblems(shape: EndpointShape): string[] {
  const { image, vpcConfig, bucketName, kmsKeyArn, createKmsKey } = shape;
  return [
    ...(image?.imageTag === undefined || image.upstreamImage !== undefined || imageTagPattern.test(image.imageTag)
      ? []
      : [`image.imageTag "${image.imageTag}" is not allowed: use <year>.<month>-py3, for example 26.05-py3`]),
    ...(bucketName === undefined || bucketNamePattern.test(bucketName)
      ? []
      : [`bucketName "${bucketName}" is not allowed: use 3 to 63 lowercase letters, digits, hyphens and dots inside`]),
    ...(kmsKeyArn !== undefined && createKmsKey
      ? ["kmsKeyArn is set together with createKmsKey: use a key that is there, or have one made"]
      : []),
    ...(["subnets", "securityGroupIds"] as const).flatMap((list) => {
      const { min, max } = vpcLimits[list];
      const count = vpcConfig?.[list]?.length;
      return count === undefined || (count >= min && count <= max)
        ? []
        : [`vpcConfig.${list} has ${count}: use ${min} to ${max}`];
    }),
    ...(image?.imageUri === undefined || parseEcrImage(image.imageUri)
      ? []
      : [
          `image.imageUri "${image.imageUri}" is not allowed: use <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag> or …@sha256:<digest>`,
        ]),
    ...(vpcConfig && !vpcConfig.securityGroupIds && vpcConfig.vpcId === undefined
      ? ["vpcConfig has neither securityGroupIds nor a vpcId in which one is made: set one of the two"]
      : []),
  ];
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

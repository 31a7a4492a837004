import * as pulumi from "@pulumi/pulumi";
import type { PlannedEndpoint } from "../releases/changeRules.ts";
import type { EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import type { ResolvedEndpoint } from "./resolvedEndpoint.ts";

/**
 * The part of the arguments that is compared with the endpoint in service.
 *
 * @param args the endpoint's arguments
 * @param earlier the endpoint in service; a name that isn't known yet counts as unchanged
 * @param region the region, if the stack's configuration sets it
 */
export function plannedEndpoint(
  args: ResolvedEndpoint,
  earlier: EarlierEndpoint | undefined,
  region: string | undefined,
): PlannedEndpoint {
  const { endpointName, kmsKeyArn } = args;
  const repositoryName = args.imageUri === undefined ? args.repositoryName : undefined;
  return {
    stack: pulumi.getStack(),
    endpointName,
    replaceEndpoint: args.replaceEndpoint,
    region,
    protect: args.protect,
    modelNames: [...args.variants, ...(args.shadow ? [args.shadow] : [])].flatMap(({ modelName }) =>
      typeof modelName === "string" ? [modelName] : [],
    ),
    asyncInference: args.asyncInference !== undefined,
    serverless: args.serverless !== undefined,
    variantNames: args.variants.map(({ variantName }) => variantName),
    rollout: args.rollout !== undefined,
    bucketName: nameOr(args.bucketName, earlier?.bucketName),
    repositoryName: nameOr(repositoryName, earlier?.repository?.name),
    existing: Object.fromEntries(
      (["bucket", "repository", "role", "logGroup"] as const).flatMap((part) =>
        args[part] === undefined ? [] : [[part, nameOr(args[part], "unknown")]],
      ),
    ),
    createKmsKey: args.createKmsKey,
    kmsKeyArn: kmsKeyArn === undefined || typeof kmsKeyArn === "string" ? kmsKeyArn : "unknown",
  };
}

function nameOr(name: pulumi.Input<string> | undefined, earlier: string | undefined): string | undefined {
  return name === undefined || typeof name === "string" ? name : earlier;
}

/**
 * The names of the variants that the stack has scaled so far and no longer scales.
 *
 * @param args the endpoint's arguments
 * @param earlier the endpoint in service; absent if there is none
 */
export function unscaledVariants(args: ResolvedEndpoint, earlier: EarlierEndpoint | undefined): string[] {
  const scaled = args.variants.flatMap(({ variantName, autoscaling }) => (autoscaling ? [variantName] : []));
  return earlier?.scaledVariants.filter((variantName) => !scaled.includes(variantName)) ?? [];
}

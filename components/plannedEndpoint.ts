import * as pulumi from "@pulumi/pulumi";
import type { PlannedEndpoint } from "../releases/changeRules.ts";
import type { EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import type { ResolvedArguments } from "./endpointArguments.ts";

/**
 * The part of the arguments that is compared with the endpoint in service.
 *
 * @param args the endpoint's arguments
 * @param endpointName the endpoint's name in SageMaker
 */
export function plannedEndpoint(args: ResolvedArguments, endpointName: string): PlannedEndpoint {
  const { image, kmsKeyArn, releaseWatch } = args;
  const repositoryName = image.imageUri === undefined ? image.repositoryName : undefined;
  return {
    stack: pulumi.getStack(),
    endpointName,
    replaceEndpoint: args.replaceEndpoint,
    region: releaseWatch?.region,
    protect: args.protect,
    modelNames: [...args.variants, ...(args.shadow ? [args.shadow] : [])].flatMap(({ modelName }) =>
      typeof modelName === "string" ? [modelName] : [],
    ),
    asyncInference: args.asyncInference !== undefined,
    serverless: args.variants.some(({ serverlessConfig }) => serverlessConfig !== undefined),
    variantNames: args.variants.map(({ variantName }) => variantName),
    rollout: args.rollout !== undefined,
    bucketName: args.bucketName,
    repositoryName,
    createKmsKey: args.createKmsKey,
    kmsKeyArn: kmsKeyArn === undefined || typeof kmsKeyArn === "string" ? kmsKeyArn : "unknown",
  };
}

/**
 * The names of the variants that the stack has scaled so far and no longer scales.
 *
 * @param args the endpoint's arguments
 * @param earlier the endpoint in service; absent if there is none
 */
export function unscaledVariants(args: ResolvedArguments, earlier: EarlierEndpoint | undefined): string[] {
  const scaled = args.variants.flatMap(({ variantName, autoscaling }) =>
    (autoscaling ?? args.autoscaling) ? [variantName] : [],
  );
  return earlier?.scaledVariants.filter((variantName) => !scaled.includes(variantName)) ?? [];
}

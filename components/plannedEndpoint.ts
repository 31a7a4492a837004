import * as pulumi from "@pulumi/pulumi";
import type { PlannedEndpoint } from "../releases/changeRules.ts";
import type { EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import type { ResolvedArguments } from "./endpointArguments.ts";

/**
 * What of the arguments is compared with the endpoint that serves.
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
 * The names of the variants that the stack has scaled until now and no longer scales.
 *
 * @param args the endpoint's arguments
 * @param earlier the endpoint that serves; absent where there is none
 */
export function unscaledVariants(args: ResolvedArguments, earlier: EarlierEndpoint | undefined): string[] {
  const scaled = args.variants.flatMap(({ variantName, autoscaling }) =>
    (autoscaling ?? args.autoscaling) ? [variantName] : [],
  );
  return earlier?.scaledVariants.filter((variantName) => !scaled.includes(variantName)) ?? [];
}

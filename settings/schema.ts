import * as z from "zod";
import { kmsKeyArnPattern } from "../sagemaker/encryption.ts";
import { imageTagPattern } from "../sagemaker/imageReleases.ts";
import { parseEcrImage } from "../sagemaker/imageUri.ts";
import {
  bucketNamePattern,
  namePattern,
  tagProblems,
  tagValueAllowed,
  tagValuePattern,
  vpcLimits,
} from "../sagemaker/limits.ts";
import { budgetSchema } from "./budget.ts";
import { dataCaptureSchema } from "./dataCapture.ts";
import { checked, decoded, flag, ids, matching } from "./fields.ts";
import { monitoringSchema } from "./monitoring.ts";
import { multiModelSchema } from "./multiModel.ts";
import { rolloutSchema } from "./rollout.ts";
import { asyncInferenceSchema, serverlessSchema, shadowSchema, variantFields, variantsSchema } from "./variants.ts";

/** Every setting of a stack: key, type and what is allowed. `Pulumi.yaml` declares the same keys with their defaults. */
export const settingsSchema = z.strictObject({
  endpointName: matching(namePattern, "use 1 to 63 letters, digits and hyphens inside").optional(),
  replaceEndpoint: matching(namePattern, "use the name of the endpoint that may be deleted").optional(),
  ...variantFields,
  multiModel: multiModelSchema.optional(),
  modelDataFormat: variantFields.modelDataFormat.default("archive"),
  environment: variantFields.environment.default({}),
  initialVariantWeight: variantFields.initialVariantWeight.default(1),
  containerStartupHealthCheckTimeoutInSeconds: variantFields.containerStartupHealthCheckTimeoutInSeconds.default(300),
  modelDataDownloadTimeoutInSeconds: variantFields.modelDataDownloadTimeoutInSeconds.default(1200),
  bucketName: matching(
    bucketNamePattern,
    "use 3 to 63 lowercase letters, digits, hyphens and dots inside, no IP address and nothing that S3 keeps for itself",
  ).optional(),
  accessLogging: flag().default(false),
  imageTag: matching(imageTagPattern, "use <year>.<month>-py3, for example 26.05-py3").default("26.05-py3"),
  imageDigest: matching(/^sha256:[0-9a-f]{64}$/, "use sha256: and 64 hexadecimal digits").optional(),
  upstreamImage: matching(
    /^[a-z0-9.:_/-]+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    "use an image reference, for example nvcr.io/nvidia/tritonserver:24.10-py3",
  ).optional(),
  imageUri: z
    .string()
    .refine((uri) => parseEcrImage(uri), {
      error: "is not allowed: use <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag> or …@sha256:<digest>",
    })
    .optional(),
  repositoryName: matching(
    /^(?=.{2,256}$)[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/,
    "use 2 to 256 lowercase letters and digits, with . _ - / between them",
  ).optional(),
  immutableTags: flag().default(false),
  variants: variantsSchema.optional(),
  shadow: shadowSchema.optional(),
  serverless: serverlessSchema.optional(),
  asyncInference: asyncInferenceSchema.optional(),
  vpcConfig: decoded(
    z.strictObject({
      subnets: ids("subnet", vpcLimits.subnets),
      securityGroupIds: ids("sg", vpcLimits.securityGroupIds).optional(),
      vpcId: matching(/^vpc-[0-9a-f]{8,17}$/, "use an id like vpc-0123456789abcdef0").optional(),
      routeTableIds: ids("rtb", { min: 1, max: 50 }).optional(),
    }),
  ).optional(),
  networkIsolation: flag().default(false),
  kmsKeyArn: matching(kmsKeyArnPattern, "use a key's ARN, arn:aws:kms:<region>:<account>:key/<id>").optional(),
  createKmsKey: flag().default(false),
  protect: flag().default(false),
  keepReleases: flag().default(false),
  rollout: rolloutSchema.optional(),
  monitoring: monitoringSchema.optional(),
  dataCapture: dataCaptureSchema.optional(),
  budget: budgetSchema.optional(),
  costEnv: matching(tagValuePattern, tagValueAllowed).optional(),
  costService: matching(tagValuePattern, tagValueAllowed).optional(),
  tags: checked(tagProblems).default({}),
});

/** The settings of a stack, checked. */
export type Settings = z.output<typeof settingsSchema>;

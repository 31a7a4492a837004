import * as z from "zod";
import { kmsKeyArnPattern } from "../sagemaker/encryption.ts";
import { imageTagPattern } from "../sagemaker/imageReleases.ts";
import { parseEcrImage } from "../sagemaker/imageUri.ts";
import { instanceTypeProblem } from "../sagemaker/instanceTypes.ts";
import { environmentProblems, namePattern, tagProblems, variantLimits, vpcLimits } from "../sagemaker/limits.ts";
import { autoscalingSchema } from "./autoscaling.ts";
import { checked, decoded, flag, ids, matching, wholeNumber } from "./fields.ts";
import { modelServerSettings } from "./modelServer.ts";
import { rolloutSchema } from "./rollout.ts";

/** Every setting of a stack: key, type and what is allowed. `Pulumi.yaml` declares the same keys with their defaults. */
export const settingsSchema = z.strictObject({
  endpointName: matching(namePattern, "use 1 to 63 letters, digits and hyphens inside").optional(),
  modelRepository: z.string().optional(),
  modelArchive: z.string().optional(),
  modelDataUrl: matching(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^?#]+\.tar\.gz$/,
    "use s3://<bucket>/<key> of a .tar.gz",
  ).optional(),
  modelDataFormat: z.enum(["archive", "prefix"], "use archive or prefix").default("archive"),
  defaultModelName: matching(/^[^/]+$/, "use the name of a folder in the model repository").optional(),
  modelServer: decoded(modelServerSettings).optional(),
  environment: checked(environmentProblems).default({}),
  bucketName: matching(
    /^(?!xn--|sthree-)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "use 3 to 63 lowercase letters, digits, hyphens and dots inside",
  ).optional(),
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
  instanceType: z.string().superRefine((instanceType, context) => {
    const message = instanceTypeProblem(instanceType);
    if (message) context.addIssue({ code: "custom", message });
  }),
  initialInstanceCount: wholeNumber({ min: 1, max: 10_000 }).optional(),
  initialVariantWeight: decoded(z.number("is not allowed: use a number from 0").min(0)).default(1),
  containerStartupHealthCheckTimeoutInSeconds: wholeNumber(
    variantLimits.containerStartupHealthCheckTimeoutInSeconds,
  ).default(300),
  modelDataDownloadTimeoutInSeconds: wholeNumber(variantLimits.modelDataDownloadTimeoutInSeconds).default(1200),
  volumeSizeInGb: wholeNumber(variantLimits.volumeSizeInGb).optional(),
  inferenceAmiVersion: matching(
    /^al[0-9]+-ami-sagemaker-inference-gpu-[0-9-]+$/,
    "use a host image for GPUs, for example al2023-ami-sagemaker-inference-gpu-4-1",
  ).optional(),
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
  autoscaling: autoscalingSchema.optional(),
  costEnv: z.string().optional(),
  costService: z.string().optional(),
  tags: checked(tagProblems).default({}),
});

/** The settings of a stack, checked. */
export type Settings = z.output<typeof settingsSchema>;

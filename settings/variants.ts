import * as z from "zod";
import { instanceTypeProblem } from "../sagemaker/instanceTypes.ts";
import { environmentProblems, namePattern, variantLimits } from "../sagemaker/limits.ts";
import { serverlessLimits } from "../sagemaker/serverless.ts";
import { autoscalingSchema } from "./autoscaling.ts";
import { checked, decoded, matching, pathTo, percent, topicArn, wholeNumber } from "./fields.ts";
import { modelServerSettings } from "./modelServer.ts";

const weight = "is not allowed: use a number from 0";

/** What a variant is made from: settings of the stack, which each of several variants may set for itself. */
export const variantFields = {
  modelRepository: pathTo("a model repository").optional(),
  modelArchive: pathTo("a .tar.gz").optional(),
  modelDataUrl: matching(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^?#]+\.tar\.gz$/,
    "use s3://<bucket>/<key> of a .tar.gz",
  ).optional(),
  modelName: matching(
    namePattern,
    "use the name of a Model in SageMaker: 1 to 63 letters, digits and hyphens",
  ).optional(),
  modelDataFormat: z.enum(["archive", "prefix"], "use archive or prefix").optional(),
  defaultModelName: matching(/^[^/]+$/, "use the name of a folder in the model repository").optional(),
  modelServer: decoded(modelServerSettings).optional(),
  environment: checked(environmentProblems).optional(),
  instanceType: z
    .string("is not allowed: use ml.<family>.<size>, for example ml.m5.large or ml.g5.xlarge")
    .superRefine((instanceType, context) => {
      const message = instanceTypeProblem(instanceType);
      if (message) context.addIssue({ code: "custom", message });
    })
    .optional(),
  initialInstanceCount: wholeNumber({ min: 1, max: 10_000 }).optional(),
  initialVariantWeight: decoded(z.number(weight).min(0, weight)).optional(),
  containerStartupHealthCheckTimeoutInSeconds: wholeNumber(
    variantLimits.containerStartupHealthCheckTimeoutInSeconds,
  ).optional(),
  modelDataDownloadTimeoutInSeconds: wholeNumber(variantLimits.modelDataDownloadTimeoutInSeconds).optional(),
  volumeSizeInGb: wholeNumber(variantLimits.volumeSizeInGb).optional(),
  inferenceAmiVersion: matching(
    /^al[0-9]+-ami-sagemaker-inference-gpu-[0-9-]+$/,
    "use a host image for GPUs, for example al2023-ami-sagemaker-inference-gpu-4-1",
  ).optional(),
  autoscaling: autoscalingSchema.optional(),
};

const names = "is not allowed: use names of 1 to 24 letters, digits and hyphens inside, each with its settings";

/** Several variants, by their names: the setting `variants`. */
export const variantsSchema = decoded(
  z
    .record(z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,23}$/, names), z.strictObject(variantFields), names)
    .refine((variants) => Object.keys(variants).length <= 10, "is not allowed: use 1 to 10 variants"),
);

/** The variant that gets copies of requests: the setting `shadow`. */
export const shadowSchema = decoded(
  z
    .strictObject({ ...variantFields, samplingPercentage: percent() })
    .omit({ initialVariantWeight: true, autoscaling: true }),
);

const { concurrency, memorySizeInMb } = serverlessLimits;

/** Serving without instances: the setting `serverless`. */
export const serverlessSchema = decoded(
  z.strictObject({
    memorySizeInMb: z.literal([...memorySizeInMb], `is not allowed: use one of ${memorySizeInMb.join(", ")}`),
    maxConcurrency: wholeNumber(concurrency),
    provisionedConcurrency: wholeNumber(concurrency).optional(),
  }),
);

/** Queueing requests: the setting `asyncInference`. */
export const asyncInferenceSchema = decoded(
  z.strictObject({
    maxConcurrentInvocationsPerInstance: wholeNumber({ min: 1, max: 1000 }).optional(),
    successTopic: topicArn().optional(),
    errorTopic: topicArn().optional(),
    expirationInDays: wholeNumber({ min: 1, max: 3650 }).default(30),
  }),
);

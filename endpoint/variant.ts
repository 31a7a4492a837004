import * as z from "zod";
import { defaultStartupTimeoutInSeconds, namePattern, variantLimits } from "../sagemaker/limits.ts";
import { autoscalingSchema } from "./autoscaling.ts";
import { between, flag, identifier, matching, object, oneOf, pathTo, percent, strings, wholeNumber } from "./fields.ts";
import { modelServerSchema } from "./modelServer.ts";
import { plain } from "./open.ts";
import type { MultiModelOptions } from "./multiModel.ts";
import type { ServerlessOptions } from "./serverless.ts";

const weight = "must be a number, 0 or more";

/** The sources of a variant's model. */
const modelFields = {
  modelRepository: plain(
    pathTo("a model repository").optional().meta({
      description:
        "Folder with the Triton model repository to check, pack and upload. Exactly one of this, modelArchive, modelDataUrl and multiModel.",
    }),
  ),
  modelArchive: plain(
    pathTo("a .tar.gz").optional().meta({ description: "Packed model repository (.tar.gz) to check and upload." }),
  ),
  modelDataUrl: identifier(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^?#]+\.tar\.gz$/,
    "s3://<bucket>/<key> of a .tar.gz",
  )
    .optional()
    .meta({ description: "Packed model repository that is already in S3, s3://<bucket>/<key>.tar.gz." }),
  modelDataFormat: plain(
    oneOf(["archive", "prefix"]).meta({
      description: "How modelRepository is stored in S3: archive (one .tar.gz) or prefix (single uncompressed files).",
    }),
  ).default("archive"),
};

/** Triton's own settings. */
const serverFields = {
  defaultModelName: matching(/^(?!\.{1,2}$)[^/\s]+$/, "the name of a folder in the model repository, without spaces")
    .optional()
    .meta({
      description: "The model that answers requests. Required if the repository has several.",
    }),
  modelServer: modelServerSchema.optional().meta({
    description:
      "Triton's own settings: log levels, shared memory, threads, ports, inference type, models to load besides the default one.",
  }),
};

/** An existing Model in SageMaker. */
const modelNameField = identifier(namePattern, "the name of a Model in SageMaker: 1 to 63 letters, digits and hyphens");

/**
 * Reserved instances.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCapacityReservationConfig.html
 */
const capacityReservationSchema = object({
  mlReservationArn: identifier(
    /^(?=.{20,258}$)arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:\d{12}:[a-z0-9-]{1,14}\/.+$/,
    "the ARN of an ML capacity reservation, arn:aws:sagemaker:<region>:<account>:<kind>/<id>",
  ).meta({ description: "The ARN of the ML capacity reservation." }),
  capacityReservationPreference: z
    .literal("capacity-reservations-only", "must be capacity-reservations-only")
    .optional()
    .meta({
      description:
        "capacity-reservations-only: instances start only in the reservation, and fail to start if it is full. Default: SageMaker decides.",
    }),
});

/**
 * A variant's settings for SageMaker's routing, reservations and access to its instances. SageMaker takes
 * ManagedInstanceScaling for endpoints of inference components only, and here every variant names a Model:
 * https://github.com/hashicorp/terraform-provider-aws/pull/45926.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html and
 * API_ProductionVariantRoutingConfig.html
 */
const fleetFields = {
  routingStrategy: oneOf(["LEAST_OUTSTANDING_REQUESTS", "RANDOM"]).optional().meta({
    description:
      "Which instance gets a request: LEAST_OUTSTANDING_REQUESTS (one with capacity) or RANDOM. Default: SageMaker decides.",
  }),
  capacityReservation: capacityReservationSchema.optional().meta({
    description:
      "An ML capacity reservation for the instances: mlReservationArn, capacityReservationPreference. Default: none.",
  }),
  enableSsmAccess: plain(
    flag().meta({ description: "Whether AWS Systems Manager can open a shell in the container, for debugging." }),
  ).default(false),
};

/** A variant's instances, and its share of the traffic. */
const instanceFields = {
  instanceType: plain(
    z.string("must be ml.<family>.<size>, for example ml.m5.large or ml.g5.xlarge").optional().meta({
      description: "Hosting instance type, Intel, AMD or NVIDIA. Default: ml.m5.large, unless serverless.",
    }),
  ),
  initialInstanceCount: wholeNumber({ min: 1, max: 10_000 }).optional().meta({
    description: "Number of instances, 1 or more. Default: one, or autoscaling's minCapacity.",
  }),
  initialVariantWeight: plain(
    z.number(weight).min(0, weight).meta({ description: "The variant's share of the traffic, 0 or more." }),
  ).default(1),
  containerStartupHealthCheckTimeoutInSeconds: wholeNumber(variantLimits.containerStartupHealthCheckTimeoutInSeconds)
    .meta({
      description: `How long the container may take to become healthy, ${between(variantLimits.containerStartupHealthCheckTimeoutInSeconds)} s.`,
    })
    .default(defaultStartupTimeoutInSeconds),
  modelDataDownloadTimeoutInSeconds: wholeNumber(variantLimits.modelDataDownloadTimeoutInSeconds)
    .meta({
      description: `How long downloading and unpacking the model may take, ${between(variantLimits.modelDataDownloadTimeoutInSeconds)} s.`,
    })
    .default(1200),
  volumeSizeInGb: wholeNumber(variantLimits.volumeSizeInGb)
    .optional()
    .meta({
      description: `Size of each instance's EBS volume, ${between(variantLimits.volumeSizeInGb)} GB. Default: SageMaker decides.`,
    }),
  ...fleetFields,
  inferenceAmiVersion: matching(
    /^al[0-9]+-ami-sagemaker-inference-gpu-[0-9-]+$/,
    "a host image for GPUs, for example al2023-ami-sagemaker-inference-gpu-4-1",
  )
    .optional()
    .meta({
      description:
        "Host image with the GPU driver. Default: chosen to fit the image's release and the GPU, otherwise by SageMaker.",
    }),
};

/** Everything that each of several variants may override. */
export const variantFields = {
  ...modelFields,
  modelName: modelNameField.optional().meta({
    description:
      "A Model that is already in SageMaker, for example an earlier release's, to serve instead of the stack's own.",
  }),
  ...serverFields,
  environment: strings()
    .meta({ description: "Environment of Triton's container, as names and values. May be secret." })
    .default({}),
  ...instanceFields,
  autoscaling: autoscalingSchema.optional().meta({
    description:
      "How the instance count follows the load: minCapacity, maxCapacity, invocationsPerInstance, cooldowns, scheduledActions. Default: off.",
  }),
};

/** The percentage of the traffic that is copied to a shadow variant. */
export const samplingPercentage = percent().meta({
  description: "The percentage of the traffic to copy.",
});

/** A variant's settings, each valid by itself, and absent if it isn't set or is invalid. */
export interface VariantValues extends Partial<z.output<z.ZodObject<typeof variantFields>>> {
  readonly multiModel?: MultiModelOptions;
  readonly serverless?: ServerlessOptions;
}

/**
 * The name of an endpoint's one variant. It never changes: SageMaker only rolls a release back if the variant names are
 * the same.
 */
export const onlyVariantName = "AllTraffic";

/** The settings that a model can come from. */
export const modelSources = ["modelRepository", "modelArchive", "modelDataUrl", "multiModel"] as const;

import * as z from "zod";
import { namePattern, variantLimits } from "../sagemaker/limits.ts";
import { autoscalingSchema } from "./autoscaling.ts";
import { flag, matching, object, oneOf, pathTo, percent, strings, wholeNumber } from "./fields.ts";
import { modelServerSchema } from "./modelServer.ts";
import type { MultiModelOptions } from "./multiModel.ts";
import type { Path, Problem } from "./problem.ts";
import type { ServerlessOptions } from "./serverless.ts";

const weight = "must be a number, 0 or more";

/** Where a variant's model comes from. */
const modelFields = {
  modelRepository: pathTo("a model repository").optional().meta({
    description:
      "Folder with the Triton model repository to check, pack and upload. Exactly one of this, modelArchive, modelDataUrl and multiModel.",
  }),
  modelArchive: pathTo("a .tar.gz")
    .optional()
    .meta({ description: "Packed model repository (.tar.gz) to check and upload." }),
  modelDataUrl: matching(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^?#]+\.tar\.gz$/,
    "s3://<bucket>/<key> of a .tar.gz",
  )
    .optional()
    .meta({ description: "Packed model repository that is already in S3, s3://<bucket>/<key>.tar.gz." }),
  modelDataFormat: oneOf(["archive", "prefix"])
    .meta({
      description: "How modelRepository is stored in S3: archive (one .tar.gz) or prefix (single uncompressed files).",
    })
    .default("archive"),
};

/** What Triton itself is told. */
const serverFields = {
  defaultModelName: matching(/^[^/]+$/, "the name of a folder in the model repository")
    .optional()
    .meta({
      description: "The model that answers requests. Required if the repository has several.",
    }),
  modelServer: modelServerSchema.optional().meta({
    description:
      "Triton's own settings: log levels, shared memory, threads, ports, inference type, models to load besides the default one.",
  }),
};

/** A Model that is in SageMaker already. */
export const modelNameField = matching(
  namePattern,
  "the name of a Model in SageMaker: 1 to 63 letters, digits and hyphens",
);

/** The environment of a container. */
export const environmentField = strings();

/** Instances that SageMaker itself adds and removes. */
const managedInstanceScalingSchema = object({
  minInstanceCount: wholeNumber({ min: 0, max: 10_000 }).meta({
    description: "The minimum number of instances. A release starts with that many, but at least one.",
  }),
  maxInstanceCount: wholeNumber({ min: 1, max: 10_000 }).meta({ description: "The maximum number of instances." }),
});

/**
 * Instances that are reserved.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCapacityReservationConfig.html
 */
const capacityReservationSchema = object({
  mlReservationArn: matching(
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
 * What a variant may set of SageMaker's routing, scaling, reservations and access to its instances.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html,
 * API_ProductionVariantRoutingConfig.html and API_ProductionVariantManagedInstanceScaling.html
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
  managedInstanceScaling: managedInstanceScalingSchema.optional().meta({
    description:
      "Lets SageMaker scale the instances, instead of autoscaling: minInstanceCount, maxInstanceCount. Default: off.",
  }),
  enableSsmAccess: flag()
    .meta({ description: "Whether AWS Systems Manager can open a shell in the container, for debugging." })
    .default(false),
};

/** What a variant runs on, and its share of the traffic. */
export const instanceFields = {
  instanceType: z.string("must be ml.<family>.<size>, for example ml.m5.large or ml.g5.xlarge").optional().meta({
    description: "Hosting instance type, Intel, AMD or NVIDIA. Default: ml.m5.large, unless serverless.",
  }),
  initialInstanceCount: wholeNumber({ min: 1, max: 10_000 }).optional().meta({
    description: "Number of instances, 1 or more. Default: one, or autoscaling's minCapacity.",
  }),
  initialVariantWeight: z
    .number(weight)
    .min(0, weight)
    .meta({ description: "The variant's share of the traffic, 0 or more." })
    .default(1),
  containerStartupHealthCheckTimeoutInSeconds: wholeNumber(variantLimits.containerStartupHealthCheckTimeoutInSeconds)
    .meta({ description: "How long the container may take to become healthy, 60 to 3600 s." })
    .default(300),
  modelDataDownloadTimeoutInSeconds: wholeNumber(variantLimits.modelDataDownloadTimeoutInSeconds)
    .meta({ description: "How long downloading and unpacking the model may take, 60 to 3600 s." })
    .default(1200),
  volumeSizeInGb: wholeNumber(variantLimits.volumeSizeInGb).optional().meta({
    description: "Size of each instance's EBS volume, 1 to 512 GB. Default: SageMaker decides.",
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

/** Everything that each of several variants may set for itself. */
export const variantFields = {
  ...modelFields,
  modelName: modelNameField.optional().meta({
    description:
      "A Model that is already in SageMaker, for example an earlier release's, to serve instead of the stack's own.",
  }),
  ...serverFields,
  environment: environmentField
    .meta({ description: "Environment of Triton's container, as names and values. May be secret." })
    .default({}),
  ...instanceFields,
  autoscaling: autoscalingSchema.optional().meta({
    description:
      "How the instance count follows the load: minCapacity, maxCapacity, invocationsPerInstance, cooldowns, scheduledActions. Default: off.",
  }),
};

/** How much of the traffic a shadow variant gets a copy of. */
export const samplingPercentage = percent().meta({
  description: "The percentage of the traffic to copy.",
});

/** A value that is known only while resources are created, such as an output of another one. */
export const unknownYet = Symbol("known only while resources are created");

/** What a variant is made from, each value sound by itself; absent where it isn't set or isn't sound. */
export interface VariantValues extends Omit<
  Partial<z.output<z.ZodObject<typeof variantFields>>>,
  "modelName" | "environment"
> {
  readonly modelName?: string | typeof unknownYet;
  readonly environment?: Readonly<Record<string, string>> | typeof unknownYet;
  readonly multiModel?: MultiModelOptions;
  readonly serverless?: ServerlessOptions;
}

/** A variant with everything that it is made from. */
export interface WholeVariant<Values extends VariantValues = VariantValues> {
  /** Its name. */
  readonly variantName: string;
  /** Where its own values stand, for example `["variants", "next"]`. */
  readonly at: Path;
  /** What it sets itself. */
  readonly own: VariantValues;
  /** What it is made from: its own values in front of the shared ones. */
  readonly values: Values;
}

/** Where a model may come from. */
export const modelSources = ["modelRepository", "modelArchive", "modelDataUrl", "multiModel"] as const;

/**
 * A variant's own values in front of those that all variants share. A model of its own takes the place of the shared one,
 * whatever kind either is.
 *
 * @param variantName its name
 * @param at where its own values stand
 * @param own what it sets itself
 * @param shared what all variants share
 */
export function wholeVariant<Values extends VariantValues>(
  variantName: string,
  at: Path,
  own: VariantValues,
  shared: Values,
): WholeVariant<Values> {
  const replaced: readonly string[] = [
    ...(hasOwnModel(own) ? modelKeys : []),
    ...(hasOwnModel(own) && own.modelRepository === undefined ? ["modelDataFormat"] : []),
  ];
  const given = (values: object) => Object.entries(values).filter(([, value]) => value !== undefined);
  const kept = given(shared).filter(([key]) => !replaced.includes(key));
  return { variantName, at, own, values: Object.fromEntries([...kept, ...given(own)]) as unknown as Values };
}

/**
 * Whether a variant brings a model of its own.
 *
 * @param own what it sets itself
 */
export function hasOwnModel(own: VariantValues): boolean {
  return modelKeys.some((key) => own[key] !== undefined);
}

const modelKeys = [...modelSources, "modelName"] as const;

/**
 * A problem of a whole variant at the place to change: the variant's own value where it has one, or where nothing is set,
 * and otherwise the value that all variants share.
 *
 * @param problem the problem; its path starts from the variant
 * @param variant the variant
 */
export function relocated(problem: Problem, { at, own, values }: WholeVariant): Problem {
  const [key = ""] = problem.path as readonly string[];
  const has = (object: object) => (object as Partial<Record<string, unknown>>)[key] !== undefined;
  const isOwn = has(own) || !has(values);
  return isOwn ? { ...problem, path: [...at, ...problem.path] } : problem;
}

import { largestVolumeInGb } from "../triton/volumes.ts";

/** An inclusive range of whole numbers that SageMaker allows. */
export interface Range {
  /** The smallest value. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
}

/**
 * Names of models, endpoint configurations and endpoints: 1 to 63 letters, digits and single hyphens inside.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
 */
export const namePattern = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/**
 * Names of S3 buckets. S3 reserves some prefixes and suffixes.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketNamePattern =
  /^(?!xn--|sthree-|amzn-s3-demo-|(\d+\.){3}\d+$)(?!.*(\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** The allowed names of a bucket, in words. */
export const bucketNameAllowed =
  "3 to 63 lowercase letters and digits, with hyphens and dots between them, not an IP address or a name that S3 reserves";

/**
 * Names of repositories in ECR.
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export const repositoryNamePattern = /^(?=.{2,256}$)[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/;

/** The allowed names of a repository, in words. */
export const repositoryNameAllowed = "2 to 256 lowercase letters and digits, with . _ - / between them";

/**
 * SageMaker's limits for a production variant.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export const variantLimits = {
  volumeSizeInGb: { min: 1, max: largestVolumeInGb.set },
  modelDataDownloadTimeoutInSeconds: { min: 60, max: 3600 },
  containerStartupHealthCheckTimeoutInSeconds: { min: 60, max: 3600 },
} as const satisfies Record<string, Range>;

/**
 * The number of production variants of an endpoint.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html (ProductionVariants)
 */
export const mostVariants = 10;

/** The time that a container may take to its first healthy ping if nothing is set, in seconds. */
export const defaultStartupTimeoutInSeconds = 300;

/**
 * SageMaker's limits for a VpcConfig.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html
 */
export const vpcLimits = { subnets: { min: 1, max: 16 }, securityGroupIds: { min: 1, max: 5 } } as const;

/** Tags on a SageMaker resource. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html */
export const tagLimits = { count: 50, key: 128 } as const;

/** A tag's value. */
export const tagValuePattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** The allowed values of a tag, in words. */
export const tagValueAllowed = "at most 256 letters, digits, spaces or _ . : / = + - @";

/**
 * A container's environment.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 */
export const environmentLimits = { count: 100, key: 1024, value: 1024, bytes: 32 * 1024 } as const;

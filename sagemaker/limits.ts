/** A range of whole numbers that SageMaker allows, both ends included. */
export interface Range {
  /** The least value. */
  readonly min: number;
  /** The greatest value. */
  readonly max: number;
}

/**
 * Names of models, endpoint configurations and endpoints: 1 to 63 letters, digits and single hyphens inside.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
 */
export const namePattern = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/**
 * Names of S3's buckets. Some beginnings and endings are S3's own.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketNamePattern =
  /^(?!xn--|sthree-|amzn-s3-demo-|(\d+\.){3}\d+$)(?!.*(\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * What SageMaker allows in a production variant.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export const variantLimits = {
  volumeSizeInGb: { min: 1, max: 512 },
  modelDataDownloadTimeoutInSeconds: { min: 60, max: 3600 },
  containerStartupHealthCheckTimeoutInSeconds: { min: 60, max: 3600 },
} as const satisfies Record<string, Range>;

/**
 * What SageMaker allows in a VpcConfig.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html
 */
export const vpcLimits = { subnets: { min: 1, max: 16 }, securityGroupIds: { min: 1, max: 5 } } as const;

/** Tags on a SageMaker resource. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html */
export const tagLimits = { count: 50, key: 128 } as const;

/** A tag's value. */
export const tagValuePattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** What a tag's value may be, as a request. */
export const tagValueAllowed = "use at most 256 letters, digits, spaces or _ . : / = + - @";

/**
 * A container's environment.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 */
export const environmentLimits = { count: 100, key: 1024, value: 1024, bytes: 32 * 1024 } as const;

/**
 * Everything that SageMaker would refuse in a container's environment.
 *
 * @param environment names and values
 * @returns one sentence for each problem; empty where there is none
 */
export function environmentProblems(environment: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(environment);
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...(entries.length > environmentLimits.count
      ? [`has ${entries.length} entries, and at most ${environmentLimits.count} are allowed`]
      : []),
    ...(bytes > environmentLimits.bytes
      ? [`has ${bytes} bytes in all, and at most ${environmentLimits.bytes} are allowed`]
      : []),
    ...entries.flatMap(([key, value]) => [
      ...(/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key) && key.length <= environmentLimits.key
        ? []
        : [`has the name "${key.slice(0, 64)}": use letters, digits and underscores, no digit first, at most 1024`]),
      ...(value.length <= environmentLimits.value
        ? []
        : [`has ${value.length} characters in ${key}, and at most ${environmentLimits.value} are allowed`]),
    ]),
  ];
}

/**
 * Everything that AWS would refuse in tags.
 *
 * @param tags names and values
 * @returns one sentence for each problem; empty where there is none
 */
export function tagProblems(tags: Readonly<Record<string, string>>): string[] {
  const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  const entries = Object.entries(tags);
  return [
    ...(entries.length > tagLimits.count
      ? [`has ${entries.length} tags, and at most ${tagLimits.count} are allowed`]
      : []),
    ...entries.flatMap(([key, value]) => [
      ...(key.length >= 1 && key.length <= tagLimits.key && allowed.test(key) && !/^aws:/i.test(key)
        ? []
        : [`has the key "${key}": use 1 to 128 letters, digits, spaces or _ . : / = + - @, not beginning with aws:`]),
      // The value may be a secret.
      ...(tagValuePattern.test(value) ? [] : [`has in ${key} a value that is not allowed: ${tagValueAllowed}`]),
    ]),
  ];
}

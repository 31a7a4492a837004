import type * as aws from "@pulumi/aws";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import * as pulumi from "@pulumi/pulumi";
import { modelPrefix } from "../sagemaker/encryption.ts";
import type { AwsScope, PolicyDocument } from "../sagemaker/policyDocument.ts";
import { tlsOnlyPolicy } from "../sagemaker/resourcePolicies.ts";
import type { ModelDataAccess } from "../sagemaker/rolePolicies.ts";
import type { ModelBucket } from "./existingParts.ts";
import type { PendingModel } from "./pendingModel.ts";
import { uploadModel, type ModelData } from "./modelUpload.ts";
import { isKept } from "./kept.ts";
import { namedTags, type Tags } from "./tags.ts";

/** Objects that expire. */
export interface Expiration {
  /** The prefix of their keys; ends in `/`. */
  readonly prefix: string;
  /** How long they are kept, in days, at least 1. */
  readonly days: pulumi.Input<number>;
}

/** Arguments of ModelStorage. */
export interface ModelStorageArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The model of all variants that have none of their own. Default: none, all have their own. */
  readonly model?: PendingModel;
  /** The variants' own models, by variant name. Default: none. */
  readonly variantModels?: Readonly<Record<string, PendingModel>>;
  /** An existing bucket, on which nothing is changed. Default: one is created. */
  readonly bucket?: ModelBucket;
  /** The prefix of the models' keys; ends in `/`. In a shared bucket each endpoint needs its own. Default: `artifacts/`. */
  readonly prefix?: string;
  /** The bucket's name. Default: auto-named by Pulumi from the component's name. */
  readonly bucketName?: pulumi.Input<string>;
  /** Whether the bucket is protected, and stays in AWS when the stack is destroyed. Default: false. */
  readonly protect?: boolean;
  /**
   * Whether earlier models and their buckets stay in AWS, so that an earlier release can be restored. Default: false.
   */
  readonly keepReleases?: boolean;
  /** Which objects expire, and when. Default: none. */
  readonly expirations?: readonly Expiration[];
  /** The KMS key that encrypts the objects. Default: S3's own keys (AES256). */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Tags of the bucket and of the objects. An object can have at most ten tags, so it gets the first ten. */
  readonly tags: Tags;
}

/**
 * The bucket for models: not public, encrypted, versioned, and only reachable over TLS. Each model's key is derived
 * from its content, so a changed model is a new object and an unchanged one isn't uploaded again.
 *
 * Costs what S3 charges for storage; nothing while empty.
 */
export class ModelStorage extends pulumi.ComponentResource {
  /** The bucket. */
  readonly bucket: ModelBucket;
  /** Where SageMaker finds the shared model; absent if there is none. */
  readonly modelData?: ModelData;
  /** Where SageMaker finds the variants' own models, by variant name. */
  readonly variantModelData: Readonly<Record<string, ModelData>>;
  /** The objects that the execution role must be allowed to read. */
  readonly access: pulumi.Output<readonly ModelDataAccess[]>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: ModelStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:ModelStorage", name, {}, opts);
    const { bucket, closed } = args.bucket ? { bucket: args.bucket, closed: [] } : this.#made(name, args);
    this.bucket = bucket;

    const upload = { parent: this, dependsOn: [...closed], retainOnDelete: args.keepReleases ?? false };
    const { model, variantModels = {}, kmsKeyArn, prefix: start = "artifacts/" } = args;
    const root = pulumi.output(kmsKeyArn).apply((arn) => modelPrefix(arn, start));
    const into = { bucket: this.bucket, root, kmsKeyArn, tags: args.tags };
    this.modelData = model && uploadModel(name, model, { ...into, prefix: root }, upload);
    // A prefix per variant, so that a model moved to another variant isn't deleted with the first one.
    this.variantModelData = Object.fromEntries(
      Object.entries(variantModels).map(([variantName, variantModel]) => {
        const prefix = pulumi.interpolate`${root}${variantName}/`;
        return [variantName, uploadModel(`${name}-${variantName}`, variantModel, { ...into, prefix }, upload)];
      }),
    );
    const models = [...(model ? [model] : []), ...Object.values(variantModels)];
    this.access = modelAccess(this.bucket, `${start}*`, models, args.scope);
    // The next update reads keepReleases: see `earlierEndpoint`.
    const { keepReleases = false } = args;
    this.registerOutputs({ bucketName: this.bucket.bucket, modelDataUrl: this.modelData?.url, keepReleases });
  }

  #made(name: string, args: ModelStorageArgs): { bucket: aws.s3.Bucket; closed: readonly pulumi.Resource[] } {
    const kept = isKept(args);
    const bucket = new Bucket(
      `${name}-bucket`,
      {
        bucket: args.bucketName,
        forceDestroy: !kept,
        tags: namedTags(args.tags, args.bucketName, kept),
      },
      // The provider would delete a bucket with an explicit name first, along with the models in service.
      { parent: this, ...(args.protect && { protect: true }), retainOnDelete: kept, deleteBeforeReplace: false },
    );
    return { bucket, closed: closeBucket(name, bucket, args, this) };
  }
}

/**
 * Registers everything about a bucket that is a separate resource; uploads wait for these. They go with the bucket, so
 * none is deleted by itself: one that is replaced has the bucket's name as its id like its successor, and its deletion
 * would open the bucket.
 *
 * @param name the prefix of the resources' names
 * @param bucket the bucket
 * @param args its key, the objects that expire, and its policy, by default TLS only
 * @param parent the component that owns them
 */
export function closeBucket(
  name: string,
  bucket: aws.s3.Bucket,
  args: Pick<ModelStorageArgs, "kmsKeyArn" | "expirations"> & { readonly policy?: pulumi.Output<PolicyDocument> },
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const options = { parent, retainOnDelete: true };
  const { kmsKeyArn, expirations = [], policy = bucket.arn.apply(tlsOnlyPolicy) } = args;
  const publicAccess = new BucketPublicAccessBlock(
    `${name}-public-access`,
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    options,
  );
  return [
    publicAccess,
    new BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      options,
    ),
    new BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.bucket, rules: [encryptionRule(kmsKeyArn)] },
      options,
    ),
    new BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      options,
    ),
    new BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "abort-incomplete-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
          ...expirations.map(expirationRule),
        ],
      },
      options,
    ),
    new BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.bucket, policy: policy.apply((document) => JSON.stringify(document)) },
      // S3 refuses concurrent changes of a bucket's public access.
      { ...options, dependsOn: publicAccess },
    ),
  ];
}

/** In a versioned bucket a deleted object remains as a noncurrent version, which expires a day later. */
function expirationRule({ prefix, days }: Expiration): aws.types.input.s3.BucketLifecycleConfigurationRule {
  return {
    id: `expire-${prefix.replaceAll("/", "-").replace(/-$/, "")}`,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  };
}

/** With a bucket key, S3 calls KMS once for many objects. */
function encryptionRule(
  kmsKeyArn: pulumi.Input<string> | undefined,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  return kmsKeyArn === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
    : {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      };
}

/** All uploads, of this and earlier releases, and each model that is already in S3. */
function modelAccess(
  bucket: ModelBucket,
  key: string,
  models: readonly PendingModel[],
  scope: pulumi.Output<AwsScope>,
): pulumi.Output<readonly ModelDataAccess[]> {
  const stored = models.flatMap((model) => (model.format === "stored" ? [model.modelDataUrl] : []));
  return pulumi.all([bucket.arn, scope, pulumi.all(stored)]).apply(([bucketArn, { partition }, urls]) => [
    ...(stored.length === models.length && stored.length > 0
      ? []
      : [
          {
            bucketArn,
            key,
            list: models.some(({ format }) => format !== "archive" && format !== "stored"),
          },
        ]),
    ...[...new Set(urls)].map((modelDataUrl) => storedModelAccess(modelDataUrl, partition)),
  ]);
}

/** A model that is already in S3 may be in a different bucket from ours, in the same partition. */
function storedModelAccess(modelDataUrl: string, partition: string): ModelDataAccess {
  const { hostname, pathname } = new URL(modelDataUrl);
  return { bucketArn: `arn:${partition}:s3:::${hostname}`, key: pathname.slice(1), list: false };
}

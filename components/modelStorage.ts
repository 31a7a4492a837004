import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tlsOnlyPolicy, type AwsScope, type ModelDataAccess } from "../sagemaker/policies.ts";
import type { ModelArtifact, ModelFile, PrefixedModel } from "./modelArtifact.ts";
import type { Tags } from "./tags.ts";

/** What a ModelStorage is made from. */
export interface ModelStorageArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The model. */
  readonly model: ModelArtifact;
  /** The bucket's name. Default: made up by Pulumi from the component's name. */
  readonly bucketName?: string;
  /** Whether the bucket survives: protected, and kept when the stack is destroyed. Default: false. */
  readonly protect?: boolean;
  /** Whether earlier models stay in the bucket, so that an earlier release can be brought back. Default: false. */
  readonly keepReleases?: boolean;
  /** The KMS key that encrypts the objects. Default: S3's own keys (AES256). */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Tags of the bucket and of the objects. An object takes ten at most, so it gets the first ten. */
  readonly tags: Tags;
}

/** Where SageMaker finds the model. */
export interface ModelData {
  /** Whether it is one archive or a prefix of single files. */
  readonly format: "archive" | "prefix";
  /** `s3://…` of the archive, or `s3://…/` of the prefix. */
  readonly url: pulumi.Output<string>;
}

/**
 * The bucket for models, closed to the public, encrypted, versioned and reached over TLS only; and in it the model, under
 * a key made from its content: a changed model is a new object, an unchanged one is none.
 *
 * Costs what S3 charges for the bytes stored; nothing while empty.
 */
export class ModelStorage extends pulumi.ComponentResource {
  /** The bucket. */
  readonly bucket: aws.s3.Bucket;
  /** Where SageMaker finds the model; resolves once it is uploaded. */
  readonly modelData: ModelData;
  /** What the execution role must be allowed to read. */
  readonly access: pulumi.Output<ModelDataAccess>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   */
  constructor(name: string, args: ModelStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:ModelStorage", name, {}, opts);

    this.bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      {
        bucket: args.bucketName,
        forceDestroy: !args.protect,
        tags: args.tags,
      },
      { parent: this, protect: args.protect ?? false, retainOnDelete: args.protect ?? false },
    );
    const walls = closeBucket(name, this.bucket, args.kmsKeyArn, {
      parent: this,
      retainOnDelete: args.protect ?? false,
    });

    const upload = { parent: this, dependsOn: walls, retainOnDelete: args.keepReleases ?? false };
    const { model } = args;
    if (model.format === "stored") {
      this.modelData = { format: "archive", url: pulumi.output(model.modelDataUrl) };
      this.access = args.scope.apply((scope) => storedModelAccess(model.modelDataUrl, scope));
    } else {
      const root = `artifacts/${model.name}-${model.digest.slice(0, 16)}`;
      const url =
        model.format === "archive"
          ? uploadArchive(name, this.bucket, `${root}.tar.gz`, model.file, args.tags, upload)
          : uploadFiles(name, this.bucket, `${root}/`, model, args.tags, upload);
      this.modelData = { format: model.format, url };
      this.access = this.bucket.arn.apply((bucketArn) => ({
        bucketArn,
        key: "artifacts/*",
        list: model.format === "prefix",
      }));
    }
    this.registerOutputs({ bucketName: this.bucket.bucket, modelDataUrl: this.modelData.url });
  }
}

/** Everything about the bucket that is a resource of its own; the model is uploaded only once these stand. */
function closeBucket(
  name: string,
  bucket: aws.s3.Bucket,
  kmsKeyArn: pulumi.Input<string> | undefined,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const publicAccess = new aws.s3.BucketPublicAccessBlock(
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
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      options,
    ),
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.bucket, rules: [encryptionRule(kmsKeyArn)] },
      options,
    ),
    new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      options,
    ),
    new aws.s3.BucketLifecycleConfiguration(
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
        ],
      },
      options,
    ),
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.bucket, policy: bucket.arn.apply((arn) => JSON.stringify(tlsOnlyPolicy(arn))) },
      // S3 refuses two changes of a bucket's public access at the same time.
      { ...options, dependsOn: publicAccess },
    ),
  ];
}

/** With a bucket key, S3 asks KMS once for many objects. */
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

function uploadArchive(
  name: string,
  bucket: aws.s3.Bucket,
  key: string,
  file: string,
  tags: Tags,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const object = new aws.s3.BucketObjectv2(
    `${name}-model`,
    {
      bucket: bucket.bucket,
      key,
      source: new pulumi.asset.FileAsset(file),
      contentType: "application/gzip",
      tags: objectTags(tags),
    },
    options,
  );
  return pulumi.interpolate`s3://${object.bucket}/${object.key}`;
}

/**
 * Each file is uploaded once, under its own digest, and copied inside S3 to its place under the release's prefix: a new
 * release uploads the files that changed and copies the others without a byte leaving this machine. Files over 5 GB,
 * which S3 does not copy in one call, are uploaded to their place.
 */
function uploadFiles(
  name: string,
  bucket: aws.s3.Bucket,
  prefix: string,
  model: PrefixedModel,
  tags: Tags,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const blobs = new Map<string, aws.s3.BucketObjectv2>();
  const upload = (logicalName: string, key: string, file: ModelFile) =>
    new aws.s3.BucketObjectv2(
      logicalName,
      { bucket: bucket.bucket, key, source: new pulumi.asset.FileAsset(file.file), tags: objectTags(tags) },
      options,
    );
  const placed = model.files.map((file) => {
    const digest = file.digest.slice(0, 16);
    if (file.size > largestCopy) return upload(`${name}-file-${file.path}`, prefix + file.path, file).id;
    const blob = blobs.get(digest) ?? upload(`${name}-blob-${digest}`, `artifacts/files/${file.digest}`, file);
    blobs.set(digest, blob);
    return new aws.s3.ObjectCopy(
      `${name}-file-${file.path}`,
      {
        bucket: bucket.bucket,
        key: prefix + file.path,
        source: pulumi.interpolate`${blob.bucket}/${blob.key}`,
        tags: objectTags(tags),
        taggingDirective: "REPLACE",
      },
      options,
    ).id;
  });
  return pulumi.all([bucket.bucket, ...placed]).apply(([bucketName]) => `s3://${bucketName}/${prefix}`);
}

/** S3 copies objects up to 5 GB in one call: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const largestCopy = 5_000_000_000;

/** S3 objects take ten tags: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
function objectTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).slice(0, 10));
}

/** The bucket of a model that is in S3 already may be another one than ours; it is in the same partition. */
function storedModelAccess(modelDataUrl: string, { partition }: AwsScope): ModelDataAccess {
  const { hostname, pathname } = new URL(modelDataUrl);
  return { bucketArn: `arn:${partition}:s3:::${hostname}`, key: pathname.slice(1), list: false };
}

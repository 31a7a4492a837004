import type * as aws from "@pulumi/aws";
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2.js";
import { ObjectCopy } from "@pulumi/aws/s3/objectCopy.js";
import * as pulumi from "@pulumi/pulumi";
import { multiModelFolder, type ModelCacheSetting } from "../sagemaker/multiModel.ts";
import type { ModelBucket } from "./existingParts.ts";
import { whenKnown } from "./later.ts";
import type { ArchivedModel, ModelFile, MultiModel, PrefixedModel } from "../packing/modelArtifact.ts";
import type { PendingModel } from "./pendingModel.ts";
import type { Tags } from "./tags.ts";

/** Where SageMaker finds a model. */
export interface ModelData {
  /** Whether it is one archive, a prefix of single files, or a prefix of many models' archives. */
  readonly format: "archive" | "prefix" | "multiModel";
  /** `s3://…` of the archive, or `s3://…/` of the prefix. */
  readonly url: pulumi.Output<string>;
  /** Whether an instance caches requested models; for many models only. Default: SageMaker's. */
  readonly modelCacheSetting?: pulumi.Input<ModelCacheSetting>;
}

/** Where to upload a model. */
export interface ModelUpload {
  /** The bucket. */
  readonly bucket: ModelBucket;
  /** The prefix of the keys; ends in `/`. */
  readonly prefix: pulumi.Input<string>;
  /** The prefix of the keys of files that models share; ends in `/`. */
  readonly root: pulumi.Input<string>;
  /** The KMS key that encrypts the objects. Default: S3's own keys. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Tags of the objects. An object can have at most ten tags, so it gets the first ten. */
  readonly tags: Tags;
}

/**
 * Uploads a model under a key derived from its content, or references one that is already in S3.
 *
 * @param name the prefix of the resources' names
 * @param model the model
 * @param upload where to upload it
 * @param options Pulumi's options for the resources
 * @returns where SageMaker finds it; resolves once it is uploaded
 */
export function uploadModel(
  name: string,
  model: PendingModel,
  upload: ModelUpload,
  options: pulumi.CustomResourceOptions,
): ModelData {
  if (model.format === "stored") return { format: "archive", url: pulumi.output(model.modelDataUrl) };
  if (model.format === "multiModel") return uploadMultiModel(name, model, upload, options);
  const digest = whenKnown(model.digest, (whole) => whole.slice(0, 16));
  const key = pulumi.interpolate`${upload.prefix}${model.name}-${digest}`;
  const url =
    model.format === "archive"
      ? uploadArchive(name, upload, pulumi.interpolate`${key}.tar.gz`, model.file, options)
      : uploadFiles(name, upload, pulumi.interpolate`${key}/`, model, options);
  return { format: model.format, url };
}

/**
 * The name by which clients request a model. It contains the content's digest, because SageMaker doesn't reload an
 * archive under the same name, so a changed model needs a new name.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/add-models-to-endpoint.html
 *
 * @param archive the model
 */
export function targetModelOf({ name, digest }: ArchivedModel): string {
  return `${name}-${digest.slice(0, 16)}.tar.gz`;
}

/**
 * Each archive is a separate object under a fixed prefix, so models can be added and removed without changing the Model
 * in SageMaker. Its URL resolves once they are uploaded, and doesn't depend on what they are.
 */
function uploadMultiModel(
  name: string,
  { archives, modelCacheSetting }: MultiModel,
  upload: ModelUpload,
  options: pulumi.CustomResourceOptions,
): ModelData {
  const prefix = pulumi.interpolate`${upload.root}${multiModelFolder}`;
  const urls = archives.map((archive) =>
    uploadArchive(
      `${name}-${archive.name}`,
      upload,
      pulumi.interpolate`${prefix}${targetModelOf(archive)}`,
      archive.file,
      options,
    ),
  );
  const url = pulumi
    .all([upload.bucket.bucket, prefix, ...urls])
    .apply(([bucket, resolved]) => `s3://${bucket}/${resolved}`);
  return { format: "multiModel", url, modelCacheSetting };
}

function uploadArchive(
  name: string,
  { bucket, kmsKeyArn, tags }: ModelUpload,
  key: pulumi.Input<string>,
  file: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const object = new BucketObjectv2(
    `${name}-model`,
    {
      bucket: bucket.bucket,
      key,
      source: whenKnown(file, (path) => new pulumi.asset.FileAsset(path)),
      contentType: "application/gzip",
      ...encryption(kmsKeyArn),
      tags: objectTags(tags),
    },
    options,
  );
  return pulumi.interpolate`s3://${object.bucket}/${object.key}`;
}

/**
 * Each file is uploaded once, under its own digest, and copied within S3 to the release's prefix: a new release uploads
 * only changed files and copies the others within S3. Files over 5 GB, which S3 can't copy in one call, are uploaded
 * directly.
 */
function uploadFiles(
  name: string,
  { bucket, root, kmsKeyArn, tags }: ModelUpload,
  prefix: pulumi.Output<string>,
  model: PrefixedModel,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const blobs = new Map<string, aws.s3.BucketObjectv2>();
  const object = { bucket: bucket.bucket, ...encryption(kmsKeyArn), tags: objectTags(tags) };
  const upload = (logicalName: string, key: pulumi.Input<string>, file: ModelFile) =>
    new BucketObjectv2(logicalName, { ...object, key, source: new pulumi.asset.FileAsset(file.file) }, options);
  const placed = model.files.map((file) => {
    const digest = file.digest.slice(0, 16);
    const key = pulumi.interpolate`${prefix}${file.path}`;
    if (file.size > largestCopy) return upload(`${name}-file-${file.path}`, key, file).urn;
    const blob =
      blobs.get(digest) ?? upload(`${name}-blob-${digest}`, pulumi.interpolate`${root}files/${file.digest}`, file);
    blobs.set(digest, blob);
    return new ObjectCopy(
      `${name}-file-${file.path}`,
      {
        ...object,
        key,
        source: pulumi.interpolate`${blob.bucket}/${blob.key}`,
        taggingDirective: "REPLACE",
      },
      options,
    ).urn;
  });
  return pulumi
    .all([bucket.bucket, prefix, ...placed])
    .apply(([bucketName, resolved]) => `s3://${bucketName}/${resolved}`);
}

/** Set on each object, because changing a bucket's default takes a while to propagate through S3. */
function encryption(kmsKeyArn: pulumi.Input<string> | undefined) {
  return kmsKeyArn === undefined
    ? { serverSideEncryption: "AES256" }
    : { serverSideEncryption: "aws:kms", kmsKeyId: kmsKeyArn, bucketKeyEnabled: true };
}

/** S3 copies objects up to 5 GB in one call: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const largestCopy = 5_000_000_000;

/** S3 objects can have ten tags: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
function objectTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).slice(0, 10));
}

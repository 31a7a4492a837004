import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { multiModelPrefix, type ModelCacheSetting } from "../sagemaker/multiModel.ts";
import type { ArchivedModel, ModelArtifact, ModelFile, MultiModel, PrefixedModel } from "./modelArtifact.ts";
import type { Tags } from "./tags.ts";

/** Where SageMaker finds a model. */
export interface ModelData {
  /** Whether it is one archive, a prefix of single files, or a prefix of many models' archives. */
  readonly format: "archive" | "prefix" | "multiModel";
  /** `s3://…` of the archive, or `s3://…/` of the prefix. */
  readonly url: pulumi.Output<string>;
  /** Whether an instance keeps models that were asked for; of many models only. Default: SageMaker's. */
  readonly modelCacheSetting?: ModelCacheSetting;
}

/** Where a model goes to. */
export interface ModelUpload {
  /** The bucket. */
  readonly bucket: aws.s3.Bucket;
  /** What the keys begin with; ends in `/`. */
  readonly prefix: string;
  /** Tags of the objects. An object takes ten at most, so it gets the first ten. */
  readonly tags: Tags;
}

/**
 * Uploads a model under a key made from its content; one that is in S3 already is referred to.
 *
 * @param name what the resources' names begin with
 * @param model the model
 * @param upload where it goes to
 * @param options Pulumi's options of the resources
 * @returns where SageMaker finds it; resolves once it is uploaded
 */
export function uploadModel(
  name: string,
  model: ModelArtifact,
  upload: ModelUpload,
  options: pulumi.CustomResourceOptions,
): ModelData {
  if (model.format === "stored") return { format: "archive", url: pulumi.output(model.modelDataUrl) };
  if (model.format === "multiModel") return uploadMultiModel(name, model, upload, options);
  const root = `${upload.prefix}${model.name}-${model.digest.slice(0, 16)}`;
  const url =
    model.format === "archive"
      ? uploadArchive(name, upload, `${root}.tar.gz`, model.file, options)
      : uploadFiles(name, upload, `${root}/`, model, options);
  return { format: model.format, url };
}

/**
 * The name that a client asks for a model by. It has the content's digest: SageMaker does not load an archive of the same
 * name anew, so a changed model is a new name.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/add-models-to-endpoint.html
 *
 * @param archive the model
 */
export function targetModelOf({ name, digest }: ArchivedModel): string {
  return `${name}-${digest.slice(0, 16)}.tar.gz`;
}

/**
 * Each archive is an object of its own below a prefix that never changes: models come and go, and the Model in SageMaker
 * stays as it is. Its URL resolves once they are uploaded, without depending on what they are.
 */
function uploadMultiModel(
  name: string,
  { archives, modelCacheSetting }: MultiModel,
  upload: ModelUpload,
  options: pulumi.CustomResourceOptions,
): ModelData {
  const urls = archives.map((archive) =>
    uploadArchive(
      `${name}-${archive.name}`,
      upload,
      `${multiModelPrefix}${targetModelOf(archive)}`,
      archive.file,
      options,
    ),
  );
  const url = pulumi.all([upload.bucket.bucket, ...urls]).apply(([bucket]) => `s3://${bucket}/${multiModelPrefix}`);
  return { format: "multiModel", url, modelCacheSetting };
}

function uploadArchive(
  name: string,
  { bucket, tags }: ModelUpload,
  key: string,
  file: string,
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
  { bucket, tags }: ModelUpload,
  prefix: string,
  model: PrefixedModel,
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

import type { ModelCacheSetting } from "../sagemaker/multiModel.ts";

/** A model packed as one archive, still on this machine. */
export interface ArchivedModel {
  /** One `.tar.gz` that SageMaker unpacks. */
  readonly format: "archive";
  /** What the object in S3 is named after, for example `models`. */
  readonly name: string;
  /** The content's SHA-256, 64 hexadecimal digits. */
  readonly digest: string;
  /** The archive's path on this machine. */
  readonly file: string;
}

/** One file of a model that goes to S3 uncompressed. */
export interface ModelFile {
  /** The path inside the repository, with forward slashes. */
  readonly path: string;
  /** The content's SHA-256, 64 hexadecimal digits. */
  readonly digest: string;
  /** The file's path on this machine. */
  readonly file: string;
  /** The size in bytes. */
  readonly size: number;
}

/** A model as single files, still on this machine. */
export interface PrefixedModel {
  /** One object in S3 for each file, all under one prefix. */
  readonly format: "prefix";
  /** What the prefix in S3 is named after, for example `models`. */
  readonly name: string;
  /** The content's SHA-256, 64 hexadecimal digits. */
  readonly digest: string;
  /** The files. */
  readonly files: readonly ModelFile[];
}

/** A model that is in S3 already. */
export interface StoredModel {
  /** The model is referred to, not uploaded. */
  readonly format: "stored";
  /** `s3://<bucket>/<key>` of a `.tar.gz`. */
  readonly modelDataUrl: string;
}

/** Many models behind one endpoint, still on this machine. */
export interface MultiModel {
  /** One archive in S3 for each model, all under one prefix. */
  readonly format: "multiModel";
  /** Whether an instance keeps models that were asked for in memory and on its volume. Default: SageMaker's, `Enabled`. */
  readonly modelCacheSetting?: ModelCacheSetting;
  /** The models, each with a name of its own. */
  readonly archives: readonly ArchivedModel[];
}

/**
 * The model that a stack serves. A plain value, known before any resource is registered: it decides which resources
 * there are, so that a preview shows the true list.
 */
export type ModelArtifact = ArchivedModel | PrefixedModel | StoredModel | MultiModel;

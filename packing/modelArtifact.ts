import type { ModelCacheSetting } from "../sagemaker/multiModel.ts";

/** A model packed as one archive, still on this machine. */
export interface ArchivedModel {
  /** One `.tar.gz` that SageMaker unpacks. */
  readonly format: "archive";
  /** The base name of the object in S3, for example `models`. */
  readonly name: string;
  /** The content's SHA-256, 64 hexadecimal digits. */
  readonly digest: string;
  /** The archive's path on this machine. */
  readonly file: string;
  /** Whether the model that prints Triton's metrics is in it. Default: false. */
  readonly serverMetrics?: boolean;
}

/** One file of a model that is uploaded uncompressed. */
export interface ModelFile {
  /** Its path in the repository, with forward slashes. */
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
  /** One object in S3 per file, all under one prefix. */
  readonly format: "prefix";
  /** The base name of the prefix in S3, for example `models`. */
  readonly name: string;
  /** The content's SHA-256, 64 hexadecimal digits. */
  readonly digest: string;
  /** The files. */
  readonly files: readonly ModelFile[];
  /** Whether the model that prints Triton's metrics is in it. Default: false. */
  readonly serverMetrics?: boolean;
}

/** A model that is already in S3. */
export interface StoredModel {
  /** The model is referenced, not uploaded. */
  readonly format: "stored";
  /** `s3://<bucket>/<key>` of a `.tar.gz`. */
  readonly modelDataUrl: string;
}

/** Many models behind one endpoint, still on this machine. */
export interface MultiModel {
  /** One archive in S3 per model, all under one prefix. */
  readonly format: "multiModel";
  /** The caching of requested models in an instance's memory and on its volume. Default: SageMaker's, `Enabled`. */
  readonly modelCacheSetting?: ModelCacheSetting;
  /** The models, each with a unique name. */
  readonly archives: readonly ArchivedModel[];
}

/**
 * The model that a stack serves. A plain value, known before any resource is registered, because it decides which
 * resources there are and a preview must show all of them.
 */
export type ModelArtifact = ArchivedModel | PrefixedModel | StoredModel | MultiModel;

import type { ModelCacheSetting } from "../sagemaker/multiModel.ts";
import type { CheckOptions } from "../triton/repository/modelRepository.ts";

/** The place that a model comes from: set exactly one of the first four. */
export interface ModelSource {
  /** A folder with a Triton model repository, which is checked and packed. */
  readonly modelRepository?: string;
  /** A packed model repository, `.tar.gz`, which is checked. */
  readonly modelArchive?: string;
  /** The `s3://…` URL of a model that is already in S3, which is used without a check. */
  readonly modelDataUrl?: string;
  /** Many models: a folder of model repositories, as folders or archives, each of which is checked and packed. */
  readonly multiModel?: {
    /** A folder that holds one model repository for each model, as a folder or a `.tar.gz`. */
    readonly modelRepositories: string;
    /** The caching of models on an instance after a request. Default: SageMaker's, `Enabled`. */
    readonly modelCacheSetting?: ModelCacheSetting;
  };
  /** The form in which a folder is uploaded to S3: one archive, or single files under a prefix. Default: `archive`. */
  readonly modelDataFormat?: "archive" | "prefix";
}

/** The options for checking and packing a model. */
export interface LoadModelOptions {
  /** The facts about the server that the check uses. Default: none. */
  readonly check?: CheckOptions;
  /**
   * A description of the server for the log, for example `26.05-py3 on ml.m5.large in us-east-1`. Default: nothing is
   * logged.
   */
  readonly checkedFor?: string;
  /**
   * Whether the model that prints Triton's own metrics is added to a `modelRepository`, as `monitoring.serverMetrics` needs
   * it. Default: false.
   */
  readonly serverMetrics?: boolean;
  /** The folder for digests and archives. Default: `$XDG_CACHE_HOME/sagemaker-triton/models`, or the same below `~/.cache`. */
  readonly cacheDirectory?: string;
  /** Called during long work with the bytes done and the total. Default: none. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly total: number }) => void;
}

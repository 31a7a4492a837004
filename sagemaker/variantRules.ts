import { hostImageProblem } from "./hostImages.ts";
import { releaseOf, releaseOnInstanceProblem, type ImageNames } from "./imageReleases.ts";
import { hasInstanceStorage } from "./instanceTypes.ts";
import { multiModelProblems, type MultiModelOptions } from "./multiModel.ts";
import { conflictingVariables, type ModelServerOptions } from "./serverEnvironment.ts";

/** What a variant is made from, each value by itself already sound; absent where not given or not sound. */
export interface VariantSettings {
  /** A folder with a model repository. */
  readonly modelRepository?: string;
  /** A packed model repository. */
  readonly modelArchive?: string;
  /** A model that is in S3 already. */
  readonly modelDataUrl?: string;
  /** Many models behind one endpoint: for the whole stack only. */
  readonly multiModel?: MultiModelOptions;
  /** A Model that is in SageMaker already. */
  readonly modelName?: string;
  /** Whether the model goes to S3 as one archive or as single files. */
  readonly modelDataFormat?: "archive" | "prefix";
  /** The model that answers requests. */
  readonly defaultModelName?: string;
  /** Triton itself. */
  readonly modelServer?: ModelServerOptions;
  /** The container's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The instance type. */
  readonly instanceType?: string;
  /** How many instances it begins with. */
  readonly initialInstanceCount?: number;
  /** Its share of the traffic. */
  readonly initialVariantWeight?: number;
  /** How long the container may take until its first healthy ping, in seconds. */
  readonly containerStartupHealthCheckTimeoutInSeconds?: number;
  /** How long downloading and unpacking the model may take, in seconds. */
  readonly modelDataDownloadTimeoutInSeconds?: number;
  /** The EBS volume's size, in GB. */
  readonly volumeSizeInGb?: number;
  /** The host image. */
  readonly inferenceAmiVersion?: string;
}

/** What is wrong with a variant. */
export interface VariantProblem {
  /** The setting to change. */
  readonly key: keyof VariantSettings | keyof ImageNames;
  /** What is wrong and what is allowed, to be read after the setting's value. */
  readonly message: string;
}

/** Where a model may come from. */
export const modelSources = ["modelRepository", "modelArchive", "modelDataUrl", "multiModel"] as const;

/** Why a Model that is named has to be kept, to be read after what names it. */
export const keptModelRule =
  "and without keepReleases the stack's own Models are deleted once others take their place, also one that is named: set keepReleases and update, then name the Model";

const sources = `${modelSources.slice(0, -1).join(", ")} or ${modelSources.at(-1) ?? ""}`;
const variantSources = "modelRepository, modelArchive or modelDataUrl";

/**
 * Everything in a variant that SageMaker, or the model's way to it, refuses.
 *
 * @param variant what the variant is made from
 * @returns the problems; empty where there is none
 */
export function variantProblems(variant: VariantSettings & ImageNames): VariantProblem[] {
  return [
    ...rules.flatMap(({ key, problem }) => {
      const message = problem(variant);
      return message === undefined ? [] : [{ key, message }];
    }),
    ...(variant.multiModel ? multiModelProblems(variant) : []),
  ];
}

interface Rule {
  readonly key: VariantProblem["key"];
  readonly problem: (variant: VariantSettings & ImageNames) => string | undefined;
}

const rules: readonly Rule[] = [
  {
    key: "modelRepository",
    problem: (variant) =>
      [...modelSources, "modelName" as const].every((key) => variant[key] === undefined)
        ? `is not set, and there is no other model: set one of ${variantSources}`
        : undefined,
  },
  ...modelSources.map((key): Rule => ({
    key,
    problem: (variant) => {
      const others = modelSources.filter((other) => other !== key && variant[other] !== undefined);
      return variant[key] === undefined || others.length === 0
        ? undefined
        : `is set together with ${others.join(" and ")}: set one of ${sources}`;
    },
  })),
  {
    key: "modelDataFormat",
    problem: ({ modelDataFormat, modelArchive, modelDataUrl }) =>
      modelDataFormat === "prefix" && (modelArchive !== undefined || modelDataUrl !== undefined)
        ? "is not allowed with a packed model: an archive is served as archive, a prefix is made from a modelRepository"
        : undefined,
  },
  {
    key: "environment",
    problem: (variant) => {
      const names = conflictingVariables(variant);
      return names.length === 0
        ? undefined
        : `gives ${names.join(", ")} another value than defaultModelName or modelServer does: set it in one place`;
    },
  },
  {
    key: "modelServer",
    problem: ({ modelServer, imageTag = "", ...variant }) =>
      modelServer?.inferenceType !== undefined && imageTag < "25.03" && isCopiedFromAws(variant)
        ? `sets inferenceType, which ${imageTag} does not know: use 25.04-py3 or newer as imageTag`
        : undefined,
  },
  {
    key: "imageTag",
    problem: ({ imageTag, instanceType, ...variant }) =>
      imageTag === undefined || instanceType === undefined || !isCopiedFromAws(variant)
        ? undefined
        : releaseOnInstanceProblem(imageTag, instanceType),
  },
  {
    key: "volumeSizeInGb",
    problem: ({ volumeSizeInGb, instanceType }) =>
      volumeSizeInGb !== undefined && instanceType !== undefined && hasInstanceStorage(instanceType)
        ? `is not allowed with ${instanceType}, which has storage of its own and takes no volume: leave it out`
        : undefined,
  },
  {
    key: "inferenceAmiVersion",
    problem: ({ inferenceAmiVersion, instanceType, ...variant }) =>
      inferenceAmiVersion === undefined || instanceType === undefined
        ? undefined
        : hostImageProblem(inferenceAmiVersion, instanceType, releaseOf(variant)),
  },
];

function isCopiedFromAws({ upstreamImage, imageUri }: ImageNames): boolean {
  return upstreamImage === undefined && imageUri === undefined;
}

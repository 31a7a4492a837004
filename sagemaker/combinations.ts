import { autoscalingProblems, firstInstanceCount, type AutoscalingOptions } from "./autoscaling.ts";
import { releaseOnInstanceProblem } from "./imageReleases.ts";
import { hasInstanceStorage, instanceAccelerator } from "./instanceTypes.ts";
import { tagProblems } from "./limits.ts";
import { rolloutProblems, type RolloutPolicy } from "./rollout.ts";
import { conflictingVariables, type ModelServerOptions } from "./serverEnvironment.ts";

/** The settings that rules look at, each by itself already sound; absent where not given or not sound. */
export interface Combination {
  /** A folder with a model repository. */
  readonly modelRepository?: string;
  /** A packed model repository. */
  readonly modelArchive?: string;
  /** A model that is in S3 already. */
  readonly modelDataUrl?: string;
  /** Whether the model goes to S3 as one archive or as single files. */
  readonly modelDataFormat?: "archive" | "prefix";
  /** The model that answers requests. */
  readonly defaultModelName?: string;
  /** Triton itself. */
  readonly modelServer?: ModelServerOptions;
  /** The container's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The release of Triton's image. */
  readonly imageTag?: string;
  /** The upstream image's digest. */
  readonly imageDigest?: string;
  /** An upstream image in place of AWS's. */
  readonly upstreamImage?: string;
  /** An image that is in ECR already. */
  readonly imageUri?: string;
  /** The variant's instance type. */
  readonly instanceType?: string;
  /** The EBS volume's size. */
  readonly volumeSizeInGb?: number;
  /** The host image. */
  readonly inferenceAmiVersion?: string;
  /** How many instances the variant begins with. */
  readonly initialInstanceCount?: number;
  /** Whether earlier releases are kept. */
  readonly keepReleases?: boolean;
  /** How the endpoint goes over to a new release. */
  readonly rollout?: RolloutPolicy;
  /** How the instance count follows the load. */
  readonly autoscaling?: AutoscalingOptions;
  /** The VPC. */
  readonly vpcConfig?: {
    readonly securityGroupIds?: readonly string[];
    readonly vpcId?: string;
    readonly routeTableIds?: readonly string[];
  };
  /** A KMS key that is there. */
  readonly kmsKeyArn?: string;
  /** Whether a KMS key is made. */
  readonly createKmsKey?: boolean;
  /** Tags beside CostEnv and CostService. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What does not go together. */
export interface CombinationProblem {
  /** The setting to change. */
  readonly key: keyof Combination;
  /** What is wrong and what is allowed, to be read after the setting's value. */
  readonly message: string;
}

/**
 * Everything in a combination of settings that SageMaker, or the model's way to it, refuses.
 *
 * @param settings the settings
 * @returns the problems; empty where there is none
 */
export function combinationProblems(settings: Combination): CombinationProblem[] {
  return rules.flatMap(({ key, problem }) => [problem(settings) ?? []].flat().map((message) => ({ key, message })));
}

interface Rule {
  readonly key: keyof Combination;
  readonly problem: (settings: Combination) => string | readonly string[] | undefined;
}

const modelSources = ["modelRepository", "modelArchive", "modelDataUrl"] as const;
const sources = `${modelSources.slice(0, -1).join(", ")} or ${modelSources.at(-1) ?? ""}`;

const rules: readonly Rule[] = [
  {
    key: "modelRepository",
    problem: (settings) =>
      modelSources.every((key) => settings[key] === undefined)
        ? `is not set, and there is no other model: set one of ${sources}`
        : undefined,
  },
  ...modelSources.map((key): Rule => ({
    key,
    problem: (settings) => {
      const others = modelSources.filter((other) => other !== key && settings[other] !== undefined);
      return settings[key] === undefined || others.length === 0
        ? undefined
        : `is set together with ${others.join(" and ")}: set one of ${sources}`;
    },
  })),
  {
    key: "modelDataFormat",
    problem: (settings) =>
      settings.modelDataFormat === "prefix" &&
      (settings.modelArchive !== undefined || settings.modelDataUrl !== undefined)
        ? "is not allowed with a packed model: an archive is served as archive, a prefix is made from a modelRepository"
        : undefined,
  },
  {
    key: "environment",
    problem: (settings) => {
      const names = conflictingVariables(settings);
      return names.length === 0
        ? undefined
        : `gives ${names.join(", ")} another value than defaultModelName or modelServer does: set it in one place`;
    },
  },
  {
    key: "modelServer",
    problem: ({ modelServer, imageTag = "", upstreamImage, imageUri }) =>
      modelServer?.inferenceType !== undefined &&
      imageTag < "25.03" &&
      upstreamImage === undefined &&
      imageUri === undefined
        ? `sets inferenceType, which ${imageTag} does not know: use 25.04-py3 or newer as imageTag`
        : undefined,
  },
  ...(["imageDigest", "upstreamImage"] as const).map((key): Rule => ({
    key,
    problem: (settings) =>
      settings[key] !== undefined && settings.imageUri !== undefined
        ? "is set together with imageUri, an image that is there already and is not copied: set one of the two"
        : undefined,
  })),
  {
    key: "imageDigest",
    problem: ({ imageDigest, upstreamImage }) =>
      imageDigest !== undefined && upstreamImage?.includes("@") && !upstreamImage.endsWith(imageDigest)
        ? "is another digest than that of upstreamImage: set one of the two"
        : undefined,
  },
  {
    key: "imageTag",
    problem: ({ imageTag, instanceType, upstreamImage, imageUri }) =>
      imageTag === undefined || instanceType === undefined || upstreamImage !== undefined || imageUri !== undefined
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
    problem: ({ inferenceAmiVersion, instanceType }) =>
      inferenceAmiVersion !== undefined && instanceType !== undefined && instanceAccelerator(instanceType) !== "gpu"
        ? `is not allowed with ${instanceType}, which has no GPU: leave it out`
        : undefined,
  },
  {
    key: "rollout",
    problem: ({ rollout, keepReleases, initialInstanceCount, autoscaling }) =>
      rollout &&
      rolloutProblems(rollout, {
        keepReleases,
        instanceCount: firstInstanceCount(initialInstanceCount, autoscaling),
      }).at(0),
  },
  {
    key: "autoscaling",
    problem: ({ autoscaling, instanceType, initialInstanceCount }) =>
      autoscaling && autoscalingProblems(autoscaling, { instanceType, initialInstanceCount }),
  },
  {
    key: "vpcConfig",
    problem: ({ vpcConfig }) =>
      vpcConfig !== undefined && (vpcConfig.securityGroupIds === undefined) === (vpcConfig.vpcId === undefined)
        ? "needs either securityGroupIds, which are there already, or vpcId, in which one is made: set one of the two"
        : undefined,
  },
  {
    key: "vpcConfig",
    problem: ({ vpcConfig }) =>
      vpcConfig?.routeTableIds !== undefined && vpcConfig.vpcId === undefined
        ? "has routeTableIds, which get a gateway endpoint in the VPC, and no vpcId: set it, too"
        : undefined,
  },
  {
    key: "kmsKeyArn",
    problem: ({ kmsKeyArn, createKmsKey }) =>
      kmsKeyArn !== undefined && createKmsKey
        ? "is set together with createKmsKey: use a key that is there, or have one made"
        : undefined,
  },
  {
    key: "tags",
    problem: ({ tags = {} }) =>
      "CostEnv" in tags || "CostService" in tags
        ? "has CostEnv or CostService: use the settings costEnv and costService"
        : tagProblems({ ...tags, CostEnv: "", CostService: "" }).at(0),
  },
];

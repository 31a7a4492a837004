import type { Problem } from "./problem.ts";
import type { Endpoint } from "./schema.ts";
import { isShadow, relocated, type WholeVariant } from "./wholeVariants.ts";

/** The settings that can't be used together with a feature. */
interface Exclusion {
  readonly feature: keyof Endpoint;
  /** The excluded settings, each with the reason, which follows `can't be used with <feature>: `. */
  readonly excludes: Partial<Record<keyof Endpoint, string>>;
}

/**
 * SageMaker's exclusions, and at the end those of parts that exist, on which nothing is changed. Sources, in the order of
 * the table, all below https://docs.aws.amazon.com/sagemaker/latest/dg/:
 * serverless-endpoints.html (Feature exclusions) and deployment-guardrails.html, async-inference.html,
 * multi-model-endpoints.html, shadow-tests-exclusions.html, deployment-guardrails-exclusions.html;
 * modelDataFormat: APIReference/API_S3ModelDataSource.html.
 */
const exclusions: readonly Exclusion[] = [
  {
    feature: "serverless",
    excludes: {
      asyncInference: "a serverless endpoint answers directly",
      multiModel: "a serverless endpoint serves one model",
      variants: "a serverless endpoint has one variant",
      shadow: "a serverless endpoint has no shadow",
      rollout: "SageMaker offers rollouts only for instances",
      dataCapture: "SageMaker doesn't capture its data",
      vpcConfig: "it runs outside your VPCs",
      networkIsolation: "SageMaker doesn't offer it for serverless endpoints",
      instanceType: "there are no instances and no GPUs",
      initialInstanceCount: "there are no instances",
      volumeSizeInGb: "there are no volumes",
      inferenceAmiVersion: "there are no instances",
      routingStrategy: "there are no instances to choose from",
      capacityReservation: "there are no instances",
      enableSsmAccess: "there are no instances",
      coreDump: "there are no instances",
      modelDataFormat: "it takes only an archive",
    },
  },
  {
    feature: "asyncInference",
    excludes: {
      multiModel: "SageMaker offers it only with real-time endpoints",
      variants: "an asynchronous endpoint has one variant",
      shadow: "SageMaker offers it only with real-time endpoints",
    },
  },
  {
    feature: "multiModel",
    excludes: {
      shadow: "SageMaker offers no shadow with many models",
      modelDataFormat: "it takes only archives",
    },
  },
  { feature: "shadow", excludes: { variants: "SageMaker allows only one production variant with a shadow" } },
  {
    feature: "bucket",
    excludes: {
      bucketName: "no bucket is created",
      accessLogging: "the existing bucket's logging isn't changed",
    },
  },
  {
    feature: "repository",
    excludes: {
      repositoryName: "no repository is created",
      immutableTags: "the existing repository isn't changed",
      imageUri: "it names an image that already exists, and nothing is copied",
    },
  },
];

/**
 * The rules for features that exclude each other.
 *
 * @param variants its variants, the shadow included
 */
export function* exclusionRules(endpoint: Endpoint, variants: readonly WholeVariant[]): Generator<Problem> {
  for (const variant of variants) {
    for (const { feature, excludes } of exclusions) {
      if (!isPresent(variant.values, feature)) continue;
      for (const [key, reason] of Object.entries(excludes)) {
        if (!isPresent(variant.values, key as keyof Endpoint)) continue;
        const message = `can't be used with ${feature}: ${reason}`;
        yield relocated({ path: [key], code: `${kebab(feature)}-excludes-${kebab(key)}`, message }, variant);
      }
    }
  }
  yield* inferentiaRules(endpoint, variants);
  if (endpoint.rollout?.strategy === "rolling" && isPresent(endpoint, "variants")) {
    yield {
      path: ["rollout", "strategy"],
      code: "variants-exclude-rolling",
      message: "must be allAtOnce, canary or linear, because SageMaker offers rolling only with one variant",
    };
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html */
function* inferentiaRules({ rollout }: Endpoint, variants: readonly WholeVariant[]): Generator<Problem> {
  const inferentia = variants
    .filter((variant) => !isShadow(variant))
    .map(({ values }) => values.instanceType)
    .find((instanceType) => instanceType?.startsWith("ml.inf1."));
  if (!rollout || inferentia === undefined) return;
  yield {
    path: ["rollout"],
    code: "rollout-inferentia",
    message: `can't be used with ${inferentia}, because SageMaker shifts all traffic of Inf1 instances at once and without watching them: remove it`,
  };
}

/** An endpoint has several variants if there is more than one. */
function isPresent(values: Endpoint, feature: keyof Endpoint): boolean {
  if (feature === "modelDataFormat") return values.modelDataFormat === "prefix";
  if (feature === "variants") return Object.keys(values.variants ?? {}).length > 1;
  return values[feature] !== undefined && values[feature] !== false;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

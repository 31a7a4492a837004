/** What an endpoint may have, by the names of the settings; what is not there is undefined or false. */
export interface EndpointFeatures {
  /** Serving without instances. */
  readonly serverless?: unknown;
  /** Queueing requests and answering them into S3. */
  readonly asyncInference?: unknown;
  /** Many models behind one endpoint, loaded as requests ask for them. Variants may share them. */
  readonly multiModel?: unknown;
  /** Several production variants. */
  readonly variants?: unknown;
  /** A shadow variant. */
  readonly shadow?: unknown;
  /** How the endpoint goes over to a new release. */
  readonly rollout?: { readonly strategy: string };
  /** How the instance count follows the load. */
  readonly autoscaling?: unknown;
  /** Recording requests and answers. */
  readonly dataCapture?: unknown;
  /** The VPC. */
  readonly vpcConfig?: unknown;
  /** Whether the container is cut off from every network. */
  readonly networkIsolation?: boolean;
  /** The instance type. */
  readonly instanceType?: unknown;
  /** The number of instances. */
  readonly initialInstanceCount?: unknown;
  /** The EBS volume's size. */
  readonly volumeSizeInGb?: unknown;
  /** The host image. */
  readonly inferenceAmiVersion?: unknown;
  /** Whether the model goes to S3 as one archive or as single files. */
  readonly modelDataFormat?: "archive" | "prefix";
}

/** What SageMaker does not offer together with a feature. */
interface Exclusion {
  readonly feature: keyof EndpointFeatures;
  /** What it excludes, and why, to be read after `is not allowed with <feature>: `. */
  readonly excludes: Partial<Record<keyof EndpointFeatures, string>>;
}

/**
 * SageMaker's exclusions. Sources, in the order of the table, all below https://docs.aws.amazon.com/sagemaker/latest/dg/:
 * serverless-endpoints.html (Feature exclusions) and deployment-guardrails.html, async-inference.html,
 * multi-model-endpoints.html, shadow-tests-exclusions.html, deployment-guardrails-exclusions.html;
 * modelDataFormat: APIReference/API_S3ModelDataSource.html.
 */
const exclusions: readonly Exclusion[] = [
  {
    feature: "serverless",
    excludes: {
      asyncInference: "a serverless endpoint answers at once",
      multiModel: "a serverless endpoint serves one model",
      variants: "a serverless endpoint has one variant",
      shadow: "a serverless endpoint has no shadow",
      rollout: "SageMaker guards releases of instances only",
      autoscaling: "it scales by itself, up to its maxConcurrency",
      dataCapture: "SageMaker captures nothing there",
      vpcConfig: "it runs outside every VPC of yours",
      networkIsolation: "SageMaker does not offer it there",
      instanceType: "there are no instances, and no GPU",
      initialInstanceCount: "there are no instances",
      volumeSizeInGb: "there are no volumes",
      inferenceAmiVersion: "there are no instances",
      modelDataFormat: "it takes an archive only",
    },
  },
  {
    feature: "asyncInference",
    excludes: {
      multiModel: "SageMaker offers it with real-time endpoints only",
      variants: "requests are queued for one variant",
      shadow: "SageMaker offers it with real-time endpoints only",
    },
  },
  {
    feature: "multiModel",
    excludes: {
      shadow: "SageMaker copies no requests to many models",
      modelDataFormat: "it takes archives only",
    },
  },
  { feature: "shadow", excludes: { variants: "SageMaker takes exactly one production variant beside a shadow" } },
];

/**
 * Everything in an endpoint's features that SageMaker does not offer together.
 *
 * @param features the features
 * @returns the problems: the feature to change, and what is wrong, to be read after its name; empty where there is none
 */
export function excludedFeatures(features: EndpointFeatures): { key: keyof EndpointFeatures; message: string }[] {
  const problems = exclusions.flatMap(({ feature, excludes }) =>
    isPresent(features, feature)
      ? Object.entries(excludes).flatMap(([key, reason]) =>
          isPresent(features, key as keyof EndpointFeatures)
            ? [{ key: key as keyof EndpointFeatures, message: `is not allowed with ${feature}: ${reason}` }]
            : [],
        )
      : [],
  );
  const rolling = features.rollout?.strategy === "rolling" && isPresent(features, "variants");
  return [
    ...problems,
    ...(rolling
      ? [
          {
            key: "rollout" as const,
            message:
              "has the strategy rolling, which SageMaker offers with one variant only: use allAtOnce, canary or linear",
          },
        ]
      : []),
  ];
}

function isPresent(features: EndpointFeatures, feature: keyof EndpointFeatures): boolean {
  const value = features[feature];
  if (feature === "modelDataFormat") return value === "prefix";
  return value !== undefined && value !== false;
}

import * as pulumi from "@pulumi/pulumi";
import { describeProblem, type Problem } from "../endpoint/problem.ts";
import { onlyVariantName } from "../endpoint/variant.ts";
import { changeProblems, upgradeNotes, type PlannedEndpoint } from "../releases/changeRules.ts";
import { earlierEndpoint, type EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import { noneExisting } from "../releases/takeOver.ts";
import { withExactMessage } from "../releases/exactMessage.ts";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import { ssmAccessPolicy } from "../sagemaker/debugging.ts";
import { ecrRepositoryArn, parseEcrImage } from "../sagemaker/imageUri.ts";
import { defaultInstanceType, instanceTypeWarning } from "../sagemaker/instanceTypes.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { AccessLogging } from "./accessLogging.ts";
import { ArgumentsError } from "./argumentsError.ts";
import { Autoscaling } from "./autoscaling.ts";
import { awsScope, providerRegion } from "./awsScope.ts";
import { ChildOptions } from "./childOptions.ts";
import { EncryptionKey } from "./encryptionKey.ts";
import { existingBucket, existingRepository, existingRoleArn } from "./existingParts.ts";
import { checkArguments, knownArguments, shownInputs, type CheckedEndpoint } from "./endpointArguments.ts";
import { monitorEndpoint, topicPublishers } from "./endpointMonitoring.ts";
import { endpointNetwork } from "./endpointNetwork.ts";
import { firstModelDataUrl, servedVariants } from "./endpointVariants.ts";
import { ExecutionRole, type VpcConfig } from "./executionRole.ts";
import { ImageRegistry } from "./imageRegistry.ts";
import { ModelServer } from "./modelServer.ts";
import { ModelStorage } from "./modelStorage.ts";
import { targetModelOf } from "./modelUpload.ts";
import type { Monitoring } from "./monitoring.ts";
import { plannedEndpoint, unscaledVariants } from "./plannedEndpoint.ts";
import { trafficConfigs, trafficExpirations, trafficPolicies } from "./recordedTraffic.ts";
import type { ResolvedEndpoint, ResolvedVariant } from "./resolvedEndpoint.ts";
import { Rollout, rollbackAlarmNames } from "./rollout.ts";
import type { TritonEndpointArgs } from "./tritonEndpointArgs.ts";
import { listed } from "../text/printable.ts";
import { log, ResourceError } from "../text/pulumi.ts";

/**
 * A Triton model repository behind a SageMaker AI real-time endpoint: storage, registry, role and server.
 *
 * ```ts
 * const endpoint = new TritonEndpoint("penguins", { modelRepository: "models", instanceType: "ml.m5.large" });
 * export const endpointName = endpoint.endpointName;
 * ```
 */
export class TritonEndpoint extends pulumi.ComponentResource {
  /** The bucket with the model. */
  readonly storage: ModelStorage;
  /** The image, copied into an ECR repository; absent if the image already existed. */
  readonly registry?: ImageRegistry;
  /** How the endpoint moves to a new release; absent if it does so all at once. */
  readonly rollout?: Rollout;
  /** Logs, alarms and dashboard; absent without monitoring. */
  readonly monitoring?: Monitoring;
  /** The role that SageMaker assumes; absent if it existed. */
  readonly role?: ExecutionRole;
  /** SageMaker's model, endpoint configuration and endpoint. */
  readonly server: ModelServer;
  /** The endpoint's name in SageMaker. */
  readonly endpointName: pulumi.Output<string>;
  /** The endpoint's ARN. */
  readonly endpointArn: pulumi.Output<string>;
  /** The name of the endpoint configuration in service. */
  readonly endpointConfigName: pulumi.Output<string>;
  /** The ARN of the role that SageMaker assumes. */
  readonly executionRoleArn: pulumi.Output<string>;
  /** The image in service. */
  readonly imageUri: pulumi.Output<string>;
  /** The name of the Model in SageMaker that is in service; the first one's if there are several variants. */
  readonly modelName: pulumi.Output<string>;
  /** The model's location in S3: an archive's URL, or a prefix that ends in `/`; empty if the Model already existed. */
  readonly modelDataUrl: pulumi.Output<string>;
  /** The dashboard's URL; absent without monitoring. */
  readonly dashboardUrl?: pulumi.Output<string>;
  /** For many models, the TargetModel that a request must name, by model name; empty for a single model. */
  readonly targetModels: Readonly<Record<string, string>>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param given its arguments
   * @param opts Pulumi's options
   * @throws pulumi.ResourceError listing every argument that is missing or that SageMaker would refuse
   */
  constructor(name: string, given: TritonEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    const children = new ChildOptions(given.transform);
    super(
      "sagemaker-triton:index:TritonEndpoint",
      name,
      shownInputs(given),
      children.addedTo(opts, given.releaseWatch),
    );
    const args = this.#checked(name, given);
    children.gate = args.checked;
    const earlier = given.releaseWatch && earlierEndpoint(given.releaseWatch.earlier, name);
    const planned = plannedEndpoint(args, earlier, given.releaseWatch?.region);
    if (!given.releaseWatch?.destroys) this.#refuseHarm(planned, earlier, given.releaseWatch);
    const scope = awsScope(this);
    const kmsKeyArn = this.#encryptionKey(name, args, scope, earlier);
    const alarmNames = rollbackAlarmNames(`${name}-rollout`, earlier?.rollbackAlarmNames);
    const plan: Plan = { name, args, scope, kmsKeyArn, earlier, planned, alarmNames, releaseWatch: given.releaseWatch };

    this.storage = this.#storage(plan);
    this.#accessLogging(plan);
    const vpcConfig = endpointNetwork(name, args, { scope, storage: this.storage, earlier }, this);
    this.registry = this.#registry(plan);
    this.imageUri = this.registry?.imageUri ?? pulumi.output(args.imageUri ?? "");
    this.rollout = this.#rollout(plan);
    const shown = { scope, kmsKeyArn, rollbackAlarms: this.rollout?.alarms, earlier };
    this.monitoring = monitorEndpoint(name, args, shown, this);
    this.role = args.role === undefined ? this.#role(plan, vpcConfig) : undefined;
    this.executionRoleArn = this.role?.arn ?? existingRoleArn(args.role ?? "", scope);
    this.server = this.#server(plan, vpcConfig);
    for (const variant of args.variants) this.#autoscaling(plan, variant);
    this.monitoring?.watch(this.server.endpoint);

    this.endpointName = this.server.endpoint.name;
    this.endpointArn = this.server.endpoint.arn;
    this.endpointConfigName = this.server.servedConfigurationName;
    this.modelName = this.server.modelName;
    this.modelDataUrl = firstModelDataUrl(args, this.storage);
    this.dashboardUrl = this.monitoring?.dashboardUrl;
    const archives = args.model?.format === "multiModel" ? args.model.archives : [];
    this.targetModels = Object.fromEntries(archives.map((archive) => [archive.name, targetModelOf(archive)]));
    this.registerOutputs({
      endpointName: this.endpointName,
      endpointArn: this.endpointArn,
      endpointConfigName: this.endpointConfigName,
      modelName: this.modelName,
      imageUri: this.imageUri,
      modelDataUrl: this.modelDataUrl,
      dashboardUrl: this.dashboardUrl,
      // The next update reads it: see `earlierEndpoint`.
      keepReleases: args.keepReleases,
    });
  }

  /** The arguments with all defaults; warnings are logged. */
  #checked(name: string, given: TritonEndpointArgs): CheckedEndpoint {
    const refuse = (problems: readonly Problem[], shown: unknown): never => {
      throw withExactMessage(new ArgumentsError(problems, shown, this));
    };
    const { args, problems } = checkArguments(name, given, providerRegion(this), (late) => refuse(late, {}));
    if (!args) return refuse(problems, knownArguments(given));
    for (const problem of problems) void log.warn(describeProblem(problem), this);
    const served = args.shadow ? [...args.variants, args.shadow] : args.variants;
    for (const instanceType of new Set(served.map((variant) => variant.instanceType ?? defaultInstanceType))) {
      const warning = instanceTypeWarning(instanceType);
      if (warning !== undefined) void log.warn(warning, this);
    }
    return args;
  }

  /** A change that would make the endpoint unavailable ends the program before anything else is registered. */
  #refuseHarm(
    planned: PlannedEndpoint,
    earlier: EarlierEndpoint | undefined,
    releaseWatch: ReleaseWatch | undefined,
  ): void {
    const { imports, problems } = releaseWatch?.existing ?? noneExisting;
    const changes = [...problems, ...(earlier ? changeProblems(earlier, planned) : [])];
    if (changes.length > 0) throw new ResourceError(listed(changes).join("\n"), this);
    for (const note of earlier ? upgradeNotes(earlier, planned) : []) void log.warn(note, this);
    for (const id of imports.values()) {
      void log.info(`${id} exists already and belongs to this stack: it is taken over`, this);
    }
  }

  /** The key that encrypts what the endpoint stores: the given one, a new one, or none. */
  #encryptionKey(
    name: string,
    args: ResolvedEndpoint,
    scope: pulumi.Output<AwsScope>,
    earlier: EarlierEndpoint | undefined,
  ): pulumi.Input<string> | undefined {
    if (!args.createKmsKey) return args.kmsKeyArn;
    const { endpointName, protect, keepReleases, tags } = args;
    const publishers = topicPublishers(endpointName, args);
    const logGroupNames = earlier?.logGroups.map((group) => group.name);
    const key = { scope, endpointName, logGroupNames, publishers, protect, keepReleases, tags };
    return new EncryptionKey(`${name}-encryption`, key, { parent: this }).arn;
  }

  #storage({ name, args, scope, kmsKeyArn }: Plan): ModelStorage {
    const { model, bucketName, protect, keepReleases, tags, variants, shadow } = args;
    // Endpoints that share a bucket must not share objects, because each deletes its own.
    const existing = args.bucket !== undefined && {
      bucket: existingBucket(args.bucket, scope),
      prefix: `artifacts/${args.endpointName}/`,
    };
    const variantModels = Object.fromEntries(
      [...variants, ...(shadow ? [shadow] : [])].flatMap((variant) =>
        variant.model ? [[variant.variantName, variant.model] as const] : [],
      ),
    );
    const expirations = trafficExpirations(args);
    return new ModelStorage(
      `${name}-storage`,
      { scope, model, variantModels, expirations, ...existing, bucketName, protect, keepReleases, kmsKeyArn, tags },
      { parent: this },
    );
  }

  #accessLogging({ name, args: { accessLogging, protect, tags }, scope }: Plan): void {
    if (!accessLogging) return;
    const { bucket } = this.storage;
    new AccessLogging(`${name}-access-logging`, { scope, bucket, protect, tags }, { parent: this });
  }

  /** Copies the image, unless it already exists. */
  #registry({ name, args, scope, kmsKeyArn, releaseWatch }: Plan): ImageRegistry | undefined {
    if (args.imageUri !== undefined && !isOwnRepository(args, `${name}-registry-repository`, releaseWatch))
      return undefined;
    const { imageTag, imageDigest, upstreamImage, imageArchitecture, repositoryName, immutableTags } = args;
    const repository = args.repository === undefined ? undefined : existingRepository(args.repository, scope);
    const image = {
      imageTag,
      imageDigest,
      imageUri: args.imageUri,
      upstreamImage,
      imageArchitecture,
      repository,
      repositoryName,
      immutableTags,
    };
    const { protect, keepReleases, tags } = args;
    return new ImageRegistry(
      `${name}-registry`,
      { ...image, protect, keepReleases, kmsKeyArn, tags },
      { parent: this },
    );
  }

  #rollout({ name, args: { rollout, variants, endpointName, tags }, alarmNames }: Plan): Rollout | undefined {
    if (!rollout) return undefined;
    const variantNames = variants.map(({ variantName }) => variantName);
    return new Rollout(
      `${name}-rollout`,
      { endpointName, variantNames, policy: rollout, alarmNames, tags },
      { parent: this },
    );
  }

  #role({ name, args, scope, kmsKeyArn, earlier, alarmNames }: Plan, vpcConfig: VpcConfig | undefined): ExecutionRole {
    const { endpointName, keepReleases, tags, variants, shadow } = args;
    const served = shadow ? [...variants, shadow] : variants;
    const repositoryArn =
      this.registry?.repository.arn ??
      pulumi.all([this.imageUri, scope]).apply(([uri, { partition }]) => ecrRepositoryArn(uri, partition));
    // An endpoint keeps its alarms when its rollout is removed.
    const hasAlarms = keepReleases || earlier?.deploymentConfig?.autoRollbackConfiguration;
    return new ExecutionRole(
      `${name}-execution`,
      {
        scope,
        endpointName,
        modelData: this.storage.access,
        logGroupExists: this.monitoring?.logGroup !== undefined || args.logGroup !== undefined,
        repositoryArn,
        vpcConfig,
        kmsKeyArn,
        rollbackAlarmNames: hasAlarms ? Object.values(alarmNames) : undefined,
        keepReleases,
        readsOtherBuckets: [args, ...served].some(({ model }) => model?.format === "stored"),
        policies: {
          ...trafficPolicies(args, this.storage.bucket),
          ...(served.some(({ enableSsmAccess }) => enableSsmAccess) && { ssm: pulumi.output(ssmAccessPolicy()) }),
        },
        tags,
      },
      { parent: this },
    );
  }

  #server(
    { name, args, kmsKeyArn, earlier, planned, releaseWatch }: Plan,
    vpcConfig: VpcConfig | undefined,
  ): ModelServer {
    const { endpointName, networkIsolation, protect, keepReleases, tags } = args;
    return new ModelServer(
      `${name}-server`,
      {
        endpointName,
        ...servedVariants(args, this.storage, this.imageUri),
        ...trafficConfigs(args, this.storage.bucket, kmsKeyArn),
        logGroup: args.logGroup ?? this.monitoring?.logGroup,
        executionRoleArn: this.executionRoleArn,
        vpcConfig,
        kmsKeyArn,
        networkIsolation,
        protect,
        keepReleases,
        rollout: this.rollout,
        watch: releaseWatch?.watch({ ...planned, keepReleases, unscaledVariants: unscaledVariants(args, earlier) }),
        earlier,
        tags,
      },
      { parent: this },
    );
  }

  #autoscaling({ name, args: { named, tags } }: Plan, { variantName, autoscaling }: ResolvedVariant): void {
    if (!autoscaling) return;
    const singleName = `${name}-autoscaling`;
    const ownName = `${name}-${variantName}-autoscaling`;
    // The endpoint's only variant may become one of several and keep its name. It is still the same scalable target,
    // which must not be registered again and then deleted.
    const aliases = variantName === onlyVariantName ? [{ name: named ? singleName : ownName }] : [];
    new Autoscaling(
      named ? ownName : singleName,
      { endpoint: this.server.endpoint, variantName, options: autoscaling, tags },
      { parent: this, aliases },
    );
  }
}

/**
 * Whether the repository of an existing image is the stack's, because it was taken over: now, or earlier, if only by an update
 * that didn't come to its endpoint.
 */
function isOwnRepository(
  { imageUri, repositoryName }: ResolvedEndpoint,
  resource: string,
  releaseWatch: ReleaseWatch | undefined,
): boolean {
  if (typeof imageUri !== "string" || typeof repositoryName !== "string") return false;
  if (parseEcrImage(imageUri)?.repositoryName !== repositoryName) return false;
  const { existing, earlier = [] } = releaseWatch ?? {};
  return (
    existing?.imports.has(resource) === true ||
    earlier.some(({ name, outputs }) => name === resource && outputs.name === repositoryName)
  );
}

/** What each child is made from. */
interface Plan {
  readonly name: string;
  readonly args: ResolvedEndpoint;
  readonly scope: pulumi.Output<AwsScope>;
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
  readonly earlier: EarlierEndpoint | undefined;
  readonly planned: PlannedEndpoint;
  readonly alarmNames: ReturnType<typeof rollbackAlarmNames>;
  readonly releaseWatch: ReleaseWatch | undefined;
}

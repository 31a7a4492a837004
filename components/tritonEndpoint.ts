import * as pulumi from "@pulumi/pulumi";
import { describeProblem } from "../endpoint/problem.ts";
import { changeProblems, upgradeNotes, type PlannedEndpoint } from "../releases/changeRules.ts";
import { earlierEndpoint, type EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import { ssmAccessPolicy } from "../sagemaker/debugging.ts";
import { ecrRepositoryArn } from "../sagemaker/imageUri.ts";
import { defaultInstanceType, instanceTypeWarning } from "../sagemaker/instanceTypes.ts";
import { ArgumentsError } from "./argumentsError.ts";
import { AccessLogging } from "./accessLogging.ts";
import { Autoscaling } from "./autoscaling.ts";
import { awsScope } from "./awsScope.ts";
import { EncryptionKey } from "./encryptionKey.ts";
import { checkArguments, type ResolvedArguments } from "./endpointArguments.ts";
import { monitorEndpoint, topicPublishers } from "./endpointMonitoring.ts";
import { endpointNetwork } from "./endpointNetwork.ts";
import { firstModelDataUrl, servedVariants } from "./endpointVariants.ts";
import { ExecutionRole } from "./executionRole.ts";
import { ImageRegistry } from "./imageRegistry.ts";
import { ModelServer } from "./modelServer.ts";
import { ModelStorage } from "./modelStorage.ts";
import { targetModelOf } from "./modelUpload.ts";
import type { Monitoring } from "./monitoring.ts";
import { plannedEndpoint, unscaledVariants } from "./plannedEndpoint.ts";
import { variantName, type NamedVariant } from "./productionVariant.ts";
import { trafficConfigs, trafficExpirations, trafficPolicies } from "./recordedTraffic.ts";
import { Rollout, rollbackAlarmNames } from "./rollout.ts";
import type { TritonEndpointArgs } from "./tritonEndpointArgs.ts";

/**
 * A Triton model repository behind a SageMaker AI real-time endpoint: storage, registry, role and server.
 *
 * ```ts
 * const model = await loadModel({ modelRepository: "models" });
 * const endpoint = new TritonEndpoint("penguins", {
 *   model,
 *   image: { imageTag: "26.05-py3" },
 *   variant: { instanceType: "ml.m5.large" },
 *   environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
 * });
 * ```
 */
export class TritonEndpoint extends pulumi.ComponentResource {
  /** The bucket with the model. */
  readonly storage: ModelStorage;
  /** The ECR repository with the image; absent if the image already existed. */
  readonly registry?: ImageRegistry;
  /** How the endpoint moves to a new release; absent if it does so all at once. */
  readonly rollout?: Rollout;
  /** Logs, alarms and dashboard; absent without monitoring. */
  readonly monitoring?: Monitoring;
  /** The role that SageMaker assumes. */
  readonly role: ExecutionRole;
  /** SageMaker's model, endpoint configuration and endpoint. */
  readonly server: ModelServer;
  /** The image in service. */
  readonly imageUri: pulumi.Output<string>;
  /** The name of the Model in SageMaker that is in service; the first one's if there are several variants. */
  readonly modelName: pulumi.Output<string>;
  /** The model's location in S3: an archive's URL, or a prefix that ends in `/`; empty if the Model already existed. */
  readonly modelDataUrl: pulumi.Output<string>;
  /** For many models, the TargetModel that a request must name, by model name; empty for a single model. */
  readonly targetModels: Readonly<Record<string, string>>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param given its arguments
   * @param opts Pulumi's options
   * @throws pulumi.ResourceError listing every argument that is missing or that SageMaker would refuse
   */
  constructor(name: string, given: TritonEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:TritonEndpoint", name, {}, opts);
    const child = { parent: this };
    const args = this.#checked(name, given);
    const { protect, keepReleases, tags, endpointName, variants } = args;
    const earlier = args.releaseWatch && earlierEndpoint(args.releaseWatch.earlier, name);
    if (earlier) this.#compare(earlier, plannedEndpoint(args, endpointName));
    const served = args.shadow ? [...variants, args.shadow] : variants;
    this.#warnOfUnknownTypes(served);
    const scope = awsScope(this);
    const key = { scope, endpointName, publishers: topicPublishers(endpointName, args), protect, keepReleases, tags };
    const kmsKeyArn = args.createKmsKey ? new EncryptionKey(`${name}-encryption`, key, child).arn : args.kmsKeyArn;

    this.storage = new ModelStorage(
      `${name}-storage`,
      {
        scope,
        model: args.model,
        variantModels: Object.fromEntries(
          served.flatMap(({ variantName, model }) => (model ? [[variantName, model] as const] : [])),
        ),
        expirations: trafficExpirations(args),
        bucketName: args.bucketName,
        protect,
        keepReleases,
        kmsKeyArn,
        tags,
      },
      child,
    );
    const { bucket } = this.storage;
    if (args.accessLogging) {
      new AccessLogging(`${name}-access-logging`, { scope, bucket, protect, tags }, child);
    }
    const vpcConfig = endpointNetwork(name, args, { scope, storage: this.storage, earlier }, this);
    this.registry = this.#registry(name, args, kmsKeyArn);
    this.imageUri = this.registry?.imageUri ?? pulumi.output(args.image.imageUri ?? "");
    if (args.rollout) {
      const variantNames = variants.map(({ variantName }) => variantName);
      this.rollout = new Rollout(`${name}-rollout`, { endpointName, variantNames, policy: args.rollout, tags }, child);
    }
    this.monitoring = monitorEndpoint(
      name,
      args,
      { scope, kmsKeyArn, rollbackAlarms: this.rollout?.alarms, earlier },
      this,
    );
    this.role = new ExecutionRole(
      `${name}-execution`,
      {
        scope,
        endpointName,
        modelData: this.storage.access,
        logGroupExists: this.monitoring !== undefined,
        repositoryArn:
          this.registry?.repository.arn ??
          pulumi.all([this.imageUri, scope]).apply(([uri, { partition }]) => ecrRepositoryArn(uri, partition)),
        vpcConfig,
        kmsKeyArn,
        // An endpoint keeps its alarms when its rollout is removed.
        rollbackAlarmNames:
          keepReleases || earlier?.deploymentConfig?.autoRollbackConfiguration
            ? rollbackAlarmNames(`${name}-rollout`)
            : undefined,
        keepReleases,
        readsOtherBuckets: [args.model, ...served.map(({ model }) => model)].some(
          (model) => model?.format === "stored",
        ),
        policies: {
          ...trafficPolicies(args, bucket),
          ...(served.some(({ enableSsmAccess }) => enableSsmAccess) && { ssm: pulumi.output(ssmAccessPolicy()) }),
        },
        tags,
      },
      child,
    );
    this.server = new ModelServer(
      `${name}-server`,
      {
        endpointName,
        ...servedVariants(args, this.storage, this.imageUri),
        ...trafficConfigs(args, bucket, kmsKeyArn),
        logGroup: this.monitoring?.logGroup,
        executionRoleArn: this.role.arn,
        vpcConfig,
        kmsKeyArn,
        networkIsolation: args.networkIsolation,
        protect,
        keepReleases,
        rollout: this.rollout,
        watch: args.releaseWatch?.watch(unscaledVariants(args, earlier)),
        earlier,
        tags,
      },
      child,
    );
    for (const variant of variants) this.#autoscale(name, variant, args);
    this.monitoring?.watch(this.server.endpoint);
    this.modelName = this.server.modelName;
    this.modelDataUrl = firstModelDataUrl(args, this.storage);
    const archives = args.model?.format === "multiModel" ? args.model.archives : [];
    this.targetModels = Object.fromEntries(archives.map((archive) => [archive.name, targetModelOf(archive)]));
    this.registerOutputs({
      endpointName: this.server.endpoint.name,
      endpointArn: this.server.endpoint.arn,
      imageUri: this.imageUri,
      modelDataUrl: this.modelDataUrl,
      dashboardUrl: this.monitoring?.dashboardUrl,
      // The next update reads it: see `earlierEndpoint`.
      keepReleases,
    });
  }

  /** The arguments with all defaults; warnings are logged. */
  #checked(name: string, given: TritonEndpointArgs): ResolvedArguments {
    const { args, problems } = checkArguments(name, given);
    if (!args) throw new ArgumentsError(problems, given, this);
    for (const problem of problems) void pulumi.log.warn(describeProblem(problem), this);
    return args;
  }

  /** Refuses what can't be changed safely, and says what changes by itself. */
  #compare(earlier: EarlierEndpoint, planned: PlannedEndpoint): void {
    const problems = [...changeProblems(earlier, planned)];
    if (problems.length > 0) throw new pulumi.ResourceError(problems.join("\n"), this, true);
    for (const note of upgradeNotes(earlier, planned)) void pulumi.log.warn(note, this);
  }

  #warnOfUnknownTypes(variants: readonly NamedVariant[]): void {
    for (const instanceType of new Set(variants.map((variant) => variant.instanceType ?? defaultInstanceType))) {
      const warning = instanceTypeWarning(instanceType);
      if (warning !== undefined) void pulumi.log.warn(warning, this);
    }
  }

  /** Copies the image, unless it already exists. */
  #registry(
    name: string,
    { image, protect, keepReleases, tags }: ResolvedArguments,
    kmsKeyArn: pulumi.Input<string> | undefined,
  ): ImageRegistry | undefined {
    if (image.imageUri !== undefined) return undefined;
    const { imageTag = "", immutableTags, ...copied } = image;
    return new ImageRegistry(
      `${name}-registry`,
      { ...copied, imageTag, immutableTags, protect, keepReleases, kmsKeyArn, tags },
      { parent: this },
    );
  }

  #autoscale(name: string, variant: NamedVariant, args: ResolvedArguments): void {
    const options = variant.autoscaling ?? args.autoscaling;
    if (!options) return;
    const { endpoint } = this.server;
    const only = `${name}-autoscaling`;
    const oneOf = `${name}-${variant.variantName}-autoscaling`;
    // The endpoint's only variant may become one of several and keep its name. It is still the same scalable target,
    // which must not be registered again and then deleted.
    const aliases = variant.variantName === variantName ? [{ name: args.named ? only : oneOf }] : [];
    new Autoscaling(
      args.named ? oneOf : only,
      { endpoint, variantName: variant.variantName, options, tags: args.tags },
      { parent: this, aliases },
    );
  }
}

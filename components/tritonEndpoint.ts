import * as pulumi from "@pulumi/pulumi";
import { publishers, type Publisher } from "../sagemaker/alarmTopic.ts";
import { describeProblem } from "../endpoint/problem.ts";
import { defaultAlarmThresholds } from "../endpoint/monitoring.ts";
import { changeProblems, type PlannedEndpoint } from "../releases/changeRules.ts";
import { earlierEndpoint, type EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import { ssmAccessPolicy } from "../sagemaker/debugging.ts";
import { parseEcrImage } from "../sagemaker/imageUri.ts";
import { defaultInstanceType, instanceTypeWarning } from "../sagemaker/instanceTypes.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { ArgumentsError } from "./argumentsError.ts";
import { AccessLogging } from "./accessLogging.ts";
import { Autoscaling } from "./autoscaling.ts";
import { awsScope } from "./awsScope.ts";
import { Budget } from "./budget.ts";
import { EncryptionKey } from "./encryptionKey.ts";
import { checkArguments, type ResolvedArguments } from "./endpointArguments.ts";
import { firstModelDataUrl, monitoredVariants, servedVariants } from "./endpointVariants.ts";
import { ExecutionRole, type VpcConfig } from "./executionRole.ts";
import { ImageRegistry } from "./imageRegistry.ts";
import { ModelServer } from "./modelServer.ts";
import { ModelStorage } from "./modelStorage.ts";
import { targetModelOf } from "./modelUpload.ts";
import { Monitoring } from "./monitoring.ts";
import { Network } from "./network.ts";
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
  /** The bucket and the model in it. */
  readonly storage: ModelStorage;
  /** The ECR repository and the image in it; absent where the image was there already. */
  readonly registry?: ImageRegistry;
  /** How the endpoint goes over to a new release; absent where it does so all at once. */
  readonly rollout?: Rollout;
  /** Logs, alarms and dashboard; absent where nothing is watched. */
  readonly monitoring?: Monitoring;
  /** The role that SageMaker assumes. */
  readonly role: ExecutionRole;
  /** SageMaker's model, endpoint configuration and endpoint. */
  readonly server: ModelServer;
  /** The image that is served. */
  readonly imageUri: pulumi.Output<string>;
  /** The name of the Model in SageMaker that is served; of several variants, the first one's. */
  readonly modelName: pulumi.Output<string>;
  /** Where it lies in S3: an archive's URL, or a prefix that ends in `/`; empty where the Model was there already. */
  readonly modelDataUrl: pulumi.Output<string>;
  /** Of many models, what a request names each by as TargetModel, by the models' names; empty where there is one. */
  readonly targetModels: Readonly<Record<string, string>>;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param given what it is made from
   * @param opts Pulumi's options
   * @throws pulumi.ResourceError naming every argument that is missing or that SageMaker would refuse
   */
  constructor(name: string, given: TritonEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:TritonEndpoint", name, {}, opts);
    const child = { parent: this };
    const args = this.#checked(name, given);
    const { protect, keepReleases, tags, endpointName, variants } = args;
    const earlier = args.releaseWatch && earlierEndpoint(args.releaseWatch.earlier, name);
    const changes = earlier ? [...changeProblems(earlier, plannedEndpoint(args, endpointName))] : [];
    if (changes.length > 0) throw new pulumi.ResourceError(changes.join("\n"), this, true);
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
    const vpcConfig = this.#network(name, args, scope, earlier);
    this.registry = this.#registry(name, args, kmsKeyArn);
    this.imageUri = this.registry?.imageUri ?? pulumi.output(args.image.imageUri ?? "");
    if (args.rollout) {
      const variantNames = variants.map(({ variantName }) => variantName);
      this.rollout = new Rollout(`${name}-rollout`, { endpointName, variantNames, policy: args.rollout, tags }, child);
    }
    this.monitoring = this.#sight(name, args, scope, kmsKeyArn, earlier);
    this.role = new ExecutionRole(
      `${name}-execution`,
      {
        scope,
        endpointName,
        modelData: this.storage.access,
        logGroupExists: this.monitoring !== undefined,
        repositoryArn: this.registry?.repository.arn ?? existingRepositoryArn(this.imageUri, scope),
        vpcConfig,
        kmsKeyArn,
        // An endpoint keeps its alarms when the rollout is taken out.
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
    });
  }

  /** The arguments with all defaults; what only deserves a warning is logged. */
  #checked(name: string, given: TritonEndpointArgs): ResolvedArguments {
    const { args, problems } = checkArguments(name, given);
    if (!args) throw new ArgumentsError(problems, given, this);
    for (const problem of problems) void pulumi.log.warn(describeProblem(problem), this);
    return args;
  }

  #warnOfUnknownTypes(variants: readonly NamedVariant[]): void {
    for (const instanceType of new Set(variants.map((variant) => variant.instanceType ?? defaultInstanceType))) {
      const warning = instanceTypeWarning(instanceType);
      if (warning !== undefined) void pulumi.log.warn(warning, this);
    }
  }

  #network(
    name: string,
    { vpcConfig, keepReleases, tags }: ResolvedArguments,
    scope: pulumi.Output<AwsScope>,
    earlier: EarlierEndpoint | undefined,
  ): VpcConfig | undefined {
    if (!vpcConfig) return undefined;
    const { subnets, securityGroupIds, vpcId = "", routeTableIds } = vpcConfig;
    if (securityGroupIds) return { subnets, securityGroupIds };
    const bucketArns = pulumi.all([this.storage.bucket.arn, this.storage.access]).apply(([own, accesses]) => [
      // What serves until the update is through is fetched on the same way: no bucket is shut out again.
      ...new Set([...(earlier?.reachedBuckets ?? []), own, ...accesses.map(({ bucketArn }) => bucketArn)]),
    ]);
    const args = { scope, vpcId, subnets, routeTableIds, bucketArns, keepReleases, tags };
    return new Network(`${name}-network`, args, { parent: this }).vpcConfig;
  }

  /** The image is copied, unless it is there already. */
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

  /** What watches the endpoint, and what it costs. */
  #sight(
    name: string,
    args: ResolvedArguments,
    scope: pulumi.Output<AwsScope>,
    kmsKeyArn: pulumi.Input<string> | undefined,
    earlier: EarlierEndpoint | undefined,
  ): Monitoring | undefined {
    const { monitoring: options, budget, shadow, tags, endpointName } = args;
    const watched = { scope, endpointName, variants: monitoredVariants(args), shadow, kmsKeyArn, tags };
    const shown = { shownAlarms: this.rollout?.alarms, budget: budget !== undefined };
    // Taken out, monitoring leaves the logs: they go with the stack.
    const logs = options ? undefined : earlier?.logGroup;
    const kept = options ?? logs;
    const monitoring =
      kept &&
      new Monitoring(
        `${name}-monitoring`,
        { ...watched, ...shown, options: { alarms: defaultAlarmThresholds, ...kept }, logsOnly: logs !== undefined },
        { parent: this },
      );
    if (budget) {
      const topicArn = options && monitoring?.topicArn;
      const costs = { scope, options: budget, costService: tags.CostService ?? "", topicArn, tags };
      new Budget(`${name}-budget`, costs, { parent: this });
    }
    return monitoring;
  }

  #autoscale(name: string, variant: NamedVariant, args: ResolvedArguments): void {
    const options = variant.autoscaling ?? args.autoscaling;
    if (!options) return;
    const { endpoint } = this.server;
    const only = `${name}-autoscaling`;
    const oneOf = `${name}-${variant.variantName}-autoscaling`;
    // The endpoint's only variant may become one of several and keep its name: it is the same target, which must not be
    // registered anew and then deleted.
    const aliases = variant.variantName === variantName ? [{ name: args.named ? only : oneOf }] : [];
    new Autoscaling(
      args.named ? oneOf : only,
      { endpoint, variantName: variant.variantName, options, tags: args.tags },
      { parent: this, aliases },
    );
  }
}

/** What of the arguments is compared with the endpoint that serves. */
function plannedEndpoint(args: ResolvedArguments, endpointName: string): PlannedEndpoint {
  const { image, kmsKeyArn, releaseWatch } = args;
  const repositoryName = image.imageUri === undefined ? image.repositoryName : undefined;
  return {
    stack: pulumi.getStack(),
    endpointName,
    replaceEndpoint: args.replaceEndpoint,
    region: releaseWatch?.region,
    protect: args.protect,
    asyncInference: args.asyncInference !== undefined,
    serverless: args.variants.some(({ serverlessConfig }) => serverlessConfig !== undefined),
    variantNames: args.variants.map(({ variantName }) => variantName),
    rollout: args.rollout !== undefined,
    bucketName: args.bucketName,
    repositoryName,
    createKmsKey: args.createKmsKey,
    kmsKeyArn: kmsKeyArn === undefined || typeof kmsKeyArn === "string" ? kmsKeyArn : "unknown",
  };
}

/** The variants that the stack scaled and scales no more. */
function unscaledVariants(args: ResolvedArguments, earlier: EarlierEndpoint | undefined): string[] {
  const scaled = args.variants.flatMap(({ variantName, autoscaling }) =>
    (autoscaling ?? args.autoscaling) ? [variantName] : [],
  );
  return earlier?.scaledVariants.filter((variantName) => !scaled.includes(variantName)) ?? [];
}

/** Who tells the topic that monitoring makes; absent where it makes none. */
function topicPublishers(
  endpointName: string,
  { monitoring, budget }: ResolvedArguments,
): ((scope: AwsScope) => Publisher[]) | undefined {
  if (!monitoring || monitoring.topicArn !== undefined) return undefined;
  return (scope) => publishers(scope, endpointName, budget !== undefined);
}

function existingRepositoryArn(imageUri: pulumi.Output<string>, scope: pulumi.Output<AwsScope>): pulumi.Output<string> {
  return pulumi.all([imageUri, scope]).apply(([uri, { partition }]) => {
    const { region = "", accountId = "", repositoryName = "" } = parseEcrImage(uri) ?? {};
    return `arn:${partition}:ecr:${region}:${accountId}:repository/${repositoryName}`;
  });
}

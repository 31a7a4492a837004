import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  ListTagsForResourceCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteTagsCommand,
  DescribeEndpointCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from "@aws-sdk/client-sagemaker";
import { connect, type AwsClients, type AwsConnection } from "../../releases/connection.ts";

const ServiceNamespace = "sagemaker";
const ScalableDimension = "sagemaker:variant:DesiredInstanceCount";

/** An endpoint in the emulator, with what the AWS provider and an operator do to it. */
export class EmulatedEndpoint {
  /** The endpoint's name; the emulator reads from it what it does. */
  readonly name: string;
  readonly #clients: AwsClients;

  get #arn(): string {
    return `arn:aws:sagemaker:eu-central-1:123456789012:endpoint/${this.name}`;
  }

  private constructor(name: string, clients: AwsClients) {
    this.name = name;
    this.#clients = clients;
  }

  /** Makes an endpoint of its own for a test; it serves the configuration `<name>-first` with two instances. */
  static async create(connection: AwsConnection, suffix = ""): Promise<EmulatedEndpoint> {
    const name = `endpoint-${(made += 1)}${suffix}`;
    const endpoint = new EmulatedEndpoint(name, await connect({ ...connection, maxAttempts: 20 }));
    const EndpointConfigName = await endpoint.configure("first");
    const tags = [{ Key: "CostEnv", Value: "test" }];
    await endpoint.#clients.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: name, EndpointConfigName, Tags: tags }),
    );
    return endpoint;
  }

  /** Makes a configuration; its name says what becomes of it. */
  async configure(
    purpose: string,
    instanceType = "ml.m5.large",
    Environment: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const EndpointConfigName = `${this.name}-${purpose}`;
    const PrimaryContainer = {
      Image: `triton:${purpose}`,
      ModelDataUrl: `s3://models/artifacts/${purpose}.tar.gz`,
      Environment,
    };
    const ExecutionRoleArn = "arn:aws:iam::123456789012:role/triton";
    const ModelName = EndpointConfigName;
    await this.#clients.sagemaker.send(new CreateModelCommand({ ModelName, ExecutionRoleArn, PrimaryContainer }));
    const variant = { VariantName: "AllTraffic", ModelName, InitialInstanceCount: 2 };
    const ProductionVariants = [{ ...variant, InstanceType: instanceType as "ml.m5.large", InitialVariantWeight: 1 }];
    await this.#clients.sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants }));
    return EndpointConfigName;
  }

  /** What the provider does in an update. */
  async update(EndpointConfigName: string): Promise<void> {
    await this.#clients.sagemaker.send(new UpdateEndpointCommand({ EndpointName: this.name, EndpointConfigName }));
  }

  /** Lets the variant scale by itself: one to eight instances, a policy, a schedule; right now it has five. */
  async scale(): Promise<void> {
    const { autoscaling } = this.#clients;
    const of = { ServiceNamespace, ScalableDimension, ResourceId: `endpoint/${this.name}/variant/AllTraffic` } as const;
    await this.register();
    await autoscaling.send(
      new PutScalingPolicyCommand({
        ...of,
        PolicyName: "invocations",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 100,
          PredefinedMetricSpecification: { PredefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
        },
      }),
    );
    await autoscaling.send(
      new PutScheduledActionCommand({
        ...of,
        ScheduledActionName: "morning",
        Schedule: "cron(0 7 ? * MON-FRI *)",
        Timezone: "Europe/Berlin",
        EndTime: new Date("2040-01-01T00:00:00Z"),
        ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 8 },
      }),
    );
    await this.setInstanceCount(5);
  }

  /** Lets the variant start from no instance: a step policy, and an alarm that calls it. */
  async wake(): Promise<void> {
    const of = { ServiceNamespace, ScalableDimension, ResourceId: `endpoint/${this.name}/variant/AllTraffic` } as const;
    const { PolicyARN } = await this.#clients.autoscaling.send(
      new PutScalingPolicyCommand({
        ...of,
        PolicyName: "wake",
        PolicyType: "StepScaling",
        StepScalingPolicyConfiguration: {
          AdjustmentType: "ChangeInCapacity",
          StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
        },
      }),
    );
    await this.#clients.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: `${this.name}-waiting`,
        AlarmDescription: "Requests wait",
        Namespace: "AWS/SageMaker",
        MetricName: "HasBacklogWithoutCapacity",
        Dimensions: [{ Name: "EndpointName", Value: this.name }],
        Statistic: "Average",
        Period: 60,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "missing",
        AlarmActions: [PolicyARN!, "arn:aws:sns:eu-central-1:123456789012:operators"],
      }),
    );
  }

  /** The alarm that calls the step policy, without what changes by itself, and the policy's ARN. */
  async waking(): Promise<{ alarm: Record<string, unknown>; policyArn: string }> {
    const { MetricAlarms } = await this.#clients.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [`${this.name}-waiting`] }),
    );
    const ResourceId = `endpoint/${this.name}/variant/AllTraffic`;
    const { ScalingPolicies } = await this.#clients.autoscaling.send(
      new DescribeScalingPoliciesCommand({ ServiceNamespace, ResourceId }),
    );
    const wake = ScalingPolicies!.find(({ PolicyName }) => PolicyName === "wake")!;
    const alarm = Object.entries(MetricAlarms![0]!).filter(([key]) => !/Timestamp|^State|^EvaluationState/.test(key));
    return { alarm: Object.fromEntries(alarm), policyArn: wake.PolicyARN! };
  }

  /** Registers the variant alone. */
  async register(capacity = { MinCapacity: 1, MaxCapacity: 8 }): Promise<void> {
    const of = { ServiceNamespace, ScalableDimension, ResourceId: `endpoint/${this.name}/variant/AllTraffic` } as const;
    const Tags = { CostEnv: "test" };
    await this.#clients.autoscaling.send(new RegisterScalableTargetCommand({ ...of, ...capacity, Tags }));
  }

  /** What autoscaling does under load. */
  async setInstanceCount(DesiredInstanceCount: number): Promise<void> {
    await this.#clients.sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName: this.name,
        DesiredWeightsAndCapacities: [{ VariantName: "AllTraffic", DesiredInstanceCount }],
      }),
    );
  }

  /** What is served. */
  async state(): Promise<{ status: string; endpointConfigName: string; instanceCount: number }> {
    const found = await this.#clients.sagemaker.send(new DescribeEndpointCommand({ EndpointName: this.name }));
    return {
      status: found.EndpointStatus!,
      endpointConfigName: found.EndpointConfigName!,
      instanceCount: found.ProductionVariants![0]!.DesiredInstanceCount!,
    };
  }

  /** The names of the endpoint's tags. */
  async tagNames(): Promise<string[]> {
    const { Tags } = await this.#clients.sagemaker.send(new ListTagsCommand({ ResourceArn: this.#arn }));
    return Tags!.map(({ Key }) => Key!);
  }

  /** What the provider does to tags that are not among its own. */
  async keepTags(names: readonly string[]): Promise<void> {
    const TagKeys = (await this.tagNames()).filter((name) => !names.includes(name));
    await this.#clients.sagemaker.send(new DeleteTagsCommand({ ResourceArn: this.#arn, TagKeys }));
  }

  /** How it scales by itself, without what AWS makes up anew each time. */
  async scaling(): Promise<unknown> {
    const { autoscaling } = this.#clients;
    const ResourceId = `endpoint/${this.name}/variant/AllTraffic`;
    const of = { ServiceNamespace, ScalableDimension, ResourceId } as const;
    const { ScalableTargets } = await autoscaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [ResourceId] }),
    );
    const { ScalingPolicies } = await autoscaling.send(new DescribeScalingPoliciesCommand(of));
    const { ScheduledActions } = await autoscaling.send(new DescribeScheduledActionsCommand(of));
    const [target] = ScalableTargets!;
    const { Tags } = target
      ? await autoscaling.send(new ListTagsForResourceCommand({ ResourceARN: target.ScalableTargetARN }))
      : {};
    const plain = (items: object[]) =>
      items.map((item) =>
        Object.fromEntries(Object.entries(item).filter(([key]) => !/ARN|CreationTime|Alarms/.test(key))),
      );
    return {
      targets: plain(ScalableTargets!),
      policies: plain(ScalingPolicies!),
      actions: plain(ScheduledActions!),
      Tags,
    };
  }
}

let made = 0;

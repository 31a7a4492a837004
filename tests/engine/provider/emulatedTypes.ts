import {
  DeleteScalingPolicyCommand,
  DeleteScheduledActionCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  type PutScalingPolicyCommandInput,
  type PutScheduledActionCommandInput,
  type RegisterScalableTargetCommandInput,
} from "@aws-sdk/client-application-auto-scaling";
import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DeleteTagsCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
  type CreateEndpointCommandInput,
  type CreateEndpointConfigCommandInput,
  type CreateModelCommandInput,
} from "@aws-sdk/client-sagemaker";
import { CreateBucketCommand, DeleteBucketCommand, PutBucketTaggingCommand } from "@aws-sdk/client-s3";
import type { EmulatorClients } from "../emulator.ts";
import { types } from "../types.ts";
import { arn } from "./resourceTypes.ts";
import { defaultsKey, isObject, same, type Properties } from "./values.ts";

/** How the AWS provider makes, changes, deletes and reads a type that the emulator has. */
export interface EmulatedType {
  readonly create: (aws: EmulatorClients, inputs: Properties) => Promise<Properties | undefined>;
  readonly update?: (aws: EmulatorClients, before: Properties, inputs: Properties) => Promise<Properties | undefined>;
  readonly remove: (aws: EmulatorClients, state: Properties) => Promise<unknown>;
  /** What it is now; `undefined` where it is gone. */
  readonly read: (aws: EmulatorClients, state: Properties) => Promise<Properties | undefined>;
}

/** A resource that was made and then failed: the provider reports it with its id, and the state keeps it. */
export class CreatedButFailed extends Error {}

const name = (properties: Properties) => properties.name as string;
const tagList = (tags: unknown) =>
  Object.entries((tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));

/** Of a Model and a configuration nothing but the tags can be changed, and nobody looks at those. */
const onlyTags = () => Promise.resolve(undefined);

/** The types that SageMaker and Application Auto Scaling have, in the emulator. */
export const emulatedTypes: Readonly<Record<string, EmulatedType>> = {
  [types.bucket]: {
    create: async ({ s3 }, inputs) => {
      const Bucket = inputs.bucket as string;
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(inputs.tags) } }));
      return undefined;
    },
    update: async ({ s3 }, _, inputs) => {
      const Bucket = inputs.bucket as string;
      await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(inputs.tags) } }));
      return undefined;
    },
    remove: ({ s3 }, state) => s3.send(new DeleteBucketCommand({ Bucket: state.bucket as string })),
    read: (_, state) => Promise.resolve(state),
  },
  [types.model]: {
    create: async ({ sagemaker }, inputs) => {
      const { Name, Tags, ...model } = inAwsWords(inputs);
      await sagemaker.send(
        new CreateModelCommand({
          ...model,
          ModelName: Name,
          Tags: tagList(Tags),
        } as unknown as CreateModelCommandInput),
      );
      return undefined;
    },
    update: onlyTags,
    remove: ({ sagemaker }, state) => sagemaker.send(new DeleteModelCommand({ ModelName: name(state) })),
    read: async ({ sagemaker }, state) =>
      (await found(() => sagemaker.send(new DescribeModelCommand({ ModelName: name(state) })))) && state,
  },
  [types.configuration]: {
    create: async ({ sagemaker }, inputs) => {
      const { Name, Tags, KmsKeyArn, ...configuration } = inAwsWords(inputs);
      const created = { ...configuration, EndpointConfigName: Name, KmsKeyId: KmsKeyArn, Tags: tagList(Tags) };
      await sagemaker.send(new CreateEndpointConfigCommand(created as unknown as CreateEndpointConfigCommandInput));
      return undefined;
    },
    update: onlyTags,
    remove: ({ sagemaker }, state) =>
      sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name(state) })),
    read: async ({ sagemaker }, state) =>
      (await found(() => sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name(state) })))) &&
      state,
  },
  [types.endpoint]: {
    create: async (aws, inputs) => {
      const { endpointConfigName: EndpointConfigName, tags } = inputs;
      const created = { EndpointName: name(inputs), EndpointConfigName, Tags: tagList(tags) };
      await aws.sagemaker.send(new CreateEndpointCommand(created as CreateEndpointCommandInput));
      await settled(aws, name(inputs));
      return undefined;
    },
    update: async (aws, before, inputs) => {
      const EndpointName = name(inputs);
      const ResourceArn = arn("sagemaker", `endpoint/${EndpointName}`);
      const moves =
        before.endpointConfigName !== inputs.endpointConfigName ||
        !same(before.deploymentConfig, inputs.deploymentConfig);
      if (moves) {
        const EndpointConfigName = inputs.endpointConfigName as string;
        await aws.sagemaker.send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName }));
        await settled(aws, EndpointName);
      }
      if (!same(before.tags, inputs.tags)) {
        const kept = Object.keys(inputs.tags ?? {});
        const TagKeys = Object.keys(before.tags ?? {}).filter((key) => !kept.includes(key));
        if (TagKeys.length > 0) await aws.sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys }));
        await aws.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: tagList(inputs.tags) }));
      }
      return undefined;
    },
    remove: ({ sagemaker }, state) => sagemaker.send(new DeleteEndpointCommand({ EndpointName: name(state) })),
    read: async ({ sagemaker }, state) => {
      const live = await found(() => sagemaker.send(new DescribeEndpointCommand({ EndpointName: name(state) })));
      if (!live) return undefined;
      const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: live.EndpointArn }));
      const tags = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      return { ...state, endpointConfigName: live.EndpointConfigName, tags, tagsAll: tags };
    },
  },
  [types.scalableTarget]: {
    create: async ({ autoscaling }, inputs) => {
      const { MinCapacity, MaxCapacity } = inAwsWords(inputs) as { MinCapacity: number; MaxCapacity: number };
      const target = { ...scaled(inputs), MinCapacity, MaxCapacity, Tags: inputs.tags };
      const { ScalableTargetARN } = await autoscaling.send(
        new RegisterScalableTargetCommand(target as RegisterScalableTargetCommandInput),
      );
      return { arn: ScalableTargetARN };
    },
    remove: ({ autoscaling }, state) => autoscaling.send(new DeregisterScalableTargetCommand(scaled(state))),
    read: async ({ autoscaling }, state) => {
      const { ServiceNamespace, ScalableDimension, ResourceId } = scaled(state);
      const { ScalableTargets = [] } = await autoscaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace, ScalableDimension, ResourceIds: [ResourceId] }),
      );
      const target = ScalableTargets.find((candidate) => candidate.ResourceId === ResourceId);
      return target && { ...state, minCapacity: target.MinCapacity, maxCapacity: target.MaxCapacity };
    },
  },
  [types.scalingPolicy]: {
    create: async ({ autoscaling }, inputs) => {
      const { PolicyType, TargetTrackingScalingPolicyConfiguration, StepScalingPolicyConfiguration } =
        inAwsWords(inputs);
      const policy = {
        ...scaled(inputs),
        PolicyName: name(inputs),
        PolicyType,
        TargetTrackingScalingPolicyConfiguration,
        StepScalingPolicyConfiguration: withNumbers(StepScalingPolicyConfiguration),
      };
      const { PolicyARN } = await autoscaling.send(
        new PutScalingPolicyCommand(policy as unknown as PutScalingPolicyCommandInput),
      );
      return { arn: PolicyARN };
    },
    remove: ({ autoscaling }, state) =>
      autoscaling.send(new DeleteScalingPolicyCommand({ ...scaled(state), PolicyName: name(state) })),
    read: async ({ autoscaling }, state) => {
      const { ScalingPolicies = [] } = await autoscaling.send(new DescribeScalingPoliciesCommand(scaled(state)));
      return ScalingPolicies.some(({ PolicyName }) => PolicyName === name(state)) ? state : undefined;
    },
  },
  [types.scheduledAction]: {
    create: async ({ autoscaling }, inputs) => {
      const { Schedule, Timezone, ScalableTargetAction } = inAwsWords(inputs);
      const action = { ...scaled(inputs), ScheduledActionName: name(inputs), Schedule, Timezone, ScalableTargetAction };
      await autoscaling.send(new PutScheduledActionCommand(action as unknown as PutScheduledActionCommandInput));
      return undefined;
    },
    remove: ({ autoscaling }, state) =>
      autoscaling.send(new DeleteScheduledActionCommand({ ...scaled(state), ScheduledActionName: name(state) })),
    read: (_, state) => Promise.resolve(state),
  },
};

/** The provider waits for an endpoint until it is through, and fails where SageMaker calls it Failed. */
async function settled({ sagemaker }: EmulatorClients, EndpointName: string): Promise<void> {
  for (;;) {
    const { EndpointStatus = "", FailureReason } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    if (EndpointStatus === "InService") return;
    if (!EndpointStatus.endsWith("ing")) {
      throw new CreatedButFailed(
        `waiting for SageMaker AI Endpoint (${EndpointName}): unexpected state '${EndpointStatus}', wanted target 'InService'. last error: ${FailureReason ?? ""}`,
      );
    }
  }
}

async function found<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (/could not find|not found|does not exist/i.test((error as Error).message)) return undefined;
    throw error;
  }
}

function scaled(properties: Properties) {
  const { serviceNamespace, scalableDimension, resourceId } = properties;
  return { ServiceNamespace: serviceNamespace, ScalableDimension: scalableDimension, ResourceId: resourceId } as {
    ServiceNamespace: "sagemaker";
    ScalableDimension: "sagemaker:variant:DesiredInstanceCount";
    ResourceId: string;
  };
}

/** Pulumi's camel case is AWS's Pascal case, apart from the keys of maps. */
function inAwsWords(properties: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => key !== defaultsKey)
      .map(([key, value]) => [pascal(key), key === "tags" || key === "environment" ? value : nested(value)]),
  );
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested);
  return isObject(value) ? inAwsWords(value) : value;
}

function pascal(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** Pulumi writes the bounds of steps as texts. */
function withNumbers(configuration: unknown): unknown {
  if (!isObject(configuration)) return undefined;
  const steps = (configuration.StepAdjustments as Properties[]).map((step) => ({
    ...step,
    MetricIntervalLowerBound: Number(step.MetricIntervalLowerBound),
  }));
  return { ...configuration, StepAdjustments: steps };
}

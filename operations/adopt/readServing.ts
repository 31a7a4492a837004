import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";
import { scaledVariants } from "../../releases/autoscaling.ts";
import { ask, type AwsClients } from "../../releases/connection.ts";
import { describeConfiguration, describeEndpoint, readTags } from "../../releases/endpoints.ts";
import type { LiveEndpoint } from "../../releases/liveEndpoint.ts";
import type { OldResource, OldStack, Serving } from "./oldStack.ts";

/** The tag in which CloudFormation says whose a resource is. */
export const stackNameTag = "aws:cloudformation:stack-name";

/**
 * Reads whatever serves from SageMaker itself, however it came to be.
 *
 * @param clients the services
 * @param endpointName the endpoint's name
 * @throws Error if there is none, or if CloudFormation owns it; AwsError if AWS returns an error
 */
export async function readServing(clients: AwsClients, endpointName: string): Promise<OldStack> {
  const live = await describeEndpoint(clients, endpointName);
  if (!live) throw new Error(`there is no endpoint ${endpointName}: check its name, the region and the account`);
  const [tags, configuration, last, scaled] = await Promise.all([
    readTags(clients, live),
    describeConfiguration(clients, live.endpointConfigName),
    describeDeployment(clients, endpointName),
    scaledVariants(clients, live),
  ]);
  const owner = tags[stackNameTag];
  if (owner !== undefined) {
    throw new Error(
      `the endpoint ${endpointName} belongs to the CloudFormation stack ${owner}: give ${owner} as the source, so that it can be checked what its deletion would delete`,
    );
  }
  const names = new Set((configuration?.ProductionVariants ?? []).map(({ ModelName = "" }) => ModelName));
  const models = await Promise.all([...names].map((name) => describeModel(clients, name)));
  const [, , , region = "", accountId = ""] = live.endpointArn.split(":");
  const scaling = scaled.flatMap(({ target, policies, scheduledActions }) => [
    made("AWS::ApplicationAutoScaling::ScalableTarget", target.ResourceId, {
      ...target,
      ...(scheduledActions.length > 0 && { ScheduledActions: scheduledActions }),
    }),
    ...policies.map((policy) => made("AWS::ApplicationAutoScaling::ScalingPolicy", policy.PolicyName, policy)),
  ]);
  return {
    source: `the endpoint ${endpointName}`,
    accountId,
    region,
    serving: servingOf(live),
    resources: [
      made("AWS::SageMaker::Endpoint", endpointName, {
        EndpointConfigName: live.endpointConfigName,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        ...(last && { DeploymentConfig: last }),
      }),
      ...(configuration ? [made("AWS::SageMaker::EndpointConfig", live.endpointConfigName, configuration)] : []),
      ...models,
      ...scaling,
    ],
  };
}

/**
 * The state of an endpoint that decides whether it can be taken over.
 *
 * @param live the endpoint
 */
export function servingOf({ status, endpointConfigName, variants }: LiveEndpoint): Serving {
  return {
    status,
    endpointConfigName,
    counts: Object.fromEntries(variants.map((one) => [one.variantName, one.desiredInstanceCount])),
  };
}

async function describeModel({ sagemaker }: AwsClients, ModelName: string): Promise<OldResource> {
  const { DescribeModelCommand } = await import("@aws-sdk/client-sagemaker");
  const found = await ask(`DescribeModel of ${ModelName}`, () =>
    sagemaker.send(new DescribeModelCommand({ ModelName })),
  );
  return made("AWS::SageMaker::Model", ModelName, found);
}

async function describeDeployment(
  { sagemaker }: AwsClients,
  EndpointName: string,
): Promise<DescribeEndpointOutput["LastDeploymentConfig"]> {
  const { DescribeEndpointCommand } = await import("@aws-sdk/client-sagemaker");
  const found = await ask(`DescribeEndpoint of ${EndpointName}`, () =>
    sagemaker.send(new DescribeEndpointCommand({ EndpointName })),
  );
  return found.LastDeploymentConfig;
}

/** SageMaker and autoscaling describe a resource in CloudFormation's words. */
function made(type: string, name = "", properties: object): OldResource {
  return { logicalId: name, type, name, retained: true, properties: { ...properties } };
}

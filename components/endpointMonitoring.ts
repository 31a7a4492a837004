import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EarlierEndpoint } from "../releases/earlierEndpoint.ts";
import { publishers, type Publisher } from "../sagemaker/alarmTopic.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { Budget } from "./budget.ts";
import { monitoredVariants } from "./endpointVariants.ts";
import { Monitoring } from "./monitoring.ts";
import type { ResolvedEndpoint } from "./resolvedEndpoint.ts";

/** What an endpoint's monitoring needs from its other components. */
interface MonitoringSurroundings {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The KMS key that encrypts logs and topic. */
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
  /** The alarms that roll a release back, which the dashboard shows. */
  readonly rollbackAlarms: readonly aws.cloudwatch.MetricAlarm[] | undefined;
  /** The endpoint in service; absent if there is none. */
  readonly earlier: EarlierEndpoint | undefined;
}

/**
 * Registers an endpoint's monitoring and budget if its arguments ask for them.
 *
 * @param name the endpoint component's name
 * @param args the endpoint's arguments
 * @param surroundings what it needs from the endpoint's other components
 * @param parent the endpoint component
 * @returns the monitoring; `undefined` if nothing is monitored and there are no logs to keep
 */
export function monitorEndpoint(
  name: string,
  args: ResolvedEndpoint,
  { scope, kmsKeyArn, rollbackAlarms, earlier }: MonitoringSurroundings,
  parent: pulumi.Resource,
): Monitoring | undefined {
  const { monitoring: asked, budget, shadow, tags, endpointName } = args;
  // Neither removing monitoring nor replacing the endpoint deletes logs; they are deleted with the stack.
  const earlierLogs = earlier?.logGroups ?? [];
  const monitoring =
    asked || earlierLogs.length > 0
      ? new Monitoring(
          `${name}-monitoring`,
          {
            scope,
            endpointName,
            variants: monitoredVariants(args),
            shadow: shadow && { ...shadow, ...(asked?.serverMetrics && { serverMetrics: asked.serverMetrics }) },
            options: asked,
            logGroupExists: args.logGroup !== undefined,
            earlierLogs,
            shownAlarms: rollbackAlarms,
            budget: budget !== undefined,
            kmsKeyArn,
            tags,
          },
          { parent },
        )
      : undefined;
  if (budget) {
    const topicArn = asked && monitoring?.topicArn;
    const costService = tags.CostService ?? "";
    new Budget(`${name}-budget`, { scope, options: budget, costService, topicArn, tags }, { parent });
  }
  return monitoring;
}

/**
 * The services that publish to the topic that monitoring creates.
 *
 * @param endpointName the endpoint's name
 * @param args the endpoint's arguments
 * @returns a function from the endpoint's account and region to the publishers; `undefined` if no topic is created
 */
export function topicPublishers(
  endpointName: string,
  { monitoring, budget }: Pick<ResolvedEndpoint, "monitoring" | "budget">,
): ((scope: AwsScope) => Publisher[]) | undefined {
  if (!monitoring || monitoring.topicArn !== undefined) return undefined;
  return (scope) => publishers(scope, endpointName, budget !== undefined);
}

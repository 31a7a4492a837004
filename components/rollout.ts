import type * as aws from "@pulumi/aws";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import * as pulumi from "@pulumi/pulumi";
import { rollbackAlarmPurposes, rollbackAlarms, type RollbackAlarm } from "../sagemaker/rollbackAlarms.ts";
import type { ResolvedRollout } from "../endpoint/endpointArgs.ts";
import { defaultRollbackThresholds } from "../endpoint/rollout.ts";
import { deploymentConfig } from "./deploymentConfig.ts";
import { whenKnown } from "./later.ts";
import { metricQueries, type QueriedMetric } from "./metricQueries.ts";
import type { Tags } from "./tags.ts";

/** Arguments of Rollout. */
export interface RolloutArgs {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The variants whose metrics to watch, 1 to 5. */
  readonly variantNames: readonly string[];
  /** How the endpoint moves to a new release, and what rolls it back. */
  readonly policy: ResolvedRollout;
  /** The alarms' names: `rollbackAlarmNames`. */
  readonly alarmNames: Readonly<Record<RollbackAlarm["purpose"], string>>;
  /** Tags of the alarms. */
  readonly tags: Tags;
}

/**
 * How the endpoint moves to a new release, and the alarms that roll it back. The alarms are created before the
 * endpoint, which keeps their names for life: the provider can only change them by replacing the endpoint. They stay
 * when the rollout is removed or the stack is destroyed, because an endpoint whose alarms are missing can't be updated.
 *
 * Costs three CloudWatch alarms with five metrics in all, about half a dollar a month.
 */
export class Rollout extends pulumi.ComponentResource {
  /** The alarms. */
  readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
  /** The endpoint's deployment configuration. */
  readonly deploymentConfig: pulumi.Input<aws.types.input.sagemaker.EndpointDeploymentConfig>;
  /** The part of it that can change: all but the alarms' names. */
  readonly updatePolicy: pulumi.Input<
    Omit<aws.types.input.sagemaker.EndpointDeploymentConfig, "autoRollbackConfiguration">
  >;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: RolloutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:Rollout", name, {}, opts);
    const { policy, endpointName, alarmNames } = args;
    this.updatePolicy = whenKnown(policy, deploymentConfig);
    this.deploymentConfig = whenKnown(this.updatePolicy, (updatePolicy) => ({
      ...updatePolicy,
      autoRollbackConfiguration: { alarms: Object.values(alarmNames).map((alarmName) => ({ alarmName })) },
    }));
    this.alarms = rollbackAlarms(defaultRollbackThresholds).map((usual, index) => {
      const { purpose } = usual;
      const alarm = <T>(use: (alarm: RollbackAlarm) => T) =>
        whenKnown(policy.alarms, (limits) => use(rollbackAlarms(limits)[index] ?? usual));
      return new MetricAlarm(
        `${name}-${purpose}`,
        {
          name: alarmNames[purpose],
          alarmDescription: alarm(
            ({ description }) => `Takes a release of ${endpointName} back: ${description}, two minutes in a row`,
          ),
          metricQueries: alarm((watched) =>
            metricQueries(endpointName, watchedMetrics(watched, args), {
              expression: watched.expression(args.variantNames.length),
              label: watched.description,
              period: 60,
            }),
          ),
          comparisonOperator: "GreaterThanThreshold",
          threshold: alarm(({ threshold }) => threshold),
          evaluationPeriods: 2,
          datapointsToAlarm: 2,
          treatMissingData: "notBreaching",
          tags: args.tags,
        },
        { parent: this, retainOnDelete: true, deleteBeforeReplace: false },
      );
    });
    this.registerOutputs({ alarmNames: Object.values(alarmNames) });
  }
}

/**
 * The names of a rollout's alarms. New ones are derived from project, stack and component, so that no setting changes
 * them; those that an endpoint has stay, even if the project or the stack is renamed.
 *
 * @param name the rollout's name
 * @param earlier the names of the alarms that the endpoint has. Default: none
 */
export function rollbackAlarmNames(
  name: string,
  earlier: readonly string[] = [],
): Readonly<Record<RollbackAlarm["purpose"], string>> {
  const nameOf = (purpose: RollbackAlarm["purpose"]) =>
    earlier.find((alarmName) => alarmName.endsWith(`-${purpose}`)) ??
    [pulumi.getProject(), pulumi.getStack(), name, purpose].join("-");
  return Object.fromEntries(rollbackAlarmPurposes.map((purpose) => [purpose, nameOf(purpose)])) as Record<
    RollbackAlarm["purpose"],
    string
  >;
}

function watchedMetrics({ metrics }: RollbackAlarm, { variantNames }: RolloutArgs): QueriedMetric[] {
  return variantNames.flatMap((variantName, variant) =>
    Object.entries(metrics).map(([id, metric]) => ({ id: `${id}${variant + 1}`, metric, variantName })),
  );
}

import type * as aws from "@pulumi/aws";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import * as pulumi from "@pulumi/pulumi";
import { rollbackAlarmPurposes, rollbackAlarms, type RollbackAlarm } from "../sagemaker/rollbackAlarms.ts";
import type { RolloutPolicy } from "../endpoint/rollout.ts";
import { deploymentConfig } from "./deploymentConfig.ts";
import { metricQueries, type QueriedMetric } from "./metricQueries.ts";
import type { Tags } from "./tags.ts";

/** Arguments of Rollout. */
export interface RolloutArgs {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The variants whose metrics to watch, 1 to 5. */
  readonly variantNames: readonly string[];
  /** How the endpoint moves to a new release, and what rolls it back. */
  readonly policy: RolloutPolicy;
  /** Tags of the alarms. */
  readonly tags: Tags;
}

/**
 * How the endpoint moves to a new release, and the alarms that roll it back. The alarms are created before the
 * endpoint, and their names come from project, stack and component, so that no setting changes them: the provider can
 * only change an endpoint's alarms by replacing the endpoint. They stay when the rollout is removed or the stack is
 * destroyed, because an endpoint whose alarms are missing can't be updated.
 *
 * Costs three CloudWatch alarms with five metrics in all, about half a dollar a month.
 */
export class Rollout extends pulumi.ComponentResource {
  /** The alarms. */
  readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
  /** The endpoint's deployment configuration. */
  readonly deploymentConfig: aws.types.input.sagemaker.EndpointDeploymentConfig;
  /** The part of it that can change: all but the alarms' names. */
  readonly updatePolicy: Omit<aws.types.input.sagemaker.EndpointDeploymentConfig, "autoRollbackConfiguration">;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: RolloutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:Rollout", name, {}, opts);
    const alarms = rollbackAlarms(args.policy.alarms);
    const { autoRollbackConfiguration, ...updatePolicy } = deploymentConfig(args.policy, rollbackAlarmNames(name));
    this.deploymentConfig = { ...updatePolicy, autoRollbackConfiguration };
    this.updatePolicy = updatePolicy;
    this.alarms = alarms.map(
      (alarm) =>
        new MetricAlarm(
          `${name}-${alarm.purpose}`,
          {
            name: alarmName(name, alarm.purpose),
            alarmDescription: `Takes a release of ${args.endpointName} back: ${alarm.description}, two minutes in a row`,
            metricQueries: metricQueries(args.endpointName, watchedMetrics(alarm, args), {
              expression: alarm.expression(args.variantNames.length),
              label: alarm.description,
              period: 60,
            }),
            comparisonOperator: "GreaterThanThreshold",
            threshold: alarm.threshold,
            evaluationPeriods: 2,
            datapointsToAlarm: 2,
            treatMissingData: "notBreaching",
            tags: args.tags,
          },
          { parent: this, retainOnDelete: true, deleteBeforeReplace: false },
        ),
    );
    this.registerOutputs({ alarmNames: rollbackAlarmNames(name) });
  }
}

/**
 * The names of a rollout's alarms.
 *
 * @param name the rollout's name
 */
export function rollbackAlarmNames(name: string): string[] {
  return rollbackAlarmPurposes.map((purpose) => alarmName(name, purpose));
}

function alarmName(name: string, purpose: RollbackAlarm["purpose"]): string {
  return [pulumi.getProject(), pulumi.getStack(), name, purpose].join("-");
}

function watchedMetrics({ metrics }: RollbackAlarm, { variantNames }: RolloutArgs): QueriedMetric[] {
  return variantNames.flatMap((variantName, variant) =>
    Object.entries(metrics).map(([id, metric]) => ({ id: `${id}${variant + 1}`, metric, variantName })),
  );
}

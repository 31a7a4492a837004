import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { publishers, topicPolicy } from "../sagemaker/alarmTopic.ts";
import { dashboardBody, dashboardName, dashboardUrl } from "../sagemaker/dashboard.ts";
import type { MonitoringOptions } from "../endpoint/monitoring.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { variantAlarms, type MonitoredVariant } from "../sagemaker/variantAlarms.ts";
import { metricQueries } from "./metricQueries.ts";
import type { Tags } from "./tags.ts";

/** What a Monitoring is made from. */
export interface MonitoringArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The variants that are watched, at least one. */
  readonly variants: readonly MonitoredVariant[];
  /** A variant that the dashboard shows and no alarm watches: nobody gets its answers. Default: none. */
  readonly shadow?: MonitoredVariant;
  /** What is kept of the logs, who is told, and when. */
  readonly options: MonitoringOptions;
  /** Whether only the log group is there, with the logs that it holds: no topic, alarms and dashboard. Default: false. */
  readonly logsOnly?: boolean;
  /** Alarms of others whose state the dashboard shows, too. Default: none. */
  readonly shownAlarms?: readonly aws.cloudwatch.MetricAlarm[];
  /** Whether budgets tell the topic, too. Default: false. */
  readonly budget?: boolean;
  /** The KMS key that encrypts the logs and the topic that is made. Default: none of the stack's own. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Tags of log group, topic and alarms. */
  readonly tags: Tags;
}

/**
 * What an endpoint is watched with: its log group, created before the endpoint so that its logs expire, alarms on each
 * variant, the topic that they notify, and a dashboard. Alarms and dashboard follow the endpoint (`watch`). The log group
 * is deleted with the stack: one that stayed would be in the next stack's way.
 *
 * Costs ten cents a month for each metric of an alarm, 11 of them for each variant and 13 with a GPU, three dollars a month
 * for the dashboard (the account's first ten alarms and three dashboards are free), and what CloudWatch charges for the
 * bytes of the logs.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** The endpoint's log group. */
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** The topic that the alarms notify; resolves once they are allowed to. */
  readonly topicArn: pulumi.Output<string>;
  /** Where the dashboard is looked at. */
  readonly dashboardUrl: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: MonitoringArgs;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args what it is made from
   * @param opts Pulumi's options
   */
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:Monitoring", name, {}, opts);
    const { endpointName, options, tags } = args;
    this.#name = name;
    this.#args = args;
    this.logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: logGroupName(endpointName),
        retentionInDays: options.retentionInDays,
        kmsKeyId: args.kmsKeyArn,
        tags,
      },
      { parent: this, deleteBeforeReplace: false },
    );
    if (args.logsOnly) {
      this.topicArn = pulumi.output("");
      this.dashboardUrl = pulumi.output("");
      this.registerOutputs({ dashboardUrl: this.dashboardUrl, topicArn: this.topicArn });
      return;
    }
    this.topicArn = options.topicArn === undefined ? this.#topic(name, args) : pulumi.output(options.topicArn);
    this.dashboardUrl = args.scope.apply((scope) => dashboardUrl(scope, dashboardName(endpointName, scope.region)));
    this.registerOutputs({ dashboardUrl: this.dashboardUrl, topicArn: this.topicArn });
  }

  /**
   * Makes alarms and dashboard. They describe what serves, its instance type for example: they change once the endpoint has,
   * and a release that fails leaves them alone.
   *
   * @param endpoint the endpoint
   */
  watch(endpoint: pulumi.Resource): void {
    const { endpointName, variants, options, tags, scope, logsOnly } = this.#args;
    if (logsOnly) return;
    const name = this.#name;
    const actions = [this.topicArn];
    // The provider would delete what has a given name first, and the endpoint would be without alarms for a while.
    const released = { parent: this, dependsOn: endpoint, deleteBeforeReplace: false };
    const alarms = variants.flatMap((variant) =>
      variantAlarms(variant, options.alarms).map(
        (alarm) =>
          new aws.cloudwatch.MetricAlarm(
            `${name}-${variant.variantName}-${alarm.purpose}`,
            {
              name: `${endpointName}-${variant.variantName}-${alarm.purpose}`,
              alarmDescription: `${endpointName}, variant ${variant.variantName}: ${alarm.description}`,
              metricQueries: metricQueries(
                endpointName,
                Object.entries(alarm.metrics).map(([id, metric]) => ({ id, metric, variantName: variant.variantName })),
                { expression: alarm.expression, label: alarm.description, period: alarm.period },
              ),
              comparisonOperator: alarm.comparisonOperator,
              threshold: alarm.threshold,
              evaluationPeriods: alarm.evaluationPeriods,
              datapointsToAlarm: alarm.datapointsToAlarm,
              treatMissingData: alarm.treatMissingData,
              alarmActions: actions,
              okActions: actions,
              tags,
            },
            released,
          ),
      ),
    );
    const { shadow, shownAlarms = [] } = this.#args;
    const shown = [...alarms, ...shownAlarms].map(({ arn }) => arn);
    const drawn = [...variants, ...(shadow ? [shadow] : [])];
    new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: scope.apply(({ region }) => dashboardName(endpointName, region)),
        dashboardBody: pulumi
          .all([scope, pulumi.all(shown)])
          .apply(([{ region }, alarmArns]) =>
            JSON.stringify(
              dashboardBody({ endpointName, region, variants: drawn, alarmArns, thresholds: options.alarms }),
            ),
          ),
      },
      released,
    );
  }

  /** A topic of the stack's own, which only its alarms and budgets may tell anything. */
  #topic(name: string, args: MonitoringArgs): pulumi.Output<string> {
    const { scope, endpointName, budget = false, options } = args;
    const child = { parent: this };
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { displayName: endpointName, kmsMasterKeyId: args.kmsKeyArn, tags: args.tags },
      child,
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      {
        arn: topic.arn,
        policy: pulumi
          .all([topic.arn, scope])
          .apply(([arn, where]) =>
            JSON.stringify(topicPolicy(arn, where.accountId, publishers(where, endpointName, budget))),
          ),
      },
      child,
    );
    for (const endpoint of options.emailAddresses ?? []) {
      new aws.sns.TopicSubscription(`${name}-${endpoint}`, { topic: topic.arn, protocol: "email", endpoint }, child);
    }
    return pulumi.all([topic.arn, policy.urn]).apply(([arn]) => arn);
  }
}

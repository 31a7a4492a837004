import type * as aws from "@pulumi/aws";
import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import * as pulumi from "@pulumi/pulumi";
import { publishers, topicPolicy } from "../sagemaker/alarmTopic.ts";
import { dashboardBody, dashboardName, dashboardUrl } from "../sagemaker/dashboard.ts";
import type { ResolvedMonitoring } from "../endpoint/endpointArgs.ts";
import { defaultAlarmThresholds } from "../endpoint/monitoring.ts";
import { ownLogGroup, type EarlierLogGroup } from "../releases/logGroups.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import type { AwsScope } from "../sagemaker/policyDocument.ts";
import { variantAlarms, type MonitoredVariant, type VariantAlarm } from "../sagemaker/variantAlarms.ts";
import { whenKnown } from "./later.ts";
import { metricQueries } from "./metricQueries.ts";
import type { Tags } from "./tags.ts";

/** Arguments of Monitoring. */
export interface MonitoringArgs {
  /** Where the endpoint lives. */
  readonly scope: pulumi.Output<AwsScope>;
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The variants to watch, at least one. */
  readonly variants: readonly MonitoredVariant[];
  /**
   * The shadow variant, which the dashboard shows but no alarm watches, since nobody receives its answers. Default:
   * none.
   */
  readonly shadow?: MonitoredVariant;
  /** Log retention, whom to notify, and the alarms' thresholds. Default: none, only earlier logs are kept. */
  readonly options?: ResolvedMonitoring;
  /** The log groups that the stack has created so far, also of endpoints that this one replaced. Default: none. */
  readonly earlierLogs?: readonly EarlierLogGroup[];
  /** Whether the log group exists, so that none is created. Default: false. */
  readonly logGroupExists?: boolean;
  /** Further alarms to show on the dashboard. Default: none. */
  readonly shownAlarms?: readonly aws.cloudwatch.MetricAlarm[];
  /** Whether budgets publish to the topic too. Default: false. */
  readonly budget?: boolean;
  /** The KMS key that encrypts the logs and the created topic. Default: none. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Tags of the log group, the topic and the alarms. */
  readonly tags: Tags;
}

/**
 * An endpoint's monitoring: its log group, created before the endpoint so that logs expire, alarms on each variant, the
 * topic that they notify, and a dashboard. Alarms and dashboard are created after the endpoint (`watch`). The log group
 * is deleted with the stack, because a leftover one would block the next stack.
 *
 * Costs ten cents a month per alarm metric (11 per variant, 13 with a GPU), three dollars a month for the dashboard
 * (the account's first ten alarms and three dashboards are free), and what CloudWatch charges for logs.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** The endpoint's log group; absent if the program doesn't create it. */
  readonly logGroup?: aws.cloudwatch.LogGroup;
  /** The topic that the alarms notify; resolves once they are allowed to. */
  readonly topicArn: pulumi.Output<string>;
  /** The dashboard's URL. */
  readonly dashboardUrl: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: MonitoringArgs;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:Monitoring", name, {}, opts);
    const { endpointName, options } = args;
    this.#name = name;
    this.#args = args;
    this.logGroup = this.#logGroups(name, args);
    if (!options) {
      this.topicArn = pulumi.output("");
      this.dashboardUrl = pulumi.output("");
      this.registerOutputs({ dashboardUrl: this.dashboardUrl, topicArn: this.topicArn });
      return;
    }
    this.topicArn = options.topicArn === undefined ? this.#topic(name, args, options) : pulumi.output(options.topicArn);
    this.dashboardUrl = args.scope.apply((scope) => dashboardUrl(scope, dashboardName(endpointName, scope.region)));
    this.registerOutputs({ dashboardUrl: this.dashboardUrl, topicArn: this.topicArn });
  }

  /**
   * Creates the alarms and the dashboard. They describe the release in service, for example its instance type, so they
   * change after the endpoint has, and a failed release doesn't touch them.
   *
   * @param endpoint the endpoint
   */
  watch(endpoint: pulumi.Resource): void {
    const { endpointName, variants, options, tags, scope } = this.#args;
    if (!options) return;
    const name = this.#name;
    const actions = [this.topicArn];
    // One that is replaced under its own name, by --replace, would be deleted with its predecessor.
    const released = { parent: this, dependsOn: endpoint, deleteBeforeReplace: true };
    const alarms = variants.flatMap((variant) =>
      // The thresholds don't decide which alarms there are.
      variantAlarms(variant, defaultAlarmThresholds).map((usual, index) => {
        const { purpose } = usual;
        const alarm = <T>(use: (alarm: VariantAlarm) => T) =>
          whenKnown(options.alarms, (limits) => use(variantAlarms(variant, limits)[index] ?? usual));
        return new MetricAlarm(
          `${name}-${variant.variantName}-${purpose}`,
          {
            name: `${endpointName}-${variant.variantName}-${purpose}`,
            alarmDescription: alarm(
              ({ description }) => `${endpointName}, variant ${variant.variantName}: ${description}`,
            ),
            metricQueries: alarm(({ metrics, expression, description, period }) =>
              metricQueries(
                endpointName,
                Object.entries(metrics).map(([id, metric]) => ({ id, metric, variantName: variant.variantName })),
                { expression, label: description, period },
              ),
            ),
            comparisonOperator: alarm(({ comparisonOperator }) => comparisonOperator),
            threshold: alarm(({ threshold }) => threshold),
            evaluationPeriods: alarm(({ evaluationPeriods }) => evaluationPeriods),
            datapointsToAlarm: alarm(({ datapointsToAlarm }) => datapointsToAlarm),
            treatMissingData: alarm(({ treatMissingData }) => treatMissingData),
            alarmActions: actions,
            okActions: actions,
            tags,
          },
          released,
        );
      }),
    );
    const { shadow, shownAlarms = [] } = this.#args;
    const shown = [...alarms, ...shownAlarms].map(({ arn }) => arn);
    const drawn = [...variants, ...(shadow ? [shadow] : [])];
    new Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: scope.apply(({ region }) => dashboardName(endpointName, region)),
        dashboardBody: pulumi
          .all([scope, pulumi.all(shown), pulumi.output(options.alarms)])
          .apply(([{ region }, alarmArns, thresholds]) =>
            JSON.stringify(dashboardBody({ endpointName, region, variants: drawn, alarmArns, thresholds })),
          ),
      },
      released,
    );
  }

  /**
   * Registers the endpoint's log group and every earlier one, each under the name that the state has it by: a log group
   * that leaves the program is deleted with its logs.
   *
   * @returns the endpoint's own
   */
  #logGroups(
    name: string,
    { logGroupExists, endpointName, options, earlierLogs = [], kmsKeyArn, tags }: MonitoringArgs,
  ) {
    const ownName = logGroupName(endpointName);
    const known = earlierLogs.find((group) => group.name === ownName);
    const logicalName = ownLogGroup(endpointName, earlierLogs, `${name}-logs`);
    const own = !logGroupExists && options && { logicalName, name: ownName, retentionInDays: options.retentionInDays };
    const groups = [...earlierLogs.filter((group) => !own || group !== known), ...(own ? [own] : [])].map(
      ({ logicalName: logs, name: group, retentionInDays }) => ({
        group,
        resource: new LogGroup(
          logs,
          { name: group, retentionInDays, kmsKeyId: kmsKeyArn, tags },
          { parent: this, deleteBeforeReplace: false },
        ),
      }),
    );
    return groups.find(({ group }) => group === ownName)?.resource;
  }

  /** The stack's own topic, to which only its alarms and budgets may publish. */
  #topic(name: string, args: MonitoringArgs, options: ResolvedMonitoring): pulumi.Output<string> {
    const { scope, endpointName, budget = false } = args;
    const child = { parent: this };
    const topic = new Topic(
      `${name}-topic`,
      { displayName: endpointName, kmsMasterKeyId: args.kmsKeyArn, tags: args.tags },
      child,
    );
    const policy = new TopicPolicy(
      `${name}-topic-policy`,
      {
        arn: topic.arn,
        policy: pulumi
          .all([topic.arn, scope])
          .apply(([arn, where]) =>
            JSON.stringify(topicPolicy(arn, where.accountId, publishers(where, endpointName, budget))),
          ),
      },
      // It goes with the topic. One that is replaced has the same id as its successor, which would be deleted.
      { ...child, retainOnDelete: true },
    );
    for (const [index, endpoint] of (options.emailAddresses ?? []).entries()) {
      const suffix = typeof endpoint === "string" ? endpoint : `address-${index}`;
      // SNS knows an address once, so a second subscription would be deleted with the first one.
      const subscription = { topic: topic.arn, protocol: "email", endpoint };
      new TopicSubscription(`${name}-${suffix}`, subscription, { ...child, deleteBeforeReplace: true });
    }
    return pulumi.all([topic.arn, policy.urn]).apply(([arn]) => arn);
  }
}

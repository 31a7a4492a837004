import type { PlannedResource } from "../plan.ts";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** The inputs of an alarm that its sentence says; tags and names are none of them. */
export const saidOfAlarms: ReadonlySet<string> = new Set([
  "alarmActions",
  "alarmDescription",
  "comparisonOperator",
  "datapointsToAlarm",
  "evaluationPeriods",
  "metricName",
  "metricQueries",
  "namespace",
  "okActions",
  "period",
  "statistic",
  "threshold",
  "treatMissingData",
]);

/**
 * Says when an alarm fires, whom it tells and what it makes of missing data.
 *
 * @param resource the alarm
 * @returns `undefined` for any other resource
 */
export function alarmSentence({ type, inputs }: PlannedResource): string | undefined {
  if (type !== alarmType) return undefined;
  const {
    evaluationPeriods = 1,
    datapointsToAlarm = evaluationPeriods,
    treatMissingData = "missing",
  } = inputs as Alarm;
  const { alarmActions = [], metricQueries = [], period, label } = { ...watchedOf(inputs), ...(inputs as Alarm) };
  const each = period ?? metricQueries.find(({ metric }) => metric)?.metric?.period ?? 0;
  const tells = alarmActions.length === 0 ? "tells nobody" : `tells ${alarmActions.join(", ")}`;
  return `fires when ${label} in ${datapointsToAlarm} of ${evaluationPeriods} periods of ${each} s, takes missing data as ${treatMissingData}, ${tells}`;
}

/** The label of the metric that is watched says the limit, too; without one both are put in words here. */
function watchedOf(inputs: PlannedResource["inputs"]): { readonly label: string } {
  const { comparisonOperator = "", threshold, metricQueries = [], statistic, metricName } = inputs as Alarm;
  const watched = metricQueries.find(({ returnData }) => returnData) ?? metricQueries[0];
  if (watched?.label !== undefined) return { label: watched.label };
  const metric =
    watched?.expression ?? `${statistic ?? watched?.metric?.stat} of ${metricName ?? watched?.metric?.metricName}`;
  return { label: `${metric} is ${inWords(comparisonOperator)} ${threshold}` };
}

/** `GreaterThanOrEqualToThreshold` as `greater than or equal to`. */
function inWords(operator: string): string {
  return operator
    .replace(/Threshold$/, "")
    .replace(/(?<=.)[A-Z]/g, " $&")
    .toLowerCase();
}

interface Alarm {
  readonly alarmActions?: readonly string[];
  readonly comparisonOperator?: string;
  readonly datapointsToAlarm?: number;
  readonly evaluationPeriods?: number;
  readonly metricName?: string;
  readonly metricQueries?: readonly {
    readonly expression?: string;
    readonly label?: string;
    readonly returnData?: boolean;
    readonly metric?: { readonly metricName: string; readonly stat: string; readonly period: number };
  }[];
  readonly period?: number;
  readonly statistic?: string;
  readonly threshold?: number;
  readonly treatMissingData?: string;
}

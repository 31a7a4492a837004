import type { AwsScope } from "./policyDocument.ts";
import {
  errorShare,
  instanceNamespace,
  instanceUse,
  invocationNamespace,
  latencyInMilliseconds,
  type Figure,
} from "./endpointMetrics.ts";
import { eachModel, pendingRequests, serverFailureShare, serverTime, serverTimes } from "./serverFigures.ts";
import { instanceLoads, type AlarmThresholds, type MonitoredVariant } from "./variantAlarms.ts";

/** The contents of a dashboard. */
export interface DashboardContents {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The region of its metrics. */
  readonly region: string;
  /** Its variants. */
  readonly variants: readonly MonitoredVariant[];
  /** The ARNs of the alarms to show, at least one. */
  readonly alarmArns: readonly string[];
  /** The alarms' thresholds, drawn as lines. */
  readonly thresholds: AlarmThresholds;
}

/** A widget of a dashboard, on a grid that is 24 wide. */
export interface DashboardWidget {
  /** The type of the widget. */
  readonly type: "alarm" | "metric" | "text";
  /** The distance from the left. */
  readonly x: number;
  /** The distance from the top. */
  readonly y: number;
  /** The width. */
  readonly width: number;
  /** The height. */
  readonly height: number;
  /** The widget's properties. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A dashboard, ready for `JSON.stringify`. */
export interface DashboardBody {
  /** The time range shown initially. */
  readonly start: string;
  /** The widgets. */
  readonly widgets: readonly DashboardWidget[];
}

/** CloudWatch's grid: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const gridWidth = 24;

/**
 * The maximum number of alarms in one widget:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const mostAlarms = 100;

const chartHeight = 6;

/** A line of a chart for each variant. */
interface Line extends Figure {
  /** The label of the line. */
  readonly label: string;
}

interface Chart {
  readonly title: string;
  readonly lines: (variant: MonitoredVariant) => readonly Line[];
  /** Alarm thresholds by label. */
  readonly marks?: Readonly<Record<string, number>>;
  /** The maximum possible value. */
  readonly max?: number;
  /** A metric of each model instead of lines. */
  readonly eachModelOf?: string;
}

/**
 * Builds an endpoint's dashboard: the alarms' state at the top, then rows for traffic and errors, latency, and
 * instances with their utilization. The alarms' thresholds are drawn as lines.
 *
 * @param contents what to show
 */
export function dashboardBody(contents: DashboardContents): DashboardBody {
  const widgets: DashboardWidget[] = [];
  let y = 0;
  for (let first = 0; first < contents.alarmArns.length; first += mostAlarms) {
    const alarms = contents.alarmArns.slice(first, first + mostAlarms);
    const height = 1 + Math.ceil(alarms.length / 6);
    const title = `Alarms of ${contents.endpointName}`;
    // Those in alarm come first.
    const properties = { title, alarms, sortBy: "stateUpdatedTimestamp" };
    widgets.push({ type: "alarm", x: 0, y, width: gridWidth, height, properties });
    y += height;
  }
  for (const [heading, charts] of Object.entries(rows(contents))) {
    if (charts.length === 0) continue;
    widgets.push({ type: "text", x: 0, y, width: gridWidth, height: 1, properties: { markdown: `## ${heading}` } });
    y += 1;
    charts.forEach((chart, index) => {
      const x = Math.floor((index * gridWidth) / charts.length);
      const width = Math.floor(((index + 1) * gridWidth) / charts.length) - x;
      widgets.push({ type: "metric", x, y, width, height: chartHeight, properties: chartProperties(chart, contents) });
    });
    y += chartHeight;
  }
  return { start: "-PT6H", widgets };
}

function rows({ variants, thresholds: limit }: DashboardContents): Record<string, readonly Chart[]> {
  const withInstances = variants.some(({ instanceType }) => instanceType !== undefined);
  return {
    "Traffic and errors": [
      { title: "Invocations per minute", lines: () => [line("invocations", "Invocations", "Sum")] },
      {
        title: "Errors, as a percentage of invocations",
        lines: () => [
          { label: "5XX", ...errorShare("Invocation5XXErrors") },
          { label: "4XX", ...errorShare("Invocation4XXErrors") },
          { label: "of the model", ...errorShare("InvocationModelErrors") },
        ],
        marks: { "5XX": limit.invocation5XXErrorsPercent, "4XX": limit.invocation4XXErrorsPercent },
      },
    ],
    Latency: [
      {
        title: "Model latency, in milliseconds",
        lines: () =>
          ["p50", "p90", "p99"].map((stat) => ({ label: stat, ...latencyInMilliseconds("ModelLatency", stat) })),
        marks: { p50: limit.modelLatencyP50InMilliseconds, p99: limit.modelLatencyP99InMilliseconds },
      },
      {
        title: "SageMaker's overhead, in milliseconds",
        lines: () => [
          { label: "average", ...latencyInMilliseconds("OverheadLatency", "Average") },
          { label: "longest", ...latencyInMilliseconds("OverheadLatency", "Maximum") },
        ],
        marks: { average: limit.overheadLatencyInMilliseconds },
      },
    ],
    Instances: withInstances
      ? [
          {
            title: "Instances in service",
            // Every instance reports its load once a minute.
            lines: whereInstances([line("instances", "CPUUtilization", "SampleCount", instanceNamespace)]),
          },
          {
            title: "Invocations per instance and minute",
            lines: whereInstances([line("invocations", "InvocationsPerInstance", "Sum")]),
          },
          {
            title: "Concurrent requests",
            lines: () => [line("most", "ConcurrentRequestsPerModel", "Maximum")],
          },
        ]
      : [],
    "Utilization, in percent": loadCharts(variants, limit),
    Triton: serverCharts(variants),
  };
}

/** What Triton itself reports, if any variant's does. */
function serverCharts(variants: readonly MonitoredVariant[]): Chart[] {
  const limit = variants.find(({ serverMetrics }) => serverMetrics)?.serverMetrics;
  if (!limit) return [];
  const where =
    (lines: readonly Line[]): Chart["lines"] =>
    ({ serverMetrics }) =>
      serverMetrics ? lines : [];
  return [
    {
      title: "Time in Triton, in milliseconds",
      lines: where(
        (Object.keys(serverTimes) as (keyof typeof serverTimes)[]).map((name) => ({
          label: serverTimes[name],
          ...serverTime(name),
        })),
      ),
      marks: { queue: limit.queueTimeInMilliseconds },
    },
    {
      title: "Requests waiting in Triton",
      lines: where([
        { label: "average", ...pendingRequests("Average") },
        { label: "most", ...pendingRequests("Maximum") },
      ]),
      marks: { average: limit.pendingRequests },
    },
    {
      title: "Requests that Triton failed, in percent",
      lines: where([{ label: "failed", ...serverFailureShare }]),
      marks: { failed: limit.failuresPercent },
    },
    {
      title: "Requests in a batch, by model",
      lines: () => [],
      eachModelOf: "BatchSize",
    },
  ];
}

function whereInstances(lines: readonly Line[]): Chart["lines"] {
  return ({ instanceType }) => (instanceType === undefined ? [] : lines);
}

/** A chart for each kind of utilization that any of the variants has. */
function loadCharts(variants: readonly MonitoredVariant[], limit: AlarmThresholds): Chart[] {
  const loads = new Map(variants.flatMap(instanceLoads).map((watched) => [watched.metricName, watched]));
  return [...loads.values()].map(({ title, metricName, threshold }) => ({
    title,
    lines: (variant) =>
      instanceLoads(variant)
        .filter((watched) => watched.metricName === metricName)
        .map(({ stat, parts }) => ({
          label: stat === "Average" ? "average" : "fullest",
          ...instanceUse(metricName, stat, parts),
        })),
    marks: { alarm: limit[threshold] },
    max: 100,
  }));
}

function line(label: string, metricName: string, stat: string, namespace?: string): Line {
  return { label, metrics: { value: { namespace, metricName, stat } } };
}

function chartProperties(chart: Chart, { endpointName, region, variants }: DashboardContents): Record<string, unknown> {
  const { eachModelOf } = chart;
  const searches = variants.map((variant, v) =>
    eachModelOf !== undefined && variant.serverMetrics
      ? [[{ expression: eachModel(eachModelOf, endpointName, variant.variantName), id: `v${v}` }]]
      : [],
  );
  const metrics = variants.flatMap((variant, v) => [
    ...(searches[v] ?? []),
    ...chart
      .lines(variant)
      .flatMap((drawn, i) =>
        lineMetrics(
          drawn,
          `v${v}l${i}`,
          endpointName,
          variant.variantName,
          variants.length > 1 ? variant.variantName : "",
        ),
      ),
  ]);
  return {
    title: chart.title,
    region,
    view: "timeSeries",
    period: 60,
    metrics,
    yAxis: { left: { min: 0, ...(chart.max !== undefined && { max: chart.max }), showUnits: false } },
    ...(chart.marks && {
      annotations: {
        horizontal: Object.entries(chart.marks).map(([mark, value]) => ({
          label: mark === "alarm" ? mark : `alarm of ${mark}`,
          value,
          color: "#d13212",
        })),
      },
    }),
  };
}

/** Metric ids must be unique within a chart. */
function lineMetrics(
  { label, metrics, expression }: Line,
  prefix: string,
  endpointName: string,
  variantName: string,
  shownName: string,
): unknown[] {
  const shown = [shownName, label].filter(Boolean).join(" ");
  const ids = Object.fromEntries(Object.keys(metrics).map((key) => [key, `${prefix}${key}`]));
  return [
    ...(expression ? [[{ expression: expression(ids), label: shown, id: prefix }]] : []),
    ...Object.entries(metrics).map(([key, { namespace = invocationNamespace, metricName, stat }]) => [
      namespace,
      metricName,
      "EndpointName",
      endpointName,
      "VariantName",
      variantName,
      { id: ids[key], stat, ...(expression ? { visible: false } : { label: shown }) },
    ]),
  ];
}

/**
 * A dashboard's name. Dashboards are global to an account, so the name contains the region.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html (Resource types)
 *
 * @param endpointName the endpoint's name
 */
export function dashboardName(endpointName: string, region: string): string {
  return `${endpointName}-${region}`;
}

/**
 * A dashboard's URL in the console.
 * Source: https://docs.aws.amazon.com/general/latest/gr/console.html, and the documentation of each partition
 *
 * @param scope where the endpoint lives
 * @param name the dashboard's name
 */
export function dashboardUrl({ partition, region }: AwsScope, name: string): string {
  return `https://${consoleHost(partition, region)}/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
}

function consoleHost(partition: string, region: string): string {
  if (partition === "aws-us-gov") return "console.amazonaws-us-gov.com";
  return partition === "aws-cn" ? `${region}.console.amazonaws.cn` : `${region}.console.aws.amazon.com`;
}

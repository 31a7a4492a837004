import { expect } from "chai";
import { defaultAlarmThresholds } from "../../endpoint/monitoring.ts";
import { dashboardBody, dashboardName, dashboardUrl, type DashboardWidget } from "../../sagemaker/dashboard.ts";

const contents = {
  endpointName: "penguins",
  region: "eu-central-1",
  variants: [{ variantName: "AllTraffic", instanceType: "ml.r5.xlarge" }],
  alarmArns: ["arn:one", "arn:two"],
  thresholds: defaultAlarmThresholds,
};

function chartOf(title: string, changes: Partial<Parameters<typeof dashboardBody>[0]> = {}) {
  const { widgets } = dashboardBody({ ...contents, ...changes });
  const { properties } = widgets.find((widget) => widget.properties.title === title)!;
  return properties as {
    metrics: unknown[][];
    annotations: { horizontal: { label: string; value: number }[] };
    region: string;
    yAxis: object;
  };
}

function overlap(a: DashboardWidget, b: DashboardWidget): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe("the dashboard", () => {
  it("has the alarms' state at the top, then traffic, latency, instances and utilization", () => {
    const { widgets } = dashboardBody(contents);
    expect(
      widgets.map(({ type, properties }) => (type === "text" ? properties.markdown : properties.title)),
    ).to.deep.equal([
      "Alarms of penguins",
      "## Traffic and errors",
      "Invocations per minute",
      "Errors, as a percentage of invocations",
      "## Latency",
      "Model latency, in milliseconds",
      "SageMaker's overhead, in milliseconds",
      "## Instances",
      "Instances in service",
      "Invocations per instance and minute",
      "Concurrent requests",
      "## Utilization, in percent",
      "Processors",
      "Memory",
      "Disk",
    ]);
    expect(widgets[0]).to.deep.include({ type: "alarm", x: 0, y: 0, width: 24 });
    expect(widgets[0]?.properties).to.deep.include({ alarms: contents.alarmArns, sortBy: "stateUpdatedTimestamp" });
  });

  for (const [what, instanceTypes] of [
    ["processors alone", ["ml.r5.xlarge"]],
    ["GPUs", ["ml.g5.xlarge"]],
    ["several variants", ["ml.g5.xlarge", "ml.r5.xlarge"]],
    ["no instances", [undefined]],
  ] as const) {
    it(`fills each row of the 24-column grid without overlaps, with ${what}`, () => {
      const variants = instanceTypes.map((instanceType, i) => ({ variantName: `variant${i}`, instanceType }));
      const { widgets } = dashboardBody({ ...contents, variants });
      for (const y of new Set(widgets.map((widget) => widget.y))) {
        const row = widgets.filter((widget) => widget.y === y);
        expect(row.reduce((sum, { width }) => sum + width, 0)).to.equal(24);
      }
      widgets.forEach((a, i) => {
        for (const b of widgets.slice(i + 1)) expect(overlap(a, b)).to.equal(false);
      });
    });
  }

  it("shows this endpoint's metrics in its region, minute by minute", () => {
    expect(chartOf("Invocations per minute")).to.deep.include({
      region: "eu-central-1",
      period: 60,
      metrics: [
        [
          "AWS/SageMaker",
          "Invocations",
          "EndpointName",
          "penguins",
          "VariantName",
          "AllTraffic",
          { id: "v0l0value", stat: "Sum", label: "invocations" },
        ],
      ],
    });
  });

  it("computes percentages and milliseconds, and hides the underlying metrics", () => {
    const [share, ...metrics] = chartOf("Errors, as a percentage of invocations").metrics;
    expect(share).to.deep.equal([
      { expression: "100 * FILL(v0l0errors, 0) / v0l0invocations", label: "5XX", id: "v0l0" },
    ]);
    expect(metrics.slice(0, 2).map((metric) => metric.at(-1))).to.deep.equal([
      { id: "v0l0errors", stat: "Sum", visible: false },
      { id: "v0l0invocations", stat: "Sum", visible: false },
    ]);
    expect(chartOf("Model latency, in milliseconds").metrics[0]).to.deep.equal([
      { expression: "v0l0latency / 1000", label: "p50", id: "v0l0" },
    ]);
  });

  it("gives every metric of a chart a unique, valid id", () => {
    const variants = ["a", "b"].map((variantName) => ({ variantName, instanceType: "ml.g5.12xlarge" }));
    for (const { properties } of dashboardBody({ ...contents, variants }).widgets) {
      const metrics = (properties.metrics ?? []) as unknown[][];
      const ids = metrics.map((metric) => (metric.at(-1) as { id: string }).id);
      expect(new Set(ids).size).to.equal(ids.length);
      expect(ids.every((id) => /^[a-z][a-zA-Z0-9_]*$/.test(id))).to.equal(true);
    }
  });

  it("draws the alarms' thresholds", () => {
    const thresholds = { ...defaultAlarmThresholds, modelLatencyP99InMilliseconds: 800, cpuUtilizationPercent: 70 };
    expect(chartOf("Model latency, in milliseconds", { thresholds }).annotations.horizontal).to.deep.equal([
      { label: "alarm of p50", value: 1000, color: "#d13212" },
      { label: "alarm of p99", value: 800, color: "#d13212" },
    ]);
    expect(chartOf("Processors", { thresholds }).annotations.horizontal[0]).to.include({ label: "alarm", value: 70 });
  });

  it("shows utilization as a percentage of the whole instance, from 0 to 100", () => {
    const { metrics, yAxis } = chartOf("Processors");
    expect(metrics[0]).to.deep.equal([{ expression: "v0l0used / 4", label: "average", id: "v0l0" }]);
    expect(yAxis).to.deep.equal({ left: { min: 0, max: 100, showUnits: false } });
  });

  it("labels variants by name, and shows GPUs only for those that have them", () => {
    const variants = [
      { variantName: "old", instanceType: "ml.r5.xlarge" },
      { variantName: "new", instanceType: "ml.g5.xlarge" },
    ];
    const labels = (title: string) =>
      chartOf(title, { variants })
        .metrics.map((metric) => (metric.at(-1) as { label?: string }).label)
        .filter(Boolean);
    expect(labels("Invocations per minute")).to.deep.equal(["old invocations", "new invocations"]);
    expect(labels("GPUs")).to.deep.equal(["new average"]);
  });

  it("leaves out instances for a serverless variant", () => {
    const { widgets } = dashboardBody({ ...contents, variants: [{ variantName: "AllTraffic" }] });
    expect(JSON.stringify(widgets)).to.not.include("/aws/sagemaker/Endpoints").and.not.include("## In use");
  });

  it("splits more than a hundred alarms over several widgets, as CloudWatch requires", () => {
    const alarmArns = Array.from({ length: 130 }, (_, i) => `arn:${i}`);
    const alarms = dashboardBody({ ...contents, alarmArns }).widgets.filter(({ type }) => type === "alarm");
    expect(alarms.map(({ properties }) => (properties.alarms as string[]).length)).to.deep.equal([100, 30]);
  });

  it("has the region in its name, because dashboards are global to an account", () => {
    expect(dashboardName("penguins", "eu-central-1")).to.equal("penguins-eu-central-1");
  });

  for (const [partition, region, host] of [
    ["aws", "eu-central-1", "eu-central-1.console.aws.amazon.com"],
    ["aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"],
    ["aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"],
  ] as const) {
    it(`has a URL in the console of ${partition}`, () => {
      expect(dashboardUrl({ partition, region, accountId: "123456789012" }, "penguins")).to.equal(
        `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/penguins`,
      );
    });
  }
});

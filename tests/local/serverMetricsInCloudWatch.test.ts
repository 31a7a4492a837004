import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDatum,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { readLog } from "../../operations/containerLog.ts";
import { readEndpointStatus } from "../../operations/endpointStatus.ts";
import { connect } from "../../releases/connection.ts";
import { withServerMetrics } from "../../sagemaker/serverMetrics.ts";
import { defaultAlarmThresholds } from "../../endpoint/monitoring.ts";
import { variantAlarms } from "../../sagemaker/variantAlarms.ts";
import { metricQueries } from "../../components/metricQueries.ts";
import { startAwsEmulator, type AwsEmulator } from "../support/awsEmulator.ts";
import { runCli } from "../support/cli.ts";
import { EmulatedEndpoint } from "../support/emulatedEndpoint.ts";
import { printedPeriods } from "../support/metricsModel.ts";
import { readMetricLine } from "../support/embeddedMetrics.ts";

describe("a line of Triton's metrics in an endpoint's log", () => {
  let emulator: AwsEmulator;
  before(async () => {
    emulator = await startAwsEmulator();
  });
  after(() => emulator.stop());

  it("becomes a metric that an alarm watches and that status prints", async () => {
    const { region, credentials, sagemakerEndpoint: endpoint } = emulator.connection;
    const clients = await connect(emulator.connection);
    const served = await EmulatedEndpoint.create(emulator.connection);
    const dimensions = { EndpointName: served.name, VariantName: "AllTraffic" };
    const environment = withServerMetrics({}, { dimensions, periodInSeconds: 60 });
    await served.update(await served.configure("metered", "ml.m5.large", environment));

    const [line = ""] = printedPeriods(
      [["period", 'nv_inference_request_success{model="m"} 10\nnv_inference_queue_duration_us{model="m"} 25000000\n']],
      { dimensions, periodInSeconds: 60, defaultModelName: "m" },
      Date.now(),
    )[0]!.slice(-1);
    const logs = new CloudWatchLogsClient({ region, credentials, endpoint });
    const logGroupName = `/aws/sagemaker/Endpoints/${served.name}`;
    const stream = { logGroupName, logStreamName: "AllTraffic/i-1" };
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogStreamCommand(stream));
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message: line }] }));
    for await (const { text } of readLog(logs, logGroupName, { since: new Date(0) })) {
      await extract(clients.cloudwatch, text);
    }

    const thresholds = { queueTimeInMilliseconds: 1000, pendingRequests: 100, failuresPercent: 1 };
    const variant = { variantName: "AllTraffic", serverMetrics: thresholds };
    const alarm = variantAlarms(variant, defaultAlarmThresholds).find(
      ({ purpose }) => purpose === "server-queue-time",
    )!;
    const { metrics, description, expression, period } = alarm;
    const queries = metricQueries(
      served.name,
      Object.entries(metrics).map(([id, metric]) => ({ id, metric, variantName: "AllTraffic" })),
      { expression, label: description, period },
    );
    const Metrics = queries.map(asQuery);
    const AlarmName = `${served.name}-AllTraffic-server-queue-time`;
    await clients.cloudwatch.send(
      new PutMetricAlarmCommand({ ...alarmInput(alarm), AlarmName, EvaluationPeriods: 1, Metrics }),
    );
    const { MetricAlarms = [] } = await clients.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
    const watched = MetricAlarms[0]!.Metrics!.filter(({ MetricStat }) => MetricStat);
    const now = Date.now();
    const { MetricDataResults = [] } = await clients.cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(now - 600_000),
        EndTime: new Date(now + 60_000),
        MetricDataQueries: watched.map((query) => ({ ...query, ReturnData: true })),
      }),
    );
    const [microseconds = 0] = MetricDataResults.find(({ Id }) => Id === "time")?.Values ?? [];
    // The alarm's expression: the emulator evaluates neither expressions nor alarms.
    expect(microseconds / 1000)
      .to.equal(2500)
      .and.be.above(MetricAlarms[0]!.Threshold ?? NaN);

    const status = await readEndpointStatus(clients, served.name);
    expect(status.variants[0]?.server).to.deep.include({ requests: 10, failures: 0, queueTimeInMilliseconds: 2500 });
    const { stdout } = await runCli(["status", "--endpoint", served.name, "--region", "eu-central-1"], {
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    });
    expect(stdout.replaceAll(/\s+/g, " ")).to.match(
      /AllTraffic Triton: queue 2500 ms, compute 0 ms, 10 answered, 0 failed \(\d\d:\d\d UTC\)/,
    );
  });
});

/** What CloudWatch Logs does with a line of the format, which the emulator's logs don't. */
async function extract(cloudwatch: CloudWatchClient, text: string): Promise<void> {
  const line = readMetricLine(text);
  for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
    const MetricData = Dimensions.flatMap((names) =>
      Metrics.map(({ Name, Unit }): MetricDatum => ({
        MetricName: Name,
        Unit: Unit as "Count",
        Timestamp: new Date(line._aws.Timestamp),
        Dimensions: names.map((name) => ({ Name: name, Value: String(line[name]) })),
        Values: [line[Name]].flat() as number[],
      })),
    );
    await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
}

function asQuery({
  id,
  expression,
  label,
  returnData,
  metric,
}: ReturnType<typeof metricQueries>[number]): MetricDataQuery {
  const given = metric as
    | undefined
    | { namespace: string; metricName: string; period: number; stat: string; dimensions: Record<string, string> };
  return {
    ...{ Id: id as string, Expression: expression as string | undefined, Label: label as string | undefined },
    ReturnData: (returnData as boolean | undefined) ?? false,
    ...(given && {
      MetricStat: {
        Metric: {
          ...{ Namespace: given.namespace, MetricName: given.metricName },
          Dimensions: Object.entries(given.dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        ...{ Period: given.period, Stat: given.stat },
      },
    }),
  };
}

function alarmInput({
  threshold,
  comparisonOperator,
}: {
  threshold: number;
  comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
}) {
  return { Threshold: threshold, ComparisonOperator: comparisonOperator };
}

import { expect } from "chai";
import { defaultAlarmThresholds } from "../../endpoint/monitoring.ts";
import { variantAlarms } from "../../sagemaker/variantAlarms.ts";

const purposesOf = (instanceType?: string) =>
  variantAlarms({ variantName: "AllTraffic", instanceType }, defaultAlarmThresholds).map(({ purpose }) => purpose);
const alarmOf = (purpose: string, instanceType = "ml.r5.xlarge", thresholds = {}) =>
  variantAlarms({ variantName: "AllTraffic", instanceType }, { ...defaultAlarmThresholds, ...thresholds }).find(
    (alarm) => alarm.purpose === purpose,
  )!;

const ofInvocations = [
  "invocation-5xx-errors",
  "invocation-4xx-errors",
  "model-latency-p50",
  "model-latency-p99",
  "overhead-latency",
];
const ofInstances = ["cpu-utilization", "memory-utilization", "disk-utilization"];

describe("a variant's alarms", () => {
  it("watch errors, latencies, utilization and missing invocations", () => {
    expect(purposesOf("ml.r5.xlarge")).to.deep.equal([...ofInvocations, ...ofInstances, "no-invocations"]);
  });

  it("watch GPUs if there are any", () => {
    const ofGpus = ["gpu-utilization", "gpu-memory-utilization"];
    expect(purposesOf("ml.g5.xlarge")).to.deep.equal([...ofInvocations, ...ofInstances, ...ofGpus, "no-invocations"]);
  });

  it("watch no instances of a serverless variant", () => {
    expect(purposesOf()).to.deep.equal([...ofInvocations, "no-invocations"]);
  });

  it("don't expect invocations of a variant that may normally have none", () => {
    const silent = variantAlarms(
      { variantName: "AllTraffic", instanceType: "ml.r5.xlarge", silent: true },
      defaultAlarmThresholds,
    );
    expect(silent.map(({ purpose }) => purpose)).to.deep.equal([...ofInvocations, ...ofInstances]);
  });

  it("leave out processors and GPUs for a type newer than our list", () => {
    expect(purposesOf("ml.g9.xlarge")).to.deep.equal([
      ...ofInvocations,
      ...["memory-utilization", "disk-utilization", "no-invocations"],
    ]);
  });

  it("divide the load of processors and GPUs by their number, because SageMaker adds them up", () => {
    expect(alarmOf("cpu-utilization")).to.deep.include({ expression: "used / 4", threshold: 90 });
    expect(alarmOf("gpu-utilization", "ml.g5.12xlarge")).to.include({ expression: "used / 4", threshold: 95 });
    expect(alarmOf("gpu-utilization", "ml.g7.12xlarge")).to.include({ expression: "used / 2" });
    expect(alarmOf("gpu-utilization", "ml.g5.xlarge")).to.not.have.property("expression");
    expect(alarmOf("memory-utilization")).to.not.have.property("expression");
  });

  it("read utilization from SageMaker's instance namespace, and watch the worst instance's memory and disk", () => {
    expect(alarmOf("disk-utilization").metrics).to.deep.equal({
      used: { namespace: "/aws/sagemaker/Endpoints", metricName: "DiskUtilization", stat: "Maximum" },
    });
    expect(alarmOf("cpu-utilization").metrics.used?.stat).to.equal("Average");
  });

  it("compare latencies in milliseconds, which SageMaker reports in microseconds", () => {
    expect(alarmOf("model-latency-p99")).to.deep.include({
      metrics: { latency: { metricName: "ModelLatency", stat: "p99" } },
      expression: "latency / 1000",
      threshold: 5000,
    });
  });

  it("use no percentile of the overhead, which SageMaker doesn't offer", () => {
    expect(alarmOf("overhead-latency").metrics.latency?.stat).to.equal("Average");
  });

  it("treat a minute without data as healthy, except in the alarm on missing invocations", () => {
    const purposes = purposesOf("ml.g5.xlarge");
    const breaching = purposes.filter((purpose) => alarmOf(purpose, "ml.g5.xlarge").treatMissingData === "breaching");
    expect(breaching).to.deep.equal(["no-invocations"]);
    expect(alarmOf("no-invocations")).to.include({
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      period: 3600,
    });
  });

  it("use the configured thresholds", () => {
    const thresholds = { invocation4XXErrorsPercent: 20, minutesWithoutInvocations: 5, gpuUtilizationPercent: 50 };
    expect(alarmOf("invocation-4xx-errors", "ml.g5.xlarge", thresholds)).to.include({
      threshold: 20,
      description: "more than 20 % of the invocations were rejected",
    });
    expect(alarmOf("no-invocations", "ml.g5.xlarge", thresholds).period).to.equal(300);
    expect(alarmOf("gpu-utilization", "ml.g5.xlarge", thresholds).threshold).to.equal(50);
    expect(alarmOf("disk-utilization", "ml.g5.xlarge", thresholds).threshold).to.equal(75);
  });

  it("evaluate at most a day, CloudWatch's limit", () => {
    for (const alarm of variantAlarms(
      { variantName: "a", instanceType: "ml.g5.xlarge" },
      { ...defaultAlarmThresholds, minutesWithoutInvocations: 1440 },
    )) {
      expect(alarm.period * alarm.evaluationPeriods, alarm.purpose).to.be.at.most(86_400);
    }
  });
});

import { expect } from "chai";
import { readMetricLine, type MetricLine } from "../support/embeddedMetrics.ts";
import { printedPeriods, type Reading } from "../support/metricsModel.ts";

const options = {
  dimensions: { EndpointName: "birds", VariantName: "AllTraffic" },
  periodInSeconds: 60,
  defaultModelName: "m",
};

/** The lines of each period. */
function printed(readings: readonly Reading[], own: object = {}): MetricLine[][] {
  return printedPeriods(readings, { ...options, ...own }).map((lines) => lines.map(readMetricLine));
}

const counters = (requests: number, more = "") => `# HELP nv_inference_request_success Number of requests
nv_inference_request_success{model="m",version="1"} ${requests}
nv_inference_request_failure{model="m",reason="BACKEND",version="1"} 0
nv_inference_count{model="m",version="1"} ${requests * 4}
nv_inference_exec_count{model="m",version="1"} ${requests * 2}
nv_inference_queue_duration_us{model="m",version="1"} ${requests * 30}
nv_inference_compute_infer_duration_us{model="m",version="1"} ${requests * 500}
nv_inference_request_success{model="sagemaker-triton-metrics",version="1"} 0
${more}`;

describe("the model that prints Triton's metrics", () => {
  it("prints what has grown in a period, by model and for the whole variant", () => {
    const [first = [], second = []] = printed([
      ["period", counters(10)],
      ["period", counters(15)],
    ]);
    expect(first.map((line) => line.ModelName)).to.deep.equal(["m", undefined]);
    const figures = { BatchSize: 2, QueueTime: 30, ComputeTime: 500, Failures: 0 };
    expect(first[0]).to.deep.include({ Requests: 10, ...figures, EndpointName: "birds", VariantName: "AllTraffic" });
    expect(second[0]).to.deep.include({ Requests: 5, ...figures });
    expect(second[1]).to.deep.include({ Requests: 5, QueueTime: 30, ComputeTime: 500 });
    const [directive] = second[1]!._aws.CloudWatchMetrics;
    expect(directive!.Dimensions).to.deep.equal([["EndpointName", "VariantName"]]);
    expect(directive!.Metrics[0]).to.deep.equal({ Name: "Requests", Unit: "Count" });
  });

  it("prints nothing while nothing changes, and zeros for the variant if autoscaling needs them", () => {
    const readings: Reading[] = [
      ["period", counters(10)],
      ["period", counters(10)],
    ];
    expect(printed(readings)[1]).to.deep.equal([]);
    const [idle, ...others] = printed(readings, { printIdle: true })[1]!;
    expect(others).to.deep.equal([]);
    expect(idle).to.deep.include({ Requests: 0, Failures: 0, QueueTime: 0 });
  });

  it("counts from 0 after the server was restarted, and from the first reading if it served before", () => {
    const periods = printed([
      ["begin", counters(100)],
      ["period", counters(110)],
      ["period", counters(3)],
    ]);
    expect(periods.map(([line]) => line?.Requests)).to.deep.equal([10, 3]);
  });

  it("adds up a model's versions, tells failures apart by reason and a cache's hits from its misses", () => {
    const more = `nv_inference_request_success{model="m",version="2"} 5
nv_inference_request_failure{model="m",reason="REJECTED",version="2"} 2
nv_inference_request_failure{model="m",reason="BACKEND",version="2"} 1
nv_cache_num_hits_per_model{model="m",version="1"} 7
nv_cache_num_misses_per_model{model="m",version="1"} 3
`;
    const [[line] = []] = printed([["period", counters(10, more)]]);
    expect(line).to.deep.include({ Requests: 15, Failures: 3, FailuresRejected: 2, FailuresBackend: 1 });
    expect(line).to.deep.include({ CacheHits: 7, CacheMisses: 3 });
  });

  it("has each reading of what is pending, at most 100 in a line", () => {
    const pending = (count: number) => `nv_inference_pending_request_count{model="m",version="1"} ${count}\n`;
    const [few = [], many = [], none] = printed([
      ["sample", pending(4)],
      ["period", pending(2)],
      ...Array.from({ length: 150 }, () => ["sample", pending(1)] as const),
      ["period", pending(0)],
      ["period", pending(0)],
    ]);
    expect(few.map(({ PendingRequests }) => PendingRequests)).to.deep.equal([
      [4, 2],
      [4, 2],
    ]);
    expect(many[0]?.PendingRequests).to.have.length(100);
    expect(none).to.deep.equal([]);
  });

  it("has the fullest GPU and the machine's use, as far as the release reports them", () => {
    const more = `nv_gpu_utilization{gpu_uuid="a"} 0.5
nv_gpu_utilization{gpu_uuid="b"} 0.75
nv_gpu_memory_used_bytes{gpu_uuid="a"} 10
nv_gpu_memory_total_bytes{gpu_uuid="a"} 40
nv_cpu_utilization 0.25
nv_cpu_memory_used_bytes 10
nv_cpu_memory_total_bytes 100
`;
    const [lines = []] = printed([["period", counters(10, more)]]);
    const use = { GPUUtilization: 75, GPUMemoryUtilization: 25, CPUUtilization: 25, MemoryUtilization: 10 };
    expect(lines[1]).to.deep.include(use);
    expect(lines[0]).to.not.have.any.keys(Object.keys(use));
  });

  it("stores periods below a minute in high resolution", () => {
    const [[line] = []] = printed([["period", counters(1)]], { periodInSeconds: 10 });
    expect(line!._aws.CloudWatchMetrics[0]!.Metrics.every((metric) => metric.StorageResolution === 1)).to.equal(true);
  });

  it("keeps to the format whatever the models are called and the text contains", () => {
    const long = "n".repeat(5000);
    const hostile = `nv_inference_request_success{model="\\"vögel\\\\\\n",version="1"} 1
nv_inference_request_success{model="${long}",version="1"} 2
nv_inference_request_failure{model="m",reason="A b-c!",version="1"} 1
nv_inference_count{model="m",version="1"} NaN
nv_inference_exec_count{model="m",version="1"} +Inf
nv_cpu_utilization nan
no metric at all {{{
`;
    const [lines = []] = printed([["period", hostile]]);
    expect(lines.map((line) => line.ModelName)).to.deep.equal(['"v\\xf6gel\\\\n', "m", "n".repeat(1024), undefined]);
    expect(lines[1]).to.deep.include({ Failures: 1, FailuresABC: 1 });
  });

  it("remembers at most 1,000 models", () => {
    const all = Array.from({ length: 1500 }, (_, i) => `nv_inference_request_success{model="m${i}",version="1"} 1`);
    const [lines = []] = printed([["period", all.join("\n")]]);
    expect(lines).to.have.length(1001);
  });
});

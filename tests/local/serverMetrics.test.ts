import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { exampleRequest, invoke } from "../../local/exampleRequest.ts";
import { startTriton, type RunningTriton } from "../../local/startTriton.ts";
import { installTriton, type TritonInstallation } from "../../local/triton.ts";
import { packModelRepository, unpackModelArchive } from "../../packing/modelArchive.ts";
import { serverEnvironment } from "../../sagemaker/serverEnvironment.ts";
import { readMetricLine, type MetricLine } from "../support/embeddedMetrics.ts";
import { inTemporaryFolder } from "../support/plans.ts";

/** Prints Triton's own counters, as they stand when nothing has changed for a second. */
const reader = `
import json, re, threading, time, urllib.request

class TritonPythonModel:
    def initialize(self, args):
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        last = None
        while True:
            time.sleep(1)
            try:
                text = urllib.request.urlopen("http://127.0.0.1:8002/metrics").read().decode()
            except OSError:
                continue
            found = re.findall(r'^(nv_inference_\\w+)\\{model="(\\w+)",.*\\} (\\d+)', text, re.M)
            now = {f"{name} {model}": float(value) for name, model, value in found}
            if now == last:
                print("COUNTERS " + json.dumps(now), flush=True)
            last = now

    def execute(self, requests):
        return []
`;

const tensors = `input [{ name: "x", data_type: TYPE_BOOL, dims: [1] }]\noutput [{ name: "y", data_type: TYPE_BOOL, dims: [1] }]`;
const dimensions = { EndpointName: "birds", VariantName: "AllTraffic" };

describe("the model that prints Triton's metrics, on a real Triton", () => {
  let installation: TritonInstallation;
  before(async function () {
    this.timeout(300_000);
    installation = await installTriton();
  });

  it("prints lines whose sums are Triton's own counters, also of a server that was killed and started again", async () => {
    await inTemporaryFolder(async (folder) => {
      const served = await serve(folder);
      await requests(served, 1000);
      const own = await served.counters(1000);
      for (const model of ["penguins", "penguins_preprocessing", "penguins_classifier"]) {
        const lines = served.lines.filter((line) => line.ModelName === model);
        const total = (value: (line: Record<string, number>) => number) =>
          lines.reduce((sum, line) => sum + value(line as unknown as Record<string, number>), 0);
        expect(total(({ Requests = 0 }) => Requests)).to.equal(own[`nv_inference_request_success ${model}`]);
        expect(total(({ Failures = 0 }) => Failures)).to.equal(0);
        for (const [time, counter] of Object.entries(times)) {
          const spent = total((line) => (line[time] ?? 0) * (line.Requests ?? 0));
          expect(spent, time).to.be.closeTo(own[`${counter} ${model}`] ?? NaN, 1);
        }
        const executions = total(({ Requests = 0, BatchSize = 1 }) => (Requests * 3) / BatchSize);
        expect(executions).to.be.closeTo(own[`nv_inference_exec_count ${model}`] ?? NaN, 0.1);
      }
      const whole = served.lines.filter((line) => line.ModelName === undefined);
      expect(whole.reduce((sum, line) => sum + Number(line.Requests), 0)).to.equal(1000);
      expect(served.lines.some((line) => line.ModelName === "sagemaker-triton-metrics")).to.equal(false);
      const silent = served.lines.length;
      await sleep(2500);
      expect(served.lines).to.have.length(silent);

      const processes = processesOf(folder);
      const server = processes.find(({ program }) => program === "tritonserver");
      expect(processes.some(({ program }) => program === "triton_python_backend_stub")).to.equal(true);
      process.kill(Number(server?.pid), "SIGKILL");
      await served.triton.ended;
      expect(processes.filter(({ pid }) => existsSync(`/proc/${pid}`))).to.deep.equal([]);

      const again = await serve(folder);
      await requests(again, 100);
      await again.counters(100);
      const second = again.lines.filter((line) => line.ModelName === "penguins");
      expect(second.reduce((sum, line) => sum + Number(line.Requests), 0)).to.equal(100);
      await again.triton.stop();
    });
  });

  it("loads and stays silent where metrics are off, and where nothing says what to print", async () => {
    await inTemporaryFolder(async (folder) => {
      const changes: Readonly<Record<string, string>>[] = [
        { SAGEMAKER_TRITON_ALLOW_METRICS: "false" },
        { SERVER_METRICS: "" },
        { SERVER_METRICS: '{"periodInSeconds":"soon"}' },
      ];
      for (const change of changes) {
        const served = await serve(folder, change);
        await requests(served, 5);
        await sleep(2500);
        await served.triton.stop();
        expect(served.printed.filter((line) => line.startsWith("{"))).to.deep.equal([]);
      }
    });
  });

  const times = {
    QueueTime: "nv_inference_queue_duration_us",
    InputTime: "nv_inference_compute_input_duration_us",
    ComputeTime: "nv_inference_compute_infer_duration_us",
    OutputTime: "nv_inference_compute_output_duration_us",
  };

  interface Served {
    readonly triton: RunningTriton;
    readonly directory: string;
    readonly printed: readonly string[];
    readonly lines: readonly MetricLine[];
    /** Triton's counters, once they and the lines have as many requests as were sent. */
    readonly counters: (requests: number) => Promise<Record<string, number>>;
  }

  async function serve(folder: string, change: Readonly<Record<string, string>> = {}): Promise<Served> {
    const repository = path.join(folder, "models");
    cpSync("models", repository, { recursive: true });
    mkdirSync(path.join(repository, "reader/1"), { recursive: true });
    writeFileSync(path.join(repository, "reader/config.pbtxt"), `backend: "python"\n${tensors}`);
    writeFileSync(path.join(repository, "reader/1/model.py"), reader);
    const packing = { cacheDirectory: path.join(folder, "cache"), serverMetrics: true };
    const { file } = await packModelRepository(repository, packing);
    const directory = path.join(folder, "opt/ml/model");
    mkdirSync(directory, { recursive: true });
    await unpackModelArchive(file, directory);
    const environment = serverEnvironment({
      defaultModelName: "penguins",
      modelServer: { loadModels: ["reader"] },
      environment: {},
      serverMetrics: { dimensions, periodInSeconds: 1 },
    });
    const printed: string[] = [];
    const lines: MetricLine[] = [];
    const triton = await startTriton({
      ...{ installation, modelDirectory: directory, port: 0, startupTimeoutInSeconds: 60 },
      environment: { ...environment, ...change },
      onModelLine: (line) => {
        printed.push(line);
        if (line.startsWith('{"_aws"')) lines.push(readMetricLine(line));
      },
    });
    const counters = async (count: number) => {
      for (;;) {
        const text = printed.findLast((line) => line.startsWith("COUNTERS "))?.slice(9) ?? "{}";
        const own = JSON.parse(text) as Record<string, number>;
        const reported = lines.filter((line) => line.ModelName === "penguins");
        const sum = reported.reduce((total, line) => total + Number(line.Requests), 0);
        if (own["nv_inference_request_success penguins"] === count && sum === count) return own;
        await sleep(100);
      }
    };
    return { triton, directory, printed, lines, counters };
  }

  async function requests({ triton, directory }: Served, count: number): Promise<void> {
    const request = (await exampleRequest(directory, "penguins"))!;
    let left = count;
    const client = async () => {
      while (left-- > 0) await invoke(triton.url, request);
    };
    await Promise.all(Array.from({ length: 8 }, client));
  }

  /** The processes of a server and its models: the one that was started with the folder's name, and its children. */
  function processesOf(folder: string): { readonly pid: string; readonly program: string }[] {
    const all = readdirSync("/proc").flatMap((pid) => {
      try {
        const [program = "", ...given] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        const [, parent = ""] = /\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
        return [{ pid, program: path.basename(program), parent, isRoot: given.some((each) => each.includes(folder)) }];
      } catch {
        return [];
      }
    });
    const below = (parent: string): typeof all =>
      all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
    return all.filter(({ isRoot }) => isRoot).flatMap((each) => [each, ...below(each.pid)]);
  }
});

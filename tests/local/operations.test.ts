import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { NoLogError, readLog, type LogLine } from "../../operations/containerLog.ts";
import { readEndpointStatus } from "../../operations/endpointStatus.ts";
import { statusAdvice } from "../../operations/statusAdvice.ts";
import { runCli } from "../support/cli.ts";
import { connect } from "../../releases/connection.ts";
import { startAwsEmulator, type AwsEmulator } from "../support/awsEmulator.ts";
import { EmulatedEndpoint } from "../support/emulatedEndpoint.ts";
import { failureOf } from "../support/failures.ts";

describe("an endpoint in operation", () => {
  let emulator: AwsEmulator;
  let logs: CloudWatchLogsClient;
  before(async () => {
    emulator = await startAwsEmulator();
    const { region, credentials, sagemakerEndpoint: endpoint } = emulator.connection;
    logs = new CloudWatchLogsClient({ region, credentials, endpoint });
  });
  after(() => emulator.stop());

  const clients = () => connect(emulator.connection);
  const run = (...args: readonly string[]) =>
    runCli(args, {
      AWS_ENDPOINT_URL: emulator.connection.sagemakerEndpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });

  const where = ["--region", "eu-central-1"];
  const model = ["--model-repository", "models", "--default-model", "penguins"];

  it("is read with its variants, Models, scaling and alarms", async () => {
    const { name } = await scaled();
    const status = await readEndpointStatus(await clients(), name);
    expect(status).to.deep.include({ endpointName: name, status: "InService", endpointConfigName: `${name}-first` });
    expect(status.variants).to.have.length(1);
    expect(status.variants[0]).to.deep.include({
      variantName: "AllTraffic",
      instanceType: "ml.m5.large",
      currentInstanceCount: 5,
      desiredInstanceCount: 5,
      modelName: `${name}-first`,
      modelExists: true,
      image: "triton:first",
      modelDataUrl: "s3://models/artifacts/first.tar.gz",
    });
    expect(status.scaling.map(({ description }) => description)).to.deep.equal([
      "Setting desired instance count to 5. monitor alarm penguins-AlarmHigh in state ALARM triggered policy invocations",
    ]);
    expect([...statusAdvice(status)]).to.deep.equal([]);
  });

  it("that doesn't exist has its own status", async () => {
    const status = await readEndpointStatus(await clients(), "nobody");
    expect(status.status).to.equal(undefined);
    expect([...statusAdvice(status, { stack: "dev" })][0]).to.include("npm run up -- --stack dev --refresh");
  });

  it("whose release was rolled back shows why, and the configuration before", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    await endpoint.update(await endpoint.configure("rolled-back"));
    const status = await readEndpointStatus(await clients(), endpoint.name);
    const advice = [...statusAdvice(status, { endpointConfigName: `${endpoint.name}-rolled-back` })];
    expect(advice).to.have.length(1);
    expect(advice[0]).to.include(
      "rolled the release back: Canary traffic shifting was rolled back: an alarm went off (an alarm took the release back: look at the alarm's metric",
    );
  });

  it("shows the kept configuration before the one in service, found by Pulumi's auto-names", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    await endpoint.configure("conf-1111111");
    await endpoint.update(await endpoint.configure("conf-2222222"));
    const { previousConfigName } = await readEndpointStatus(await clients(), endpoint.name);
    expect(previousConfigName).to.equal(`${endpoint.name}-conf-1111111`);
  });

  it("has a log whose lines are returned once each, including late ones", async () => {
    const group = "/aws/sagemaker/Endpoints/logged";
    const stream = "AllTraffic/i-0123456789abcdef0";
    await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }));
    const write = (at: number, message: string) =>
      logs.send(
        new PutLogEventsCommand({
          logGroupName: group,
          logStreamName: stream,
          logEvents: [{ timestamp: at, message }],
        }),
      );
    const now = Date.now();
    await write(now, "second");
    const stop = new AbortController();
    const lines: LogLine[] = [];
    const range = { since: new Date(now - 60_000), follow: true, interval: 20, signal: stop.signal };
    for await (const line of readLog(logs, group, range)) {
      lines.push(line);
      if (lines.length === 1) await write(now - 5000, "first, but late");
      if (lines.length === 2) await write(now + 1000, "third");
      if (lines.length === 3) stop.abort();
    }
    expect(lines.map(({ text }) => text)).to.deep.equal(["second", "first, but late", "third"]);
    expect(lines[0]).to.deep.include({ stream, at: new Date(now) });
  });

  it("has no log before it writes one", async () => {
    const reading = readLog(logs, "/aws/sagemaker/Endpoints/silent", { since: new Date(0) }).next();
    const failure = await failureOf(reading);
    expect(failure).to.be.instanceOf(NoLogError);
    expect(failure.message).to.include("/aws/sagemaker/Endpoints/silent");
  });

  it("is shown by the command status, which exits with 1 if something is wrong", async () => {
    const { name } = await scaled();
    const well = await run("status", "--endpoint", name, ...where);
    expect(well, well.stderr).to.include({ code: 0, stderr: "" });
    expect(well.stdout).to.include("Nothing is wrong.");
    const gone = await run("status", "--endpoint", "nobody", ...where);
    expect(gone.code).to.equal(1);
    expect(gone.stdout).to.include("There is no endpoint nobody");
  });

  it("is watched by status for a stated time, and no longer once something is wrong", async () => {
    const { name } = await scaled();
    const began = performance.now();
    const well = await run("status", "--endpoint", name, ...where, "--for", "0.05");
    expect(well.code, well.stderr).to.equal(0);
    expect(performance.now() - began).to.be.above(3000);
    expect((await run("status", "--endpoint", "nobody", ...where, "--for", "60")).code).to.equal(1);
    expect((await run("status", "--endpoint", name, "--for", "x")).stderr).to.include(
      "use a number of minutes above 0.",
    );
  });

  it("has its log explained by the command logs, each cause once", async () => {
    const group = "/aws/sagemaker/Endpoints/failing";
    await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: "AllTraffic/i-1" }));
    const message = "ModuleNotFoundError: No module named 'transformers' \u001b[31m";
    const logEvents = [1, 2].map((number) => ({ timestamp: Date.now() + number, message }));
    await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: "AllTraffic/i-1", logEvents }));
    const { stdout, code } = await run("logs", "--endpoint", "failing", ...where, "--no-follow");
    expect(code).to.equal(0);
    expect(stdout.match(/→ a Python package that the model imports is not in the image/g)).to.have.length(1);
    expect(stdout.split("\n").filter((line) => line.includes("ModuleNotFoundError"))).to.have.length(2);
    expect(stdout).to.not.include("\u001b");
  });

  it("that failed is explained by status and smoke with the lines of its log, as on its instance type", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    await endpoint.update(await endpoint.configure("failing"));
    const group = `/aws/sagemaker/Endpoints/${endpoint.name}`;
    const stream = { logGroupName: group, logStreamName: "AllTraffic/i-1" };
    await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await logs.send(new CreateLogStreamCommand(stream));
    const logEvents = [
      "W1101 08:00:01.000001 45 pinned_memory_manager.cc:236] Unable to allocate pinned system memory, pinned memory pool will not be available: CUDA driver version is insufficient for CUDA runtime version",
      "E1101 08:00:02.000001 45 model_lifecycle.cc:654] \"failed to load 'm' version 1: Internal: unable to create stream:",
      'CUDA driver version is insufficient for CUDA runtime version"',
    ].map((message, index) => ({ timestamp: Date.now() + index, message }));
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    for (const command of ["status", "smoke"]) {
      const { stdout, stderr, code } = await run(command, "--endpoint", endpoint.name, ...where);
      expect(code, command).to.equal(1);
      const advice = (command === "status" ? stdout : stderr).replaceAll(/\s+/g, " ");
      expect(advice).to.include("→ AllTraffic/i-1 logged");
      expect(advice).to.include(
        "the model asks for a GPU that the instance does not have: choose an instanceType with a GPU, or KIND_CPU or KIND_AUTO in instance_group of config.pbtxt (instanceType is ml.m5.large).",
      );
      expect(advice).to.not.include("inferenceAmiVersion");
    }
  });

  it("passes the command smoke, or fails it with exit code 1", async () => {
    const { name } = await scaled();
    const kept = await run("smoke", "--endpoint", name, ...where);
    expect(kept, kept.stderr).to.include({ code: 0, stderr: "" });
    expect(kept.stdout).to.include("the endpoint is InService");
    const broken = await run("smoke", "--endpoint", "nobody", ...where);
    expect(broken.code).to.equal(1);
    expect(broken.stderr).to.equal("error: nobody: the endpoint is InService: no, there is no such endpoint\n");
  });

  it("is checked by the command smoke for the expected answer to the example request, in time", async () => {
    const { name } = await scaled();
    const smoke = (endpoint: string, ...more: readonly string[]) =>
      run("smoke", "--endpoint", endpoint, ...where, ...model, ...more);
    const expected = readFileSync("models/penguins/response.json", "utf8");
    await answerWith(expected);
    const right = await smoke(name, "--max-latency", "60000");
    expect(right, right.stderr).to.include({ code: 0 });
    expect(right.stdout).to.include("the same");
    const slow = await smoke(name, "--max-latency", "0.001");
    expect(slow.stderr).to.match(/^error: .*: it is answered within 0\.001 ms: no, \d+ ms\n$/);
    await answerWith(expected.replace("Gentoo", "Chinstrap"));
    // Another request, as the emulator gives the same one the same answer for good.
    const wrong = await smoke(name, "--target-model", "other.tar.gz");
    expect(wrong.code).to.equal(1);
    expect(wrong.stderr).to.include("the example request gets the expected answer: no");
  });

  /** What the emulator answers to the next new request. */
  async function answerWith(Body: string): Promise<void> {
    const { region, sagemakerEndpoint = "" } = emulator.connection;
    const results = [{ Body, ContentType: "application/json", InvokedProductionVariant: "AllTraffic" }];
    await fetch(`${sagemakerEndpoint}/moto-api/static/sagemaker/endpoint-results`, {
      method: "POST",
      body: JSON.stringify({ region, results }),
    });
  }

  /** An endpoint with a scaling activity: five instances. */
  async function scaled(): Promise<EmulatedEndpoint> {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    await endpoint.scale();
    return endpoint;
  }
});

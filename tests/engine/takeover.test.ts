import { CreateBucketCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointConfigCommand,
  ListEndpointConfigsCommand,
} from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { setTimeout as pause } from "node:timers/promises";
import { EngineStack, type MadeResource, type Run } from "./engineStack.ts";
import { deleteByHand } from "./byHand.ts";
import { lastingProblems, makeChange, reasonOf } from "./laws.ts";
import type { CliRun } from "./pulumiCli.ts";
import { serving } from "./stacks.ts";
import { types } from "./types.ts";
import type { Config } from "./workspace.ts";

/** A first `up` that is killed right after AWS has created a resource of the type, which the engine never learns. */
async function killedAt(stack: EngineStack, type: string): Promise<Run> {
  const seen: { run?: CliRun; killed?: boolean } = {};
  stack.cloud.onOperation = async (moment, operation) => {
    if (moment !== "ended" || operation.type !== type || operation.kind !== "create" || seen.killed) return;
    seen.killed = true;
    await writtenState(stack);
    seen.run?.kill();
  };
  const run = await stack.up({ begun: (begun) => (seen.run = begun) });
  delete stack.cloud.onOperation;
  expect(seen.killed, `${type} created`).to.equal(true);
  await stack.cancel();
  return run;
}

/** The CLI writes its file in place: a kill in the middle would leave half a file, which is another matter. */
async function writtenState(stack: EngineStack): Promise<void> {
  let last = "";
  for (let quiet = 0; quiet < 5;) {
    await pause(100);
    const now = stack.workspace.stored();
    quiet = now === last ? quiet + 1 : 0;
    last = now;
  }
}

async function expectServing(stack: EngineStack, run: Run): Promise<void> {
  expect(run.code, run.output).to.equal(0);
  expect([...run.violations, ...(await lastingProblems(stack, [run]))]).to.deep.equal([]);
  const again = await stack.up();
  expect(again.operations.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([]);
  expect(again.code, again.output).to.equal(0);
}

const created = ({ operations }: Run, type: string) =>
  operations.filter((operation) => operation.kind === "create" && operation.type === type);

describe("a first update that was killed while it created", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  const names: Config = { bucketName: "my-models", repositoryName: "my-images", monitoring: { retentionInDays: 7 } };

  for (const type of [types.bucket, types.repository, types.logGroup, types.endpoint]) {
    it(`${type} is finished by the next one, which takes over what is there`, async () => {
      stack = await EngineStack.create("dev");
      stack.configure(names);
      await killedAt(stack, type);
      const preview = await stack.preview();
      expect(preview.code, preview.output).to.equal(0);
      const next = await stack.up();
      expect(created(next, type)).to.deep.equal([]);
      expect(next.output).to.include("exists already and belongs to this stack: it is taken over");
      await expectServing(stack, next);
    });
  }

  it("the endpoint is finished by an update with --refresh, and with other settings", async () => {
    stack = await EngineStack.create("dev");
    await killedAt(stack, types.endpoint);
    stack.configure({ instanceType: "ml.m5.xlarge", costEnv: "other" });
    const next = await stack.up({ refresh: true });
    expect(created(next, types.endpoint)).to.deep.equal([]);
    await expectServing(stack, next);
  });
});

describe("a name that somebody else has", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  it("is refused in the preview and before anything is created, all at once", async () => {
    stack = await EngineStack.create("dev");
    stack.configure({ bucketName: "their-models", repositoryName: "their-images", monitoring: { retentionInDays: 7 } });
    await createElsewhere(stack);
    for (const run of [await stack.preview(), await stack.up()]) {
      expect(run.code).to.not.equal(0);
      expect(run.operations).to.deep.equal([]);
      for (const line of [
        /endpointName sagemaker-triton-dev: can't be used, because the endpoint sagemaker-triton-dev \(InService\) already exists/,
        /bucketName their-models: can't be used, because the bucket their-models already exists/,
        /repositoryName their-images: can't be used, because the repository their-images already exists/,
        /endpointName sagemaker-triton-dev: can't be used, because the log group .* already exists/,
      ]) {
        expect(run.output).to.match(line);
      }
      expect(run.output).to.not.match(/ at .*\.ts:\d+/);
    }
  });
});

/** Everything that the stack would name, created by others. */
async function createElsewhere({ cloud, emulator }: EngineStack): Promise<void> {
  const { sagemaker } = emulator.clients;
  const variant = { VariantName: "AllTraffic", ModelName: "theirs", InitialInstanceCount: 1 };
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: "theirs",
      ExecutionRoleArn: "arn:aws:iam::123456789012:role/theirs",
      PrimaryContainer: { Image: "theirs" },
    }),
  );
  await sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: "theirs",
      ProductionVariants: [{ ...variant, InstanceType: "ml.m5.large" }],
    }),
  );
  await sagemaker.send(
    new CreateEndpointCommand({ EndpointName: "sagemaker-triton-dev", EndpointConfigName: "theirs" }),
  );
  await emulator.clients.s3.send(new CreateBucketCommand({ Bucket: "their-models" }));
  const tags = { team: "others" };
  for (const [type, id] of [
    [types.repository, "their-images"],
    [types.logGroup, "/aws/sagemaker/Endpoints/sagemaker-triton-dev"],
  ] as const) {
    cloud.put({ type, id, inputs: { name: id, tags }, outputs: { name: id, arn: `arn:aws:test:::${id}`, tags } });
  }
}

describe("a bucket and a repository that were kept", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  it("are taken over when the stack comes back to their names", async () => {
    stack = await serving("dev");
    stack.configure({ keepReleases: true });
    for (const suffix of ["a", "b", "a"]) {
      stack.configure({ bucketName: `my-models-${suffix}`, repositoryName: `my-images-${suffix}` });
      const change = await makeChange(stack);
      expect(change.problems, suffix).to.deep.equal([]);
      expect(change.refusal).to.equal(undefined);
    }
  });

  it("are taken over after the stack was destroyed", async () => {
    stack = await serving("dev");
    stack.configure({ keepReleases: true, bucketName: "my-models", repositoryName: "my-images" });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
    const destroyed = await stack.destroy();
    expect(destroyed.code, destroyed.output).to.equal(0);
    const next = await stack.up();
    expect([...created(next, types.bucket), ...created(next, types.repository)]).to.deep.equal([]);
    await expectServing(stack, next);
  });

  it("are refused up front, with what to do, while an unfinished update is still to delete them", async () => {
    stack = await serving("dev");
    stack.configure({ bucketName: "my-models-a" });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
    stack.cloud.onOperation = (moment, { type }) => {
      if (moment === "begun" && type === types.endpoint) throw new Error("InternalFailure");
    };
    stack.configure({ bucketName: "my-models-b" });
    expect((await stack.up()).code).to.not.equal(0);
    delete stack.cloud.onOperation;
    stack.configure({ bucketName: "my-models-a" });
    const refused = await makeChange(stack);
    expect(refused.refusal).to.equal(
      "bucketName my-models-a: can't be used, because the bucket my-models-a already exists, and an unfinished update to my-models-b may still be going to delete it: set bucketName to my-models-b, update, and then change it",
    );
    stack.configure({ bucketName: "my-models-b" });
    const finished = await stack.up({ refresh: true });
    expect(finished.code, reasonOf(finished)).to.equal(0);
    stack.configure({ bucketName: "my-models-a" });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
  });
});

describe("a stack or a project that was renamed", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  for (const [what, rename] of [
    ["the stack", () => stack.rename("live")],
    ["the project", () => stack.rename("prod", "penguins")],
  ] as const) {
    it(`keeps serving with its alarms: ${what}`, async () => {
      stack = await serving("prod");
      const before = rollback(stack);
      await rename();
      const refused = await stack.preview();
      expect(refused.output).to.match(
        /endpointName .*: keep it with pulumi config set endpointName sagemaker-triton-prod/s,
      );
      stack.configure({ endpointName: "sagemaker-triton-prod" });
      const change = await makeChange(stack);
      expect(change.problems).to.deep.equal([]);
      expect(change.refusal).to.equal(undefined);
      expect(rollback(stack)).to.deep.equal(before);
      const moved = change.update.operations.filter(({ kind }) => kind !== "update");
      expect(moved.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([]);
    });
  }
});

/** The alarms that the endpoint has, those that exist, and what its role may read. */
function rollback({ cloud }: EngineStack): unknown {
  const names = (list: readonly { id: string }[]) => list.map(({ id }) => id).sort();
  return {
    endpoint: cloud.all(types.endpoint).map(({ inputs }) => inputs.deploymentConfig),
    alarms: names(cloud.all(types.alarm)),
    readable: cloud
      .all(types.rolePolicy)
      .filter(({ id }) => id.includes("rollback"))
      .map(({ inputs }) => inputs.policy),
  };
}

describe("a serving configuration that somebody deleted", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  for (const refresh of [false, true]) {
    for (const [what, config] of Object.entries<Config>({
      "nothing else": {},
      tags: { costEnv: "other" },
      "the instance type": { instanceType: "ml.m5.xlarge" },
    })) {
      it(`is created again by up${refresh ? " --refresh" : ""}, which changes ${what}`, async () => {
        stack = await serving("dev");
        const [endpoint] = await stack.serves();
        await deleteByHand(stack, made(types.configuration, endpoint!.configuration));
        stack.configure(config);
        const run = await stack.up({ refresh });
        expect(run.code, run.output).to.equal(0);
        expect(run.output).to.include(
          `the endpoint configuration ${endpoint!.configuration}, which the endpoint serves, was deleted outside this stack and has been created again`,
        );
        expect(await lastingProblems(stack, [run])).to.deep.equal([]);
        const { EndpointConfigs = [] } = await stack.emulator.clients.sagemaker.send(
          new ListEndpointConfigsCommand({}),
        );
        const known = stack.madeResources().flatMap(({ type, id }) => (type === types.configuration ? [id] : []));
        const names = EndpointConfigs.map(({ EndpointConfigName = "" }) => EndpointConfigName);
        expect(names, "nothing is left over").to.have.members(known);
        expect((await stack.up()).operations).to.deep.equal([]);
      });
    }
  }
});

describe("a serving configuration that is gone from the state too, or whose Model is gone", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  it("is created like the planned one after a refresh, and deleted when the endpoint has moved on", async () => {
    stack = await serving("dev");
    const [endpoint] = await stack.serves();
    await deleteByHand(stack, made(types.configuration, endpoint!.configuration));
    expect((await stack.refresh()).code).to.equal(0);
    stack.configure({ instanceType: "ml.m5.xlarge" });
    await expectServing(stack, await stack.up());
    const { EndpointConfigs = [] } = await stack.emulator.clients.sagemaker.send(new ListEndpointConfigsCommand({}));
    expect(EndpointConfigs).to.have.length(1);
  });

  it("is created for one update with --refresh, which creates the Model too", async () => {
    stack = await serving("dev");
    const [endpoint] = await stack.serves();
    await deleteByHand(stack, made(types.configuration, endpoint!.configuration));
    await deleteByHand(stack, made(types.model, endpoint!.models[0]!));
    const named = await stack.up();
    expect(named.code, named.output).to.equal(0);
    expect(named.output).to.match(/CreateEndpointConfig .*Could not find model.* npm run up -- --stack dev --refresh/);
    await expectServing(stack, await stack.up({ refresh: true }));
  });
});

describe("a serving configuration of kept releases that somebody deleted", () => {
  it("is created again, and stays when the endpoint has moved on", async () => {
    const stack = await serving("prod");
    const [endpoint] = await stack.serves();
    await deleteByHand(stack, made(types.configuration, endpoint!.configuration));
    const run = await stack.up({ refresh: true });
    expect(run.code, run.output).to.equal(0);
    const EndpointConfigName = endpoint!.configuration;
    const kept = await stack.emulator.clients.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
    expect(kept.ProductionVariants?.map(({ ModelName }) => ModelName)).to.deep.equal(endpoint!.models);
    await stack.remove();
  });
});

describe("what new instances need and somebody deleted", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  for (const [type, what] of [
    [types.model, "the Model triton-server-model-"],
    [types.bucket, "the model data s3://"],
    [types.object, "the model data s3://"],
    [types.role, "the role triton-execution-role-"],
    [types.repository, "the image 123456789012.dkr.ecr."],
  ] as const) {
    it(`is named by an update that changes nothing, with the command that repairs it: ${type}`, async () => {
      stack = await serving("dev");
      const policies = type === types.role ? [types.rolePolicy] : [];
      const own = stack.madeResources();
      for (const each of [...policies, type]) {
        for (const resource of own.filter((one) => one.type === each)) await deleteByHand(stack, resource);
      }
      const run = await stack.up();
      expect(run.code, run.output).to.equal(0);
      expect(run.output).to.match(
        new RegExp(
          `${what}.* does not exist: the endpoint sagemaker-triton-dev still serves, but can't start new instances. To create it again: npm run up -- --stack dev --refresh`,
        ),
      );
      const mended = await stack.up({ refresh: true });
      expect(mended.code, mended.output).to.equal(0);
      expect(await lastingProblems(stack, [mended])).to.deep.equal([]);
      const again = await stack.up();
      expect(again.operations).to.deep.equal([]);
      expect(again.output).to.not.include("does not exist");
    });
  }
});

/** A resource as its deletion by hand needs it. */
function made(type: string, id: string): MadeResource {
  return { urn: "", name: "", type, id };
}

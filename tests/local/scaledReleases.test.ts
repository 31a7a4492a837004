import { AddTagsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { AwsError } from "../../releases/connection.ts";
import { ReleaseGuard } from "../../releases/releaseGuard.ts";
import { connectionTo, freePort, startAwsEmulator, type AwsEmulator } from "../support/awsEmulator.ts";
import { EmulatedEndpoint } from "../support/emulatedEndpoint.ts";
import { failureOf } from "../support/failures.ts";

describe("with autoscaling,", () => {
  let emulator: AwsEmulator;
  /** A guard that knows nothing of earlier runs, as in a process of its own. */
  const newRun = () => new ReleaseGuard(emulator.connection, { interval: 10, timeout: 5000 });
  const release = ({ name }: EmulatedEndpoint, endpointConfigName: string) => ({
    endpointName: name,
    endpointConfigName,
  });

  async function scaledEndpoint(suffix = ""): Promise<{ endpoint: EmulatedEndpoint; scaling: unknown }> {
    const endpoint = await EmulatedEndpoint.create(emulator.connection, suffix);
    await endpoint.scale();
    return { endpoint, scaling: await endpoint.scaling() };
  }

  before(async () => {
    emulator = await startAwsEmulator();
  });
  after(() => emulator.stop());

  describe("a release", () => {
    it("to another instance type is refused by SageMaker without preparation", async () => {
      const { endpoint } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      expect((await failureOf(endpoint.update(larger))).message).to.include("must be deregistered as scalable target");
    });

    it("to another instance type succeeds in one run, and keeps target, policies, schedule, tags and count", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      const run = newRun();
      await run.beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      expect((await endpoint.state()).instanceCount, "what SageMaker makes of it").to.equal(2);
      await run.afterUpdate(release(endpoint, larger));
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      expect(await endpoint.state()).to.deep.equal({
        status: "InService",
        endpointConfigName: larger,
        instanceCount: 5,
      });
      expect(await endpoint.tagNames()).to.deep.equal(["CostEnv"]);
    });

    it("to another instance type points the alarm that starts the first instance to the new policy", async () => {
      const { endpoint } = await scaledEndpoint();
      await endpoint.wake();
      const before = await endpoint.waking();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      const run = newRun();
      await run.beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      await newRun().afterUpdate(release(endpoint, larger));
      const { alarm, policyArn } = await endpoint.waking();
      expect(policyArn).to.not.equal(before.policyArn);
      expect(alarm).to.deep.equal({
        ...before.alarm,
        AlarmActions: [policyArn, "arn:aws:sns:eu-central-1:123456789012:operators"],
      });
    });

    it("of another model stays registered throughout, and keeps its count", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const second = await endpoint.configure("second");
      const run = newRun();
      await run.beforeUpdate(release(endpoint, second));
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      await endpoint.update(second);
      await run.afterUpdate(release(endpoint, second));
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      expect(await endpoint.state()).to.include({ endpointConfigName: second, instanceCount: 5 });
    });

    it("never removes instances, which autoscaling does itself", async () => {
      const { endpoint } = await scaledEndpoint();
      await endpoint.setInstanceCount(1);
      const second = await endpoint.configure("second");
      const run = newRun();
      await run.beforeUpdate(release(endpoint, second));
      await endpoint.update(second);
      await run.afterUpdate(release(endpoint, second));
      expect((await endpoint.state()).instanceCount).to.equal(2);
    });

    it("that SageMaker rolls back fails, and scales as before", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("rolled-back", "ml.m5.2xlarge");
      const run = newRun();
      await run.beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      expect((await failureOf(run.afterUpdate(release(endpoint, larger)))).message).to.include("an alarm went off");
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      expect((await endpoint.state()).instanceCount).to.equal(5);
    });

    it("that the provider couldn't create scales as before", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      const run = newRun();
      await run.beforeUpdate(release(endpoint, larger));
      await failureOf(endpoint.update("not-there"));
      await run.makeGood(endpoint.name);
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      expect(await endpoint.tagNames()).to.deep.equal(["CostEnv"]);
    });
  });

  describe("a run that is killed", () => {
    it("before the update is repaired by the next one, which updates", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      await newRun().beforeUpdate(release(endpoint, larger));
      const next = newRun();
      await next.beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      await next.afterUpdate(release(endpoint, larger));
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      expect((await endpoint.state()).instanceCount).to.equal(5);
      expect(await endpoint.tagNames()).to.deep.equal(["CostEnv"]);
    });

    it("after the update is repaired by the next one, which changes nothing", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      await newRun().beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      await newRun().check(release(endpoint, larger));
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      expect((await endpoint.state()).instanceCount).to.equal(5);
      expect(await endpoint.tagNames()).to.deep.equal(["CostEnv"]);
    });

    it("while restoring is repaired by the next one", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      await newRun().beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      await endpoint.register();
      await newRun().check(release(endpoint, larger));
      expect(await endpoint.scaling()).to.deep.equal(scaling);
    });

    it("is repaired even if the provider removes tags that it doesn't know", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      await newRun().beforeUpdate(release(endpoint, larger));
      const next = newRun();
      await next.beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      await endpoint.keepTags(["CostEnv"]);
      await next.afterUpdate(release(endpoint, larger));
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      expect((await endpoint.state()).instanceCount).to.equal(5);
    });

    it("is repaired before an update that would only remove those tags", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      await newRun().beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      await newRun().makeGood(endpoint.name);
      expect(await endpoint.tagNames()).to.deep.equal(["CostEnv"]);
      expect(await endpoint.scaling()).to.deep.equal(scaling);
      expect((await endpoint.state()).instanceCount).to.equal(5);
    });

    it("isn't repaired over what somebody has set up since", async () => {
      const { endpoint } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      await newRun().beforeUpdate(release(endpoint, larger));
      await endpoint.update(larger);
      await endpoint.register({ MinCapacity: 2, MaxCapacity: 3 });
      await newRun().check(release(endpoint, larger));
      expect(await endpoint.scaling()).to.have.nested.include({
        "targets[0].MinCapacity": 2,
        "targets[0].MaxCapacity": 3,
      });
    });
  });

  describe("AWS", () => {
    it("that throttles is retried", async () => {
      const endpoint = await EmulatedEndpoint.create(emulator.connection, "-throttled-2");
      await newRun().check(release(endpoint, `${endpoint.name}-first`));
    });

    it("that keeps throttling fails the run with one line, and nothing has changed", async () => {
      const { endpoint, scaling } = await scaledEndpoint("-throttled-99");
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      for (const step of ["beforeUpdate", "afterUpdate", "check"] as const) {
        const failure = await failureOf(newRun()[step](release(endpoint, larger)));
        expect(failure, step).to.be.instanceOf(AwsError);
        expect(failure.message, step).to.equal(
          `DescribeEndpoint of ${endpoint.name} failed after 3 attempts: ThrottlingException: Rate exceeded. The state of the endpoint ${endpoint.name} isn't known, so nothing is deleted. Later: npm run up -- --refresh`,
        );
      }
      expect(await endpoint.scaling()).to.deep.equal(scaling);
    });

    it("that can't be reached fails the run quickly, with one line", async () => {
      const nowhere = new ReleaseGuard(connectionTo(`http://127.0.0.1:${await freePort()}`));
      const failure = await failureOf(nowhere.check({ endpointName: "penguins", endpointConfigName: "first" }));
      expect(failure).to.be.instanceOf(AwsError);
      expect(failure.message).to.equal(
        "DescribeEndpoint of penguins failed after 3 attempts: there is no connection to AWS (ECONNREFUSED): check the region, the network and any proxy. The state of the endpoint penguins isn't known, so nothing is deleted. Then: npm run up -- --refresh",
      );
    });

    for (const step of ["afterUpdate", "afterFailure"] as const) {
      it(`that doesn't let the endpoint be described after an update gets its autoscaling back all the same: ${step}`, async () => {
        const { endpoint, scaling } = await scaledEndpoint();
        const larger = await endpoint.configure("denied", "ml.m5.2xlarge");
        const run = newRun();
        await run.beforeUpdate(release(endpoint, larger));
        await endpoint.update(larger);
        const { message } = await failureOf(run[step](release(endpoint, larger)));
        expect(message).to.equal(
          `DescribeEndpoint of ${endpoint.name} failed after 1 attempts: AccessDeniedException: User: arn:aws:iam::123456789012:user/tester is not authorized to perform: sagemaker:DescribeEndpoint. The state of the endpoint ${endpoint.name} isn't known, so nothing is deleted. Allow this call, then: npm run up -- --refresh`,
        );
        expect(await endpoint.scaling()).to.deep.equal(scaling);
      });
    }

    it("without room for the tags isn't asked to deregister autoscaling", async () => {
      const { endpoint, scaling } = await scaledEndpoint();
      const larger = await endpoint.configure("larger", "ml.m5.2xlarge");
      const { region, credentials, sagemakerEndpoint } = emulator.connection;
      const client = new SageMakerClient({ region, credentials, endpoint: sagemakerEndpoint });
      const Tags = Array.from({ length: 49 }, (_, i) => ({ Key: `key${i}`, Value: "x" }));
      const ResourceArn = `arn:aws:sagemaker:eu-central-1:123456789012:endpoint/${endpoint.name}`;
      await client.send(new AddTagsCommand({ ResourceArn, Tags }));
      expect((await failureOf(newRun().beforeUpdate(release(endpoint, larger)))).message).to.match(
        /saving its autoscaling needs \d tags, but the endpoint has room for 0/,
      );
      expect(await endpoint.scaling()).to.deep.equal(scaling);
    });
  });
});

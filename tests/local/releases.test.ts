import { expect } from "chai";
import { ReleaseError, ReleaseGuard } from "../../releases/releaseGuard.ts";
import { startAwsEmulator, type AwsEmulator } from "../support/awsEmulator.ts";
import { EmulatedEndpoint } from "../support/emulatedEndpoint.ts";
import { failureOf } from "../support/failures.ts";

describe("a release", () => {
  let emulator: AwsEmulator;
  let guard: ReleaseGuard;
  before(async () => {
    emulator = await startAwsEmulator();
    guard = new ReleaseGuard(emulator.connection, { interval: 10, timeout: 5000 });
  });
  after(() => emulator.stop());

  const release = ({ name }: EmulatedEndpoint, endpointConfigName: string) => ({
    endpointName: name,
    endpointConfigName,
  });

  it("that SageMaker accepted causes no error", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    const second = await endpoint.configure("second");
    await guard.beforeUpdate(release(endpoint, second));
    await endpoint.update(second);
    await guard.afterUpdate(release(endpoint, second));
    await guard.check(release(endpoint, second));
    expect(await endpoint.state()).to.include({ status: "InService", endpointConfigName: second });
  });

  it("that SageMaker rolled back unnoticed by the provider fails with SageMaker's reason", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    const second = await endpoint.configure("rolled-back");
    await endpoint.update(second);
    const failure = await failureOf(guard.afterUpdate(release(endpoint, second)));
    expect(failure).to.be.instanceOf(ReleaseError);
    expect(failure.message).to.equal(
      `the endpoint ${endpoint.name} serves ${endpoint.name}-first, not ${second}: SageMaker rolled the release back: Canary traffic shifting was rolled back: an alarm went off. No earlier release was deleted. Fix the cause, then: npm run up -- --refresh`,
    );
  });

  it("that somebody else replaced is not called a rollback: what SageMaker says of it is reported", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    const second = await endpoint.configure("second");
    await endpoint.update(await endpoint.configure("by-hand"));
    const recorded = { ...release(endpoint, second), recordedConfigName: second };
    const { message } = await failureOf(guard.check(recorded));
    expect(message.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")).to.equal(
      `the endpoint ${endpoint.name} serves ${endpoint.name}-by-hand, not ${second}: this run didn't update it, and it was last changed at TIME, and ${endpoint.name}-by-hand was created at TIME with no tags. SageMaker gives no reason, so somebody may have updated it, or SageMaker may have rolled a release back: CloudTrail's UpdateEndpoint events show which. To serve ${second}: npm run up -- --refresh`,
    );
  });

  it("from which --target or --exclude leaves the endpoint out is reported as that", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    const first = `${endpoint.name}-first`;
    const second = await endpoint.configure("second");
    const { message } = await failureOf(guard.check({ ...release(endpoint, second), recordedConfigName: first }));
    expect(message).to.equal(
      `the endpoint ${endpoint.name} serves ${first}, not ${second}: this run didn't update it, because --target or --exclude left it out. No earlier release was deleted. To update it: npm run up -- --refresh`,
    );
  });

  it("that was rolled back is reported by every later run, until an update succeeds", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    const second = await endpoint.configure("rolled-back");
    await endpoint.update(second);
    await failureOf(guard.afterUpdate(release(endpoint, second)));
    for (const run of ["next", "one after"]) {
      expect((await failureOf(guard.check(release(endpoint, second)))).message, run).to.include(
        "rolled the release back",
      );
    }
    const mended = await endpoint.configure("mended");
    await endpoint.update(mended);
    await guard.afterUpdate(release(endpoint, mended));
    await guard.check(release(endpoint, mended));
  });

  it("that failed is reported with SageMaker's reason, also by later runs", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    const second = await endpoint.configure("failing");
    await endpoint.update(second);
    const expected =
      /is Failed: .*did not pass the ping health check\. No earlier release was deleted\. .*docs\/releases/;
    expect((await failureOf(guard.afterUpdate(release(endpoint, second)))).message).to.match(expected);
    expect((await failureOf(guard.check(release(endpoint, second)))).message).to.match(expected);
    const third = await endpoint.configure("third");
    expect((await failureOf(guard.beforeUpdate(release(endpoint, third)))).message).to.match(expected);
  });

  it("that the provider gave up on is reported with what is in service", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection);
    const kept = "No earlier release was deleted. Fix the cause, then: npm run up -- --refresh";
    const second = release(endpoint, await endpoint.configure("rolled-back"));
    expect(await guard.afterFailure(second), "refused").to.equal(
      `the endpoint ${endpoint.name} still serves ${endpoint.name}-first. ${kept}`,
    );
    await endpoint.update(second.endpointConfigName);
    expect(await guard.afterFailure(second), "rolled back").to.equal(
      `the endpoint ${endpoint.name} still serves ${endpoint.name}-first: Canary traffic shifting was rolled back: an alarm went off. ${kept}`,
    );
    const third = release(endpoint, await endpoint.configure("third"));
    await endpoint.update(third.endpointConfigName);
    expect(await guard.afterFailure(third), "late").to.equal(
      `the endpoint ${endpoint.name} serves ${endpoint.name}-third anyway. To continue: npm run up -- --refresh`,
    );
    const fourth = release(endpoint, await endpoint.configure("failing"));
    await endpoint.update(fourth.endpointConfigName);
    expect(await guard.afterFailure(fourth), "failed").to.match(/is Failed: .*did not pass the ping health check/);
  });

  it("of an endpoint that somebody deleted fails with the command that restores it", async () => {
    const gone = { endpointName: "nobody", endpointConfigName: "nothing" };
    const expected = "the endpoint nobody does not exist. To create it again: npm run up -- --refresh";
    expect((await failureOf(guard.check(gone))).message).to.equal(expected);
    expect((await failureOf(guard.beforeUpdate(gone))).message).to.equal(expected);
  });

  it("is checked once SageMaker has finished", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection, "-slow-3");
    const first = `${endpoint.name}-first`;
    await guard.afterUpdate(release(endpoint, first));
    const second = await endpoint.configure("rolled-back");
    await endpoint.update(second);
    expect((await failureOf(guard.afterUpdate(release(endpoint, second)))).message).to.include(
      "rolled the release back",
    );
  });

  it("that SageMaker never finishes times out, and doesn't count as healthy", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection, "-slow-9999");
    const impatient = new ReleaseGuard(emulator.connection, { interval: 10, timeout: 100 });
    const first = release(endpoint, `${endpoint.name}-first`);
    expect((await failureOf(impatient.afterUpdate(first))).message).to.include("is still Creating");
    expect((await failureOf(impatient.beforeUpdate(first))).message).to.match(/still Creating.* Nothing was changed/);
  });

  it("doesn't wait for a healthy endpoint that is only scaling", async () => {
    const endpoint = await EmulatedEndpoint.create(emulator.connection, "-slow-100");
    const patient = new ReleaseGuard(emulator.connection, { interval: 1, timeout: 60_000 });
    const first = release(endpoint, `${endpoint.name}-first`);
    await patient.afterUpdate(first);
    await endpoint.setInstanceCount(3);
    await patient.check(first);
    expect((await endpoint.state()).status).to.equal("Updating");
  });
});

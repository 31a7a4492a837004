import { expect } from "chai";
import type { EndpointStatus, VariantStatus } from "../../operations/endpointStatus.ts";
import { answerPromises, endpointPromises, statedLatencyBound } from "../../operations/smoke.ts";
import { statusAdvice } from "../../operations/statusAdvice.ts";
import { renderStatus } from "../../commands/statusReport.ts";

const variant: VariantStatus = {
  variantName: "AllTraffic",
  shadow: false,
  instanceType: "ml.m5.large",
  currentInstanceCount: 2,
  desiredInstanceCount: 2,
  currentWeight: 1,
  desiredWeight: 1,
  modelName: "triton-server-model-1234567",
  modelExists: true,
  image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/triton@sha256:0",
  modelDataUrl: "s3://models/artifacts/models-0123456789abcdef.tar.gz",
};
const endpoint: EndpointStatus = {
  endpointName: "penguins",
  status: "InService",
  endpointConfigName: "triton-server-configuration-2222222",
  previousConfigName: "triton-server-configuration-1111111",
  changedAt: new Date("2026-11-01T08:00:00Z"),
  variants: [variant],
  alarms: [{ alarmName: "latency", state: "OK", latencyBoundInMilliseconds: 500 }],
  scaling: [],
};
const says = { stack: "prod", endpointConfigName: "triton-server-configuration-2222222" };
const adviceOn = (changed: Partial<EndpointStatus>) => [...statusAdvice({ ...endpoint, ...changed }, says)];

describe("the advice on an endpoint", () => {
  it("is empty if the endpoint serves what the stack says", () => {
    expect(adviceOn({})).to.deep.equal([]);
  });

  it("gives the command that creates a missing endpoint, with the stack's name", () => {
    expect(adviceOn({ status: undefined })).to.have.length(1);
    expect(adviceOn({ status: undefined })[0]).to.include("npm run up -- --stack prod --refresh");
  });

  it("says that a release was rolled back and why, which setting fixes it, and the command to run", () => {
    const failureReason = "The primary container for production variant AllTraffic did not pass the ping health check.";
    const [told] = adviceOn({ endpointConfigName: "triton-server-configuration-1111111", failureReason });
    expect(told).to.equal(
      "The endpoint serves triton-server-configuration-1111111, not triton-server-configuration-2222222 as the stack says: SageMaker rolled the release back: The primary container for production variant AllTraffic did not pass the ping health check (there was no healthy answer before the timeout: npm run logs shows why; if the model is just slow to load, raise containerStartupHealthCheckTimeoutInSeconds). Fix the cause, then: npm run up -- --stack prod --refresh",
    );
  });

  it("calls nothing a rollback for which SageMaker gives no reason", () => {
    expect(adviceOn({ endpointConfigName: "by-hand" })).to.deep.equal([
      "The endpoint serves by-hand, not triton-server-configuration-2222222 as the stack says, and was last changed at 2026-11-01T08:00:00Z. SageMaker gives no reason, so somebody may have updated it, or SageMaker may have rolled a release back: CloudTrail's UpdateEndpoint events show which. To serve triton-server-configuration-2222222: npm run up -- --stack prod --refresh",
    ]);
  });

  it("names missing instances, a missing Model, alarms and failed scaling", () => {
    const advice = adviceOn({
      variants: [{ ...variant, currentInstanceCount: 1, modelExists: false }],
      alarms: [{ alarmName: "penguins-5xx", state: "ALARM", description: "more than 1 % ended in a server error" }],
      scaling: [{ status: "Failed", description: "Setting desired instance count to 4. InsufficientInstanceCapacity" }],
    });
    expect(advice).to.have.length(4);
    expect(advice[0]).to.include("triton-server-model-1234567 of variant AllTraffic is gone");
    expect(advice[1]).to.include("has 1 of 2 instances");
    expect(advice[2]).to.equal("The alarm penguins-5xx is on: more than 1 % ended in a server error.");
    expect(advice[3]).to.include("AWS has no free instance of this type");
  });

  it("does not report missing instances while SageMaker is updating the endpoint", () => {
    const advice = adviceOn({ status: "Updating", variants: [{ ...variant, currentInstanceCount: 0 }] });
    expect(advice).to.deep.equal(["SageMaker is still working on it (Updating): check again in a few minutes."]);
  });

  it("points to the document on failed endpoints if the endpoint is Failed", () => {
    expect(adviceOn({ status: "Failed", failureReason: "no image" })[0]).to.match(
      /is Failed: no image\. .*docs\/releases/,
    );
  });
});

describe("the status of an endpoint", () => {
  it("fits 80 columns except for longer names, and strips control characters from AWS's text", () => {
    const screen = renderStatus({ ...endpoint, failureReason: "x" }, ["\u001b[31mred"]);
    expect(screen).to.include("serves        triton-server-configuration-2222222");
    expect(screen).to.include("before        triton-server-configuration-1111111");
    expect(screen).to.include("│ AllTraffic │ ml.m5.large │ 2         │ 1      │");
    expect(screen).to.include("alarms        1: 0 on, 1 off");
    expect(screen).to.not.include("\u001b");
  });

  it("shows a changing count with its current and desired value", () => {
    const scaling = renderStatus({ ...endpoint, variants: [{ ...variant, desiredInstanceCount: 5 }] }, []);
    expect(scaling).to.include("2 → 5");
  });
});

describe("the promises of a deployment", () => {
  const broken = (changed: Partial<EndpointStatus>) =>
    [...endpointPromises({ ...endpoint, ...changed }, says)].filter(({ kept }) => !kept).map(({ promise }) => promise);

  it("are kept by an endpoint that serves what the stack says", () => {
    expect(broken({})).to.deep.equal([]);
  });

  it("are broken by a different configuration, missing instances, a missing Model, another status, and no endpoint", () => {
    expect(broken({ endpointConfigName: "other" })).to.deep.equal(["it serves the stack's configuration"]);
    expect(broken({ variants: [{ ...variant, currentInstanceCount: 1 }] })).to.deep.equal([
      "AllTraffic has its instances",
    ]);
    expect(broken({ variants: [{ ...variant, modelExists: false }] })).to.deep.equal(["AllTraffic's Model is there"]);
    expect(broken({ status: "Updating" })).to.deep.equal(["the endpoint is InService"]);
    expect(broken({ status: undefined })).to.deep.equal(["the endpoint is InService"]);
  });

  it("cover the answer and its time, within the tightest alarm threshold", () => {
    const bound = statedLatencyBound(endpoint);
    expect(bound).to.equal(500);
    const kept = (milliseconds: number, differences: string[]) =>
      [...answerPromises({ milliseconds, differences }, bound)].map((promise) => promise.kept);
    expect(kept(100, [])).to.deep.equal([true, true]);
    expect(kept(501, [])).to.deep.equal([true, false]);
    expect(kept(100, ["y[0] is 1, not 2"])).to.deep.equal([false, true]);
    expect([...answerPromises({ milliseconds: 9 })]).to.have.length(1);
  });
});

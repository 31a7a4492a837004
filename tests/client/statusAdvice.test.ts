import { expect } from "chai";
import type { EndpointStatus, VariantStatus } from "../../client/endpointStatus.ts";
import { answerPromises, endpointPromises, statedLatencyBound } from "../../client/smoke.ts";
import { statusAdvice } from "../../client/statusAdvice.ts";
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
  it("is empty where it serves what the stack says", () => {
    expect(adviceOn({})).to.deep.equal([]);
  });

  it("says how an endpoint that is gone is made, with the stack's name", () => {
    expect(adviceOn({ status: undefined })).to.have.length(1);
    expect(adviceOn({ status: undefined })[0]).to.include("npm run up -- --stack prod --refresh");
  });

  it("says that a release was taken back, why, which setting mends it, and the command", () => {
    const failureReason = "The primary container for production variant AllTraffic did not pass the ping health check.";
    const [told] = adviceOn({ endpointConfigName: "triton-server-configuration-1111111", failureReason });
    expect(told).to.equal(
      "The endpoint serves triton-server-configuration-1111111, not triton-server-configuration-2222222 as the stack says: SageMaker rolled the release back: The primary container for production variant AllTraffic did not pass the ping health check (no healthy answer came before the time-out: npm run logs tells why; where the model just takes long, raise containerStartupHealthCheckTimeoutInSeconds). Fix the cause, then: npm run up -- --stack prod --refresh",
    );
  });

  it("names instances that are missing, a Model that is gone, alarms that are on and scaling that failed", () => {
    const advice = adviceOn({
      variants: [{ ...variant, currentInstanceCount: 1, modelExists: false }],
      alarms: [{ alarmName: "penguins-5xx", state: "ALARM", description: "more than 1 % ended in a server error" }],
      scaling: [{ status: "Failed", description: "Setting desired instance count to 4. InsufficientInstanceCapacity" }],
    });
    expect(advice).to.have.length(4);
    expect(advice[0]).to.include("triton-server-model-1234567 of variant AllTraffic is gone");
    expect(advice[1]).to.include("has 1 of 2 instances");
    expect(advice[2]).to.equal("The alarm penguins-5xx is on: more than 1 % ended in a server error.");
    expect(advice[3]).to.include("AWS has no such instance free");
  });

  it("does not miss instances while SageMaker is at work", () => {
    const advice = adviceOn({ status: "Updating", variants: [{ ...variant, currentInstanceCount: 0 }] });
    expect(advice).to.deep.equal(["SageMaker is still at work (Updating): look again in some minutes."]);
  });

  it("sends a Failed endpoint's reader to the document that tells how to get out", () => {
    expect(adviceOn({ status: "Failed", failureReason: "no image" })[0]).to.match(
      /is Failed: no image\. .*docs\/releases/,
    );
  });
});

describe("the status of an endpoint", () => {
  it("fits 80 columns but for names that are longer, and shows what AWS says without its control characters", () => {
    const screen = renderStatus({ ...endpoint, failureReason: "x" }, ["\u001b[31mred"]);
    expect(screen).to.include("serves        triton-server-configuration-2222222");
    expect(screen).to.include("before        triton-server-configuration-1111111");
    expect(screen).to.include("│ AllTraffic │ ml.m5.large │ 2         │ 1      │");
    expect(screen).to.include("alarms        1: 0 on, 1 off");
    expect(screen).to.not.include("\u001b");
  });

  it("shows a count that is changing with both ends", () => {
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

  it("are broken by another configuration, missing instances, a missing Model, another status, and no endpoint", () => {
    expect(broken({ endpointConfigName: "other" })).to.deep.equal(["it serves the stack's configuration"]);
    expect(broken({ variants: [{ ...variant, currentInstanceCount: 1 }] })).to.deep.equal([
      "AllTraffic has its instances",
    ]);
    expect(broken({ variants: [{ ...variant, modelExists: false }] })).to.deep.equal(["AllTraffic's Model is there"]);
    expect(broken({ status: "Updating" })).to.deep.equal(["the endpoint is InService"]);
    expect(broken({ status: undefined })).to.deep.equal(["the endpoint is InService"]);
  });

  it("are about the answer and its time, within the tightest bound that an alarm states", () => {
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

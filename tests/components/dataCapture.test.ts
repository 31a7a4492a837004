import { expect } from "chai";
import { dataCaptureConfig } from "../../components/recordedTraffic.ts";
import { dataCaptureSchema } from "../../endpoint/dataCapture.ts";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";

describe("prod's data capture", () => {
  it("records a sample of requests and answers under its own prefix, with JSON unencoded", async () => {
    const plan = await planOf("prod");
    expect(resourceOf(plan, "triton-server-configuration").inputs.dataCaptureConfig).to.deep.equal({
      enableCapture: true,
      initialSamplingPercentage: 10,
      destinationS3Uri: "s3://${triton-storage-bucket.bucket}/data-capture/",
      captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
      captureContentTypeHeader: { jsonContentTypes: ["application/json"] },
    });
  });

  it("deletes records after some days, and their old versions a day later", async () => {
    const plan = await planOf("prod");
    expect(resourceOf(plan, "triton-storage-lifecycle").inputs.rules).to.deep.include({
      id: "expire-data-capture",
      status: "Enabled",
      filter: { prefix: "data-capture/" },
      expiration: { days: 30 },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    });
  });

  it("lets the role write only there in the bucket", async () => {
    const plan = await planOf("prod");
    expect(statementsOf(resourceOf(plan, "triton-execution-data-capture").inputs.policy)).to.deep.equal([
      {
        Sid: "WriteCapturedData",
        Effect: "Allow",
        Action: "s3:PutObject",
        Resource: "${triton-storage-bucket.arn}/data-capture/*",
      },
    ]);
  });
});

describe("data capture", () => {
  it("can record only requests or only answers", () => {
    expect(
      dataCaptureConfig(dataCaptureSchema.parse({ initialSamplingPercentage: 5, output: false }), "models")
        .captureOptions,
    ).to.deep.equal([{ captureMode: "Input" }]);
    expect(
      dataCaptureConfig(dataCaptureSchema.parse({ initialSamplingPercentage: 5, input: false }), "models")
        .captureOptions,
    ).to.deep.equal([{ captureMode: "Output" }]);
  });

  it("lists only content types that SageMaker accepts, so Triton's binary form is recorded as Base64", () => {
    const taken = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*\/[a-zA-Z0-9](-*[a-zA-Z0-9.])*$/;
    const { jsonContentTypes } = dataCaptureConfig(
      dataCaptureSchema.parse({ initialSamplingPercentage: 5 }),
      "models",
    ).captureContentTypeHeader;
    for (const contentType of jsonContentTypes) expect(contentType).to.match(taken);
    expect("application/vnd.sagemaker-triton.binary+json;json-header-size=100").to.not.match(taken);
  });

  it("keeps data for a month by default, encrypted with the stack's key", async () => {
    const plan = await planOf("dev", { kmsKeyArn, dataCapture: '{"initialSamplingPercentage":100}' });
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.have.nested.property(
      "dataCaptureConfig.kmsKeyId",
      kmsKeyArn,
    );
    expect(resourceOf(plan, "triton-storage-lifecycle").inputs).to.have.nested.property("rules[1].expiration.days", 30);
  });

  it("is absent if it isn't set", async () => {
    const plan = await planOf("dev");
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.not.have.property("dataCaptureConfig");
    expect(resourceOf(plan, "triton-storage-lifecycle").inputs.rules).to.have.length(1);
    expect(plan.resources.some(({ name }) => name === "triton-execution-data-capture")).to.equal(false);
  });
});

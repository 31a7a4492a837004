import { expect } from "chai";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const json = (value: unknown) => JSON.stringify(value);

async function variantWith(config: Record<string, string>): Promise<Record<string, unknown>> {
  const plan = await planOf("dev", config);
  const { productionVariants } = resourceOf(plan, "triton-server-configuration").inputs;
  return (productionVariants as Record<string, unknown>[])[0]!;
}

describe("a variant's instances", () => {
  it("receive requests according to the routing strategy", async () => {
    expect(await variantWith({ routingStrategy: "RANDOM" })).to.deep.include({
      routingConfigs: [{ routingStrategy: "RANDOM" }],
    });
  });

  it("can come from a capacity reservation", async () => {
    const capacityReservation = {
      mlReservationArn: "arn:aws:sagemaker:us-east-1:123456789012:ml-reservation/penguins",
      capacityReservationPreference: "capacity-reservations-only",
    };
    expect(await variantWith({ capacityReservation: json(capacityReservation) })).to.deep.include({
      capacityReservationConfig: capacityReservation,
    });
  });

  it("use none of these by default", async () => {
    expect(await variantWith({})).to.not.have.any.keys(
      "routingConfigs",
      "capacityReservationConfig",
      "enableSsmAccess",
      "coreDumpConfig",
    );
  });
});

describe("debugging a container", () => {
  it("through Systems Manager lets the role open sessions, and nothing more", async () => {
    const plan = await planOf("dev", { enableSsmAccess: "true" });
    expect(await variantWith({ enableSsmAccess: "true" })).to.include({ enableSsmAccess: true });
    expect(statementsOf(resourceOf(plan, "triton-execution-ssm").inputs.policy)).to.deep.equal([
      {
        Sid: "OpenSessions",
        Effect: "Allow",
        Action: [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        Resource: "*",
      },
    ]);
  });

  it("by core dumps stores them encrypted under their own prefix, and deletes them after some days", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    const config = { coreDump: json({ expirationInDays: 7 }), kmsKeyArn };
    expect(await variantWith(config)).to.deep.include({
      coreDumpConfig: { destinationS3Uri: "s3://${triton-storage-bucket.bucket}/core-dumps/", kmsKeyId: kmsKeyArn },
    });
    const plan = await planOf("dev", config);
    expect(resourceOf(plan, "triton-storage-lifecycle").inputs.rules).to.deep.include({
      id: "expire-core-dumps",
      status: "Enabled",
      filter: { prefix: "core-dumps/" },
      expiration: { days: 7 },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    });
    expect(statementsOf(resourceOf(plan, "triton-execution-core-dump").inputs.policy)[0]).to.include({
      Action: "s3:PutObject",
      Resource: "${triton-storage-bucket.arn}/core-dumps/*",
    });
  });
});

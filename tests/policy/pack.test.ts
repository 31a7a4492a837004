import { readFileSync } from "node:fs";
import { expect } from "chai";
import { controls } from "../../policy/controls.ts";
import { policies } from "../../policy/policies.ts";
import type { Plan } from "../../preview/plan.ts";
import { tlsOnlyPolicy } from "../../sagemaker/resourcePolicies.ts";
import { planOf } from "../support/plans.ts";
import { added, changed, violationsOf, without } from "../support/policies.ts";

const relaxed = JSON.parse(readFileSync("policy/dev.json", "utf8")) as Record<string, string>;
const advisory = controls.filter(({ enforcementLevel }) => enforcementLevel === "advisory").map(({ name }) => name);
const violated = async (plan: Plan) => [...new Set((await violationsOf(plan)).map(({ policy }) => policy))].sort();

/** Prod with everything that the controls check. */
async function everything(): Promise<Plan> {
  const vpcConfig = { vpcId: "vpc-01234567", subnets: ["subnet-01234567", "subnet-89abcdef"] };
  const plan = await planOf("prod", { createKmsKey: "true", vpcConfig: JSON.stringify(vpcConfig) });
  return changed(plan, "triton-server-model", { primaryContainer: { imageConfig: { repositoryAccessMode: "Vpc" } } });
}

const closed = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
  policy: JSON.stringify(tlsOnlyPolicy("arn:aws:s3:::models")),
};
const rolePolicy = "triton-execution-model-data";
const everybody = { Principal: "*", Action: "*", Resource: "*" };

function allow(statement: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

function ingress(plan: Plan, port: number): Plan {
  const rule = { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: port, toPort: port };
  return added(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", rule);
}

/** For each policy, a change that violates it, and the other policies which that violates. */
const breaks: Record<string, { readonly change: (plan: Plan) => Plan; readonly also?: readonly string[] }> = {
  "ec2-18-authorized-ports": { change: (plan) => ingress(plan, 8443) },
  "ec2-19-no-risky-ports": { change: (plan) => ingress(plan, 22), also: ["ec2-18-authorized-ports"] },
  "ecr-1-image-scanning": {
    change: (plan) =>
      changed(plan, "triton-registry-repository", { imageScanningConfiguration: { scanOnPush: false } }),
  },
  "ecr-2-immutable-tags": {
    change: (plan) => changed(plan, "triton-registry-repository", { imageTagMutability: "MUTABLE" }),
  },
  "ecr-3-lifecycle-policy": { change: (plan) => without(plan, "triton-registry-lifecycle") },
  "iam-1-no-full-administration": {
    change: (plan) => changed(plan, rolePolicy, { policy: allow({ Action: "*", Resource: "*" }) }),
    also: ["iam-21-no-whole-service", "kms-2-inline-policies-name-keys"],
  },
  "iam-21-no-whole-service": {
    change: (plan) => changed(plan, rolePolicy, { policy: allow({ Action: "sagemaker:*", Resource: "*" }) }),
  },
  "kms-1-managed-policies-name-keys": {
    change: (plan) =>
      added(plan, "aws:iam/policy:Policy", "managed", { policy: allow({ Action: "kms:Decrypt", Resource: "*" }) }),
  },
  "kms-2-inline-policies-name-keys": {
    change: (plan) =>
      changed(plan, rolePolicy, {
        policy: allow({ Action: ["kms:Dec*"], Resource: "arn:aws:kms:us-east-1:123456789012:key/*" }),
      }),
  },
  "kms-5-no-public-key": { change: (plan) => changed(plan, "triton-encryption-key", { policy: allow(everybody) }) },
  "s3-2-no-public-read": {
    change: (plan) => changed(plan, "triton-storage-public-access", { ignorePublicAcls: false }),
    also: ["s3-3-no-public-write", "s3-8-public-access-blocked"],
  },
  "s3-3-no-public-write": {
    change: (plan) => changed(plan, "triton-storage-public-access", { restrictPublicBuckets: false }),
    also: ["s3-2-no-public-read", "s3-8-public-access-blocked"],
  },
  "s3-5-tls-only": {
    change: (plan) => changed(plan, "triton-storage-policy", { policy: allow({ Principal: { Service: "x" } }) }),
  },
  "s3-6-no-rights-for-other-accounts": {
    change: (plan) =>
      added(plan, "aws:s3/bucketPolicy:BucketPolicy", "other", {
        bucket: "another",
        policy: allow({ Principal: { AWS: "123456789012" }, Action: "s3:Put*", Resource: "*" }),
      }),
  },
  "s3-8-public-access-blocked": {
    change: (plan) => changed(plan, "triton-storage-public-access", { blockPublicPolicy: false }),
  },
  "s3-9-access-logging": { change: (plan) => without(plan, "triton-access-logging-logging") },
  "s3-12-no-acls": {
    change: (plan) => changed(plan, "triton-storage-ownership", { rule: { objectOwnership: "ObjectWriter" } }),
  },
  "s3-13-lifecycle": {
    change: (plan) => changed(plan, "triton-storage-lifecycle", { rules: [{ id: "off", status: "Disabled" }] }),
  },
  "sagemaker-4-several-instances": {
    change: (plan) =>
      changed(plan, "triton-server-configuration", {
        productionVariants: [{ initialInstanceCount: 2 }, { initialInstanceCount: 1 }],
      }),
  },
  "sagemaker-5-network-isolation": {
    change: (plan) => changed(plan, "triton-server-model", { enableNetworkIsolation: false }),
  },
  "sagemaker-16-registry-in-vpc": {
    change: (plan) => changed(plan, "triton-server-model", { primaryContainer: {} }),
  },
  "sns-4-no-public-topic": {
    change: (plan) => changed(plan, "triton-monitoring-topic-policy", { policy: allow(everybody) }),
  },
};

describe("the policy pack", () => {
  it("has a policy for each control, named after it and with a description", () => {
    expect(policies.map(({ name }) => name)).to.deep.equal(controls.map(({ name }) => name));
    for (const { id, name } of controls) expect(name).to.match(new RegExp(`^${id.toLowerCase().replace(".", "-")}-`));
    for (const { name, description, enforcementLevel } of policies) {
      expect(description, name).to.match(/^\[\w+\.\d+\] .+\.$/);
      expect(enforcementLevel, name).to.equal(advisory.includes(name) ? "advisory" : "mandatory");
    }
  });

  it("finds no mandatory violation in prod, with any features", async () => {
    expect(await violated(await planOf("prod"))).to.deep.equal(advisory);
    expect(await violated(await everything())).to.deep.equal([]);
  });

  it("finds only violations in dev that policy/dev.json makes advisory", async () => {
    expect(await violated(await planOf("dev"))).to.deep.equal([...Object.keys(relaxed), ...advisory].sort());
    expect(new Set(Object.values(relaxed))).to.deep.equal(new Set(["advisory"]));
  });

  it("counts a public access block and a policy as the bucket's even if they refer to it by a plain name", async () => {
    const types = ["bucketPublicAccessBlock:BucketPublicAccessBlock", "bucketPolicy:BucketPolicy"];
    const named = (bucket: string) =>
      types.reduce(
        (plan, type) => added(plan, `aws:s3/${type}`, type, { ...closed, bucket }),
        added({ ...empty, resources: [] }, "aws:s3/bucket:Bucket", "bucket", { bucket: "models" }),
      );
    const empty = await planOf("dev");
    const closing = ["s3-2-no-public-read", "s3-3-no-public-write", "s3-5-tls-only", "s3-8-public-access-blocked"];
    expect(await violated(named("models"))).to.not.have.any.members(closing);
    expect(await violated(named("others"))).to.include.members(closing);
  });

  it("doesn't require instances of a serverless variant", async () => {
    const variants = { productionVariants: [{ serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 5 } }] };
    expect(await violated(changed(await everything(), "triton-server-configuration", variants))).to.deep.equal([]);
  });

  it("has a violation for each policy", () => {
    expect(Object.keys(breaks)).to.have.members(controls.map(({ name }) => name));
  });

  for (const [name, { change, also = [] }] of Object.entries(breaks)) {
    it(`finds a violation of ${name}, and names the resource and the remedy`, async () => {
      const found = await violationsOf(change(await everything()));
      expect([...new Set(found.map(({ policy }) => policy))].sort()).to.deep.equal([name, ...also].sort());
      const violation = found.find(({ policy }) => policy === name)!;
      expect(violation.message).to.equal(
        `${violation.resource}: ${controls.find((control) => control.name === name)!.remedy}.`,
      );
      expect(violation.resource).to.not.equal("");
    });
  }
});

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { TritonEndpoint } from "../../components/tritonEndpoint.ts";
import type { TritonEndpointArgs } from "../../components/tritonEndpointArgs.ts";
import { omit } from "../../endpoint/fields.ts";
import { endpointProblems } from "../../endpoint/rules.ts";
import { PlanMocks } from "../../preview/planMocks.ts";
import { failureOf } from "../support/failures.ts";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const model = { modelRepository: "models", defaultModelName: "penguins" };
const logGroup = "/aws/sagemaker/Endpoints/sagemaker-triton-dev";
const existing = { bucket: "team-models", repository: "team/images", role: "service-role/team", logGroup };
const registry = "${aws.accountId}.dkr.ecr.us-east-1.amazonaws.com";

describe("a stack with existing parts", () => {
  const plan = () => planOf("dev", existing);
  const types = async (config: Record<string, string>) =>
    (await planOf("dev", config)).resources.map(({ type }) => type);

  it("creates none of them, and nothing on them", async () => {
    const made = (await types(existing)).filter((type) => /^aws:(s3|ecr|iam|cloudwatch)\//.test(type));
    expect([...new Set(made)]).to.deep.equal(["aws:s3/bucketObjectv2:BucketObjectv2"]);
  });

  it("uploads the model below a prefix of the endpoint's own, because other endpoints may use the bucket", async () => {
    const { inputs } = resourceOf(await plan(), "triton-storage-model");
    expect(inputs.bucket).to.equal("team-models");
    expect(inputs.key).to.match(/^artifacts\/sagemaker-triton-dev\/models-[0-9a-f]{16}\.tar\.gz$/);
  });

  it("copies the image into the repository", async () => {
    const { inputs } = resourceOf(await plan(), "triton-registry-tag");
    expect(inputs.targetImage).to.match(/^\$\{aws\.accountId\}.*\.amazonaws\.com\/team\/images:/);
    const { primaryContainer } = resourceOf(await plan(), "triton-server-model").inputs as {
      primaryContainer: { image: string };
    };
    expect(primaryContainer.image)
      .to.include(`${registry.split(".dkr")[0]}.dkr.ecr.`)
      .and.include("/team/images@");
  });

  it("gives the Model the role", async () => {
    const { inputs } = resourceOf(await plan(), "triton-server-model");
    expect(inputs.executionRoleArn).to.equal("arn:aws:iam::${aws.accountId}:role/service-role/team");
    const arn = "arn:aws:iam::123456789012:role/team";
    const other = resourceOf(await planOf("dev", { role: arn }), "triton-server-model");
    expect(other.inputs.executionRoleArn).to.equal(arn);
    expect((await planOf("dev", { role: arn })).outputs.executionRoleArn).to.equal(arn);
  });

  it("lets its own role read exactly the endpoint's models there, and pull from the repository", async () => {
    const own = await planOf("dev", omit(existing, "role"));
    const [read] = statementsOf(resourceOf(own, "triton-execution-model-data").inputs.policy);
    expect(read?.Resource).to.equal("arn:aws:s3:::team-models/artifacts/sagemaker-triton-dev/*");
    const [, pull] = statementsOf(resourceOf(own, "triton-execution-image").inputs.policy);
    expect(pull?.Resource).to.match(/^arn:aws:ecr:.*:\$\{aws\.accountId\}:repository\/team\/images$/);
    const [logs] = statementsOf(resourceOf(own, "triton-execution-observability").inputs.policy);
    expect(logs?.Action).to.not.include("logs:CreateLogGroup");
  });

  it("is monitored without a log group of its own", async () => {
    const monitoring = JSON.stringify({ alarms: { cpuUtilizationPercent: 50 } });
    const made = await types({ logGroup, monitoring });
    expect(made).to.include("aws:cloudwatch/dashboard:Dashboard").and.not.include("aws:cloudwatch/logGroup:LogGroup");
  });

  it("warns that nothing expires in the bucket", () => {
    const endpoint = { modelRepository: "models", bucket: "team-models", coreDump: { expirationInDays: 7 } };
    expect(endpointProblems(endpoint, { name: "triton" })).to.deep.equal([
      {
        path: ["bucket"],
        code: "bucket-expiration",
        message: "isn't changed, so expirationInDays has no effect: let its own lifecycle expire core-dumps/",
        severity: "warning",
      },
    ]);
  });
});

describe("parts that the same program creates", () => {
  const parts = () => ({
    bucket: new aws.s3.Bucket("team-bucket"),
    repository: new aws.ecr.Repository("team-repository"),
    role: new aws.iam.Role("team-role", { assumeRolePolicy: "{}" }),
    logGroup: new aws.cloudwatch.LogGroup("team-logs"),
  });

  it("are taken as resources or as their names", async () => {
    const asResources = await registered(parts);
    const asNames = await registered(() => {
      const { bucket, repository, role, logGroup } = parts();
      return { bucket: bucket.bucket, repository: repository.name, role: role.arn, logGroup: logGroup.name };
    });
    expect(JSON.stringify([...asNames].sort())).to.equal(JSON.stringify([...asResources].sort()));
    expect(asNames.get("penguins-storage-model")?.bucket).to.equal("${team-bucket.bucket}");
    expect(asNames.get("penguins-registry-tag")?.targetImage).to.include("/${team-repository.name}:");
    expect(asNames.get("penguins-server-model")?.executionRoleArn).to.equal("${team-role.arn}");
  });

  it("may be unknown in a preview", async () => {
    const inputs = await registered(parts, true);
    expect(inputs.get("penguins-server-endpoint")).to.include({ name: "penguins" });
  });

  it("are refused if they are resources of another kind", async () => {
    const wrong = () => ({ bucket: new aws.ecr.Repository("team-repository") as unknown as aws.s3.Bucket });
    const failure = await failureOf(registered(wrong));
    expect(failure.message).to.match(/^bucket "": must be 3 to 63 lowercase letters/);
  });
});

/** The inputs of what a program registers with an endpoint, by name. */
async function registered(existing: () => Partial<TritonEndpointArgs>, preview = false) {
  const mocks = new PlanMocks("eu-central-1");
  await pulumi.runtime.setMocks(mocks, "shop", "dev", preview);
  pulumi.runtime.setAllConfig({ "aws:region": "eu-central-1" });
  try {
    await pulumi.runtime.runInPulumiStack(() => {
      new TritonEndpoint("penguins", { ...model, ...existing() });
      return Promise.resolve({});
    });
  } finally {
    await pulumi.runtime.disconnect();
  }
  const resources = [...mocks.inputs].filter(([key]) => !key.startsWith("sagemaker-triton:"));
  return new Map(resources.map(([key, inputs]) => [key.replace(/^.*::/, ""), inputs]));
}

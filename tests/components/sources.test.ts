import { expect } from "chai";
import { previewStack } from "../../preview/plan.ts";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const existing = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml/triton:26.05-py3";

describe("the image", () => {
  it("that is already in ECR needs no repository, no docker provider and no copy", async () => {
    const plan = await planOf("dev", { imageUri: existing });
    expect(plan.resources.filter(({ type }) => /docker|ecr|ImageRegistry/.test(type))).to.deep.equal([]);
    expect(resourceOf(plan, "triton-server-model").inputs).to.have.nested.property("primaryContainer.image", existing);
    expect(plan.outputs.imageDigest).to.equal("");
  });

  it("that is already in ECR may be pulled from its own account and region", async () => {
    const plan = await planOf("dev", { imageUri: existing });
    expect(statementsOf(resourceOf(plan, "triton-execution-image").inputs.policy)[1]?.Resource).to.equal(
      "arn:aws:ecr:us-east-1:123456789012:repository/ml/triton",
    );
  });

  it("is pinned by imageDigest", async () => {
    const plan = await planOf("prod", { imageDigest: digest });
    expect(resourceOf(plan, "triton-registry-upstream").inputs.name).to.match(
      new RegExp(`/sagemaker-tritonserver@${digest}$`),
    );
    expect(resourceOf(plan, "triton-registry-tag").inputs.targetImage).to.match(/:26\.05-py3-0123456789ab$/);
    expect(plan.outputs.imageDigest).to.equal(digest);
  });

  it("may come from another registry, under its own tag", async () => {
    const plan = await planOf("dev", { upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" });
    expect(resourceOf(plan, "triton-registry-upstream").inputs.name).to.equal(
      "nvcr.io/nvidia/tritonserver@sha256:${digest}",
    );
    expect(resourceOf(plan, "triton-registry-tag").inputs.targetImage).to.match(/:24\.10-py3-\$\{digest\}$/);
  });

  it("referenced by digest only is pushed under the tag upstream", async () => {
    const plan = await planOf("dev", { upstreamImage: `nvcr.io/nvidia/tritonserver@${digest}` });
    expect(resourceOf(plan, "triton-registry-upstream").inputs.name).to.equal(`nvcr.io/nvidia/tritonserver@${digest}`);
    expect(resourceOf(plan, "triton-registry-tag").inputs.targetImage).to.match(/:upstream-0123456789ab$/);
  });

  it("of a release before 23.12 comes from the account with the Neo images", async () => {
    const plan = await planOf("dev", { imageTag: "23.10-py3" });
    expect(resourceOf(plan, "triton-registry-upstream").inputs.name).to.match(
      /^\$\{xgboost-neo\.registryId\}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/sagemaker-tritonserver@/,
    );
  });
});

describe("the model", () => {
  it("that is already in S3 is referenced, and the role may read only that object", async () => {
    const plan = await planOf("dev", {
      modelRepository: "",
      modelDataUrl: "s3://sagemaker-models/artifacts/model_7.tar.gz",
    });
    expect(plan.resources.filter(({ type }) => type.includes("bucketObject"))).to.deep.equal([]);
    expect(resourceOf(plan, "triton-server-model").inputs).to.have.nested.property(
      "primaryContainer.modelDataUrl",
      "s3://sagemaker-models/artifacts/model_7.tar.gz",
    );
    expect(statementsOf(resourceOf(plan, "triton-execution-model-data").inputs.policy)).to.have.length(1);
    expect(statementsOf(resourceOf(plan, "triton-execution-model-data").inputs.policy)[0]).to.include({
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::sagemaker-models/artifacts/model_7.tar.gz",
    });
  });

  it("as a prefix is one object per file, with equal contents uploaded once, and the role may list them", async () => {
    const plan = await planOf("dev", { modelDataFormat: "prefix" });
    const uploaded = plan.resources.filter(({ type }) => type.endsWith(":BucketObjectv2"));
    const placed = plan.resources.filter(({ type }) => type.endsWith(":ObjectCopy"));
    expect(placed.map(({ inputs }) => String(inputs.key).replace(/-[0-9a-f]{16}\//, "/"))).to.include.members([
      "artifacts/models/penguins/config.pbtxt",
      "artifacts/models/penguins_classifier/1/model.py",
    ]);
    expect(uploaded.every(({ inputs }) => /^artifacts\/files\/[0-9a-f]{64}$/.test(String(inputs.key)))).to.equal(true);
    expect(new Set(uploaded.map(({ inputs }) => inputs.key)).size).to.equal(uploaded.length);
    expect(resourceOf(plan, "triton-server-model").inputs.primaryContainer).to.have.deep.nested.property(
      "modelDataSource.s3DataSources",
      [{ s3Uri: plan.outputs.modelDataUrl, s3DataType: "S3Prefix", compressionType: "None" }],
    );
    expect(plan.outputs.modelDataUrl).to.match(/^s3:\/\/.*\/artifacts\/models-[0-9a-f]{16}\/$/);
    expect(statementsOf(resourceOf(plan, "triton-execution-model-data").inputs.policy)[1]?.Action).to.equal(
      "s3:ListBucket",
    );
  });
});

describe("the endpoint", () => {
  it("in a VPC has its subnets and security groups, and the role may place interfaces there", async () => {
    const vpcConfig = { subnets: ["subnet-01234567"], securityGroupIds: ["sg-01234567"] };
    const plan = await planOf("dev", { vpcConfig: JSON.stringify(vpcConfig) });
    expect(resourceOf(plan, "triton-server-model").inputs.vpcConfig).to.deep.equal(vpcConfig);
    expect(statementsOf(resourceOf(plan, "triton-execution-vpc").inputs.policy)[1]?.Resource).to.include(
      "arn:aws:ec2:us-east-1:${aws.accountId}:subnet/subnet-01234567",
    );
  });

  it("on a GPU gets the host image that the release's CUDA version needs", async () => {
    const plan = await planOf("dev", { instanceType: "ml.g5.xlarge" });
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.have.nested.property(
      "productionVariants[0].inferenceAmiVersion",
      "al2023-ami-sagemaker-inference-gpu-4-1",
    );
  });

  it("takes its names from the settings", async () => {
    const plan = await planOf("dev", {
      endpointName: "penguins",
      bucketName: "penguin-models",
      repositoryName: "ml/triton",
    });
    expect(resourceOf(plan, "triton-server-endpoint").inputs.name).to.equal("penguins");
    expect(resourceOf(plan, "triton-storage-bucket").inputs.bucket).to.equal("penguin-models");
    expect(resourceOf(plan, "triton-registry-repository").inputs.name).to.equal("ml/triton");
    expect(resourceOf(plan, "triton-execution-observability").inputs.policy).to.include("/Endpoints/penguins");
  });

  it("keeps a repository that an update took over before it failed, with nothing else in the stack", async () => {
    const config = {
      imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/images:25.09",
      repositoryName: "images",
      takeOver: '["repository"]',
    };
    const before = await planOf("dev", { repositoryName: "images" });
    const repository = resourceOf(before, "triton-registry-repository");
    const plan = await previewStack({ stack: "dev", config, deployed: { ...before, resources: [repository] } });
    expect(resourceOf(plan, "triton-registry-repository").inputs.name).to.equal("images");
  });

  it("carries further tags, and S3 objects the first ten of them", async () => {
    const tags = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`key${i}`, "x"]));
    const plan = await planOf("dev", { tags: JSON.stringify(tags), costEnv: "test", costService: "birds" });
    expect(resourceOf(plan, "triton-server-endpoint").inputs.tags).to.deep.equal({
      CostEnv: "test",
      CostService: "birds",
      ...tags,
    });
    expect(Object.keys(resourceOf(plan, "triton-storage-model").inputs.tags as object)).to.have.length(10);
    expect(resourceOf(plan, "triton-storage-model").inputs.tags).to.include({ CostEnv: "test", CostService: "birds" });
  });
});

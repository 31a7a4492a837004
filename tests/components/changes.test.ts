import { cpSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { differences, inTemporaryFolder, planOf, resourceOf, withDependents, writeFiles } from "../support/plans.ts";

/** The resources that a release changes, starting with the object in S3. */
const release = ["triton-server-configuration", "triton-server-endpoint", "triton-server-model"];

describe("a change", () => {
  it("of nothing gives the same plan", async () => {
    expect(differences(await planOf("dev"), await planOf("dev", { costEnv: "dev" }))).to.deep.equal([]);
  });

  it("of the model uploads it under a new key and makes a new release, nothing else", async () => {
    const before = await planOf("dev");
    await inTemporaryFolder(async (directory) => {
      const modelRepository = path.join(directory, "models");
      cpSync("models", modelRepository, { recursive: true });
      writeFiles(modelRepository, { "penguins/request.json": "{}" });
      const after = await planOf("dev", { modelRepository });
      const changed = differences(before, after);
      expect(changed).to.deep.equal(["triton-server-model", "triton-storage-model"]);
      expect(withDependents(after, changed)).to.deep.equal([...release, "triton-storage-model"].sort());
    });
  });

  it("of the image's tag copies the new image and makes a new release, nothing else", async () => {
    const after = await planOf("dev", { imageTag: "25.09-py3" });
    const changed = differences(await planOf("dev"), after);
    expect(changed).to.deep.equal(
      ["triton-registry-image", "triton-registry-tag", "triton-registry-upstream"].slice(0, 2),
    );
    expect(withDependents(after, changed)).to.deep.equal(
      [...release, "triton-registry-image", "triton-registry-tag"].sort(),
    );
  });

  it("of the instance type makes a new configuration and moves the endpoint to it, nothing else", async () => {
    const after = await planOf("dev", { instanceType: "ml.m5.xlarge" });
    const changed = differences(await planOf("dev"), after);
    expect(changed).to.deep.equal(["triton-server-configuration"]);
    expect(withDependents(after, changed)).to.deep.equal(["triton-server-configuration", "triton-server-endpoint"]);
  });

  it("of the environment makes a new model, configuration and endpoint update, nothing else", async () => {
    const after = await planOf("dev", { environment: '{"SAGEMAKER_TRITON_THREAD_COUNT":"4"}' });
    const changed = differences(await planOf("dev"), after);
    expect(changed).to.deep.equal(["triton-server-model"]);
    expect(withDependents(after, changed)).to.deep.equal([...release]);
  });

  it("of the location of model, image, key, network or topics gives the role access to both until the new release is in service", async () => {
    const vpcConfig = JSON.stringify({ subnets: ["subnet-0123abcd"], securityGroupIds: ["sg-0123abcd"] });
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/12345678-90ab-cdef-1234-567890abcdef";
    const asyncInference = '{"successTopic":"arn:aws:sns:us-east-1:123456789012:answered"}';
    const plan = await planOf("dev", { vpcConfig, kmsKeyArn, asyncInference });
    for (const purpose of ["model-data", "image", "vpc", "key", "async-inference", "observability"]) {
      const { inputs, options } = resourceOf(plan, `triton-execution-${purpose}`);
      expect(options.replaceOnChanges, purpose).to.deep.equal(["policy"]);
      // Names are unique, so the new one must have a different name and is created first.
      expect(inputs, purpose).to.not.have.property("name");
    }
  });

  it("of an explicit name creates the new resource, and everything that depends on it, before deleting the old one", async () => {
    const named = await planOf("prod", { bucketName: "penguin-models", repositoryName: "penguin-images" });
    for (const name of [
      "triton-storage-bucket",
      "triton-registry-repository",
      "triton-registry-image",
      "triton-server-model",
      "triton-server-configuration",
      "triton-monitoring-logs",
      "triton-rollout-model-latency",
    ]) {
      expect(resourceOf(named, name).options.deleteBeforeReplace, name).to.equal(false);
    }
  });

  it("keeps everything in AWS that an earlier release needs to serve again, if releases are kept", async () => {
    const vpcConfig = JSON.stringify({ subnets: ["subnet-0123abcd"], vpcId: "vpc-0123abcd" });
    const kept = await planOf("dev", { keepReleases: "true", createKmsKey: "true", vpcConfig });
    for (const name of [
      "triton-storage-bucket",
      "triton-storage-policy",
      "triton-storage-model",
      "triton-registry-repository",
      "triton-encryption-key",
      "triton-execution-role",
      "triton-execution-model-data",
      "triton-execution-image",
      "triton-execution-key",
      "triton-execution-vpc",
      "triton-network-group",
      "triton-network-to-s3",
      "triton-server-model",
      "triton-server-configuration",
    ]) {
      expect(resourceOf(kept, name).options.retainOnDelete, name).to.equal(true);
    }
    expect(resourceOf(kept, "triton-storage-bucket").inputs.forceDestroy).to.equal(false);
    expect(resourceOf(kept, "triton-registry-repository").inputs.forceDelete).to.equal(false);
    expect(resourceOf(kept, "triton-execution-role").inputs.forceDetachPolicies).to.equal(true);
  });

  it("of the key keeps the role's access to the old one if others uploaded a model and may have encrypted it with that key", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/12345678-90ab-cdef-1234-567890abcdef";
    const stored = { modelRepository: "", modelDataUrl: "s3://sagemaker-models/artifacts/model_7.tar.gz", kmsKeyArn };
    expect(resourceOf(await planOf("dev", stored), "triton-execution-key").options.retainOnDelete).to.equal(true);
    expect(resourceOf(await planOf("dev", { kmsKeyArn }), "triton-execution-key").options.retainOnDelete).to.equal(
      false,
    );
  });

  it("of immutableTags only touches the repository", async () => {
    const after = await planOf("dev", { immutableTags: "true" });
    expect(differences(await planOf("dev"), after)).to.deep.equal(["triton-registry-repository"]);
  });
});

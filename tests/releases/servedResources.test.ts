import { expect } from "chai";
import type { Served } from "../../releases/served.ts";
import { servedPart, type DeletedResource } from "../../releases/servedResources.ts";
import { modelPrefix } from "../../sagemaker/encryption.ts";
import { dataCapturePolicy } from "../../sagemaker/dataCapture.ts";
import { keyUsePolicy } from "../../sagemaker/encryption.ts";
import { imagePolicy, modelDataPolicy, observabilityPolicy, vpcPolicy } from "../../sagemaker/rolePolicies.ts";

const scope = { partition: "aws", region: "us-east-1", accountId: "123456789012" };
const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com/images";
const key = "arn:aws:kms:us-east-1:123456789012:key/1";
const model = {
  modelName: "model-1",
  roleArn: "arn:aws:iam::123456789012:role/role-1",
  images: [`${registry}@sha256:${"12".repeat(32)}`],
  modelData: [`s3://models/${modelPrefix(key)}model-1.tar.gz`],
  multiModel: false,
  securityGroupIds: ["sg-1"],
};
const served: Served = {
  endpointName: "penguins",
  endpointArn: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/penguins",
  endpointConfigNames: ["config-1", "config-2"],
  models: [model],
  kmsKeys: [],
  writes: ["s3://captures/data-capture/"],
  alarmNames: [],
};

const part = (type: string, resource: Partial<DeletedResource>, of = served) =>
  servedPart(of, { type, id: "", outputs: {}, registered: false, ...resource });
const serves = (type: string, ...resources: Partial<DeletedResource>[]) =>
  resources.map((resource) => part(type, resource) !== undefined);

describe("what an endpoint serves", () => {
  it("is its configurations, also the one that it moves to, and their Models", () => {
    const configuration = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
    expect(serves(configuration, { id: "config-1" }, { id: "config-2" }, { id: "config-3" })).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(part("aws:sagemaker/model:Model", { id: "model-1" })).to.equal("the Model model-1");
    expect(part("aws:sagemaker/model:Model", { id: "model-2" })).to.equal(undefined);
  });

  it("is the Model's data, with bucket and key, and the buckets that it writes to", () => {
    const object = (bucket: string, name: string) => ({ outputs: { bucket, key: name } });
    const [archive] = model.modelData.map((url) => url.replace("s3://models/", ""));
    const objects = [object("models", archive!), object("models", "artifacts/model-2.tar.gz"), object("b", archive!)];
    expect(serves("aws:s3/bucketObjectv2:BucketObjectv2", ...objects)).to.deep.equal([true, false, false]);
    const buckets = ["models", "captures", "model"].map((bucket) => ({ outputs: { bucket } }));
    expect(serves("aws:s3/bucket:Bucket", ...buckets)).to.deep.equal([true, true, false]);
    const keys = [{ outputs: { arn: key } }, { outputs: { arn: `${key}2` } }];
    expect(serves("aws:kms/key:Key", ...keys)).to.deep.equal([true, false]);
  });

  it("is each file of a prefix, but of many models only those that the program still has", () => {
    const prefix = { ...served, models: [{ ...model, modelData: ["s3://models/artifacts/1/"] }] };
    const many = { ...served, models: [{ ...model, modelData: ["s3://models/artifacts/1/"], multiModel: true }] };
    const file = { outputs: { bucket: "models", key: "artifacts/1/a/config.pbtxt" } };
    expect(part("aws:s3/objectCopy:ObjectCopy", file, prefix)).to.include("config.pbtxt");
    expect(part("aws:s3/bucketObjectv2:BucketObjectv2", file, many)).to.equal(undefined);
    expect(part("aws:s3/bucketObjectv2:BucketObjectv2", { ...file, registered: true }, many)).to.not.equal(undefined);
  });

  it("is the image's repository, and the image unless its deletion leaves it in the registry", () => {
    const repositories = [registry, `${registry}-2`].map((repositoryUrl) => ({ outputs: { repositoryUrl } }));
    expect(serves("aws:ecr/repository:Repository", ...repositories)).to.deep.equal([true, false]);
    const image = { name: `${registry}:tag`, sha256Digest: `sha256:${"12".repeat(32)}` };
    expect(
      serves(
        "docker:index/registryImage:RegistryImage",
        { outputs: image },
        { outputs: { ...image, keepRemotely: true } },
        { outputs: { ...image, sha256Digest: "sha256:13" } },
      ),
    ).to.deep.equal([true, false, false]);
  });

  it("is its role, security group and log group", () => {
    expect(serves("aws:iam/role:Role", { outputs: { arn: model.roleArn } }, { outputs: { arn: "" } })).to.deep.equal([
      true,
      false,
    ]);
    expect(serves("aws:ec2/securityGroup:SecurityGroup", { id: "sg-1" }, { id: "sg-2" })).to.deep.equal([true, false]);
    const names = ["penguins", "others"].map((name) => ({ outputs: { name: `/aws/sagemaker/Endpoints/${name}` } }));
    expect(serves("aws:cloudwatch/logGroup:LogGroup", ...names)).to.deep.equal([true, false]);
  });

  it("is each policy of its role that grants what no other policy does", () => {
    const policy = (document: object, role = "role-1", otherPolicies: object[] = []) => ({
      outputs: { role, policy: JSON.stringify(document) },
      otherPolicies: otherPolicies.map((other) => JSON.stringify(other)),
    });
    const reads = (bucket: string) =>
      modelDataPolicy([{ bucketArn: `arn:aws:s3:::${bucket}`, key: "artifacts/*", list: false }]);
    const needed = [
      reads("models"),
      imagePolicy("arn:aws:ecr:us-east-1:123456789012:repository/images"),
      observabilityPolicy(scope, "penguins"),
      vpcPolicy(scope, ["subnet-1"], ["sg-1"]),
      dataCapturePolicy("arn:aws:s3:::captures"),
      keyUsePolicy(key, scope),
    ];
    const type = "aws:iam/rolePolicy:RolePolicy";
    expect(serves(type, ...needed.map((document) => policy(document)))).to.deep.equal(needed.map(() => true));
    const [ofModels] = needed;
    const others = [
      policy(reads("other")),
      policy(ofModels!, "role-2"),
      policy(ofModels!, "role-1", [reads("models")]),
      policy(dataCapturePolicy("arn:aws:s3:::models")),
    ];
    expect(serves(type, ...others)).to.deep.equal([false, false, false, false]);
    expect(serves(type, policy(ofModels!, "role-1", [reads("other")]))).to.deep.equal([true]);
  });
});

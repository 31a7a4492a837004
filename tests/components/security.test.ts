import { expect } from "chai";
import { planOf, resourceOf, statementsOf } from "../support/plans.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const ownNetwork = {
  vpcId: "vpc-01234567",
  subnets: ["subnet-01234567", "subnet-89abcdef"],
  routeTableIds: ["rtb-01234567"],
};

describe("a KMS key", () => {
  it("encrypts bucket, repository and volumes", async () => {
    const plan = await planOf("dev", { kmsKeyArn });
    expect(resourceOf(plan, "triton-storage-encryption").inputs.rules).to.deep.equal([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      },
    ]);
    expect(resourceOf(plan, "triton-registry-repository").inputs.encryptionConfigurations).to.deep.equal([
      { encryptionType: "KMS", kmsKey: kmsKeyArn },
    ]);
    expect(resourceOf(plan, "triton-server-configuration").inputs.kmsKeyArn).to.equal(kmsKeyArn);
  });

  it("is not set for instances with local storage, where SageMaker refuses it", async () => {
    const plan = await planOf("dev", { kmsKeyArn, instanceType: "ml.g5.xlarge" });
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.not.have.property("kmsKeyArn");
  });

  it("can be used by the role through S3 and by a grant for volumes, and no other key can", async () => {
    const plan = await planOf("dev", { kmsKeyArn });
    const statements = statementsOf(resourceOf(plan, "triton-execution-key").inputs.policy);
    expect(statements.map(({ Resource }) => Resource)).to.deep.equal([kmsKeyArn, kmsKeyArn, kmsKeyArn]);
    expect(statements.map(({ Condition }) => Condition)).to.deep.equal([
      { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
      undefined,
      { Bool: { "kms:GrantIsForAWSResource": "true" } },
    ]);
  });

  it("created by the stack is rotated, is kept if the stack's data is, and serves only this endpoint's logs", async () => {
    for (const [stack, survives] of [
      ["dev", false],
      ["prod", true],
    ] as const) {
      const key = resourceOf(await planOf(stack, { createKmsKey: "true" }), "triton-encryption-key");
      expect(key.inputs).to.include({ enableKeyRotation: true, deletionWindowInDays: 30 });
      expect(key.options).to.include({ retainOnDelete: survives });
      expect(statementsOf(key.inputs.policy)[1]?.Condition).to.deep.equal({
        ArnEquals: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:\${aws.accountId}:log-group:/aws/sagemaker/Endpoints/sagemaker-triton-${stack}`,
        },
      });
    }
  });

  it("created by the stack encrypts everything", async () => {
    const plan = await planOf("dev", { createKmsKey: "true" });
    expect(resourceOf(plan, "triton-server-configuration").inputs.kmsKeyArn).to.equal("${triton-encryption-key.arn}");
    expect(resourceOf(plan, "triton-execution-key").inputs.policy).to.include("${triton-encryption-key.arn}");
  });

  it("is absent by default, and the role may not use any", async () => {
    const plan = await planOf("dev");
    expect(plan.resources.filter(({ type, inputs }) => type.includes("kms") || "kmsKeyArn" in inputs)).to.deep.equal(
      [],
    );
    expect(plan.resources.some(({ name }) => name === "triton-execution-key")).to.equal(false);
  });
});

describe("a network of the endpoint's own", () => {
  it("allows no ingress, and egress only for HTTPS to S3", async () => {
    const plan = await planOf("dev", { vpcConfig: JSON.stringify(ownNetwork) });
    const group = resourceOf(plan, "triton-network-group").inputs;
    expect(group).to.include({ vpcId: "vpc-01234567" });
    expect(group).to.not.have.any.keys("ingress", "egress");
    expect(plan.resources.filter(({ type }) => type.includes("Ingress"))).to.deep.equal([]);
    expect(resourceOf(plan, "triton-network-to-s3").inputs).to.include({
      securityGroupId: "${triton-network-group.id}",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      prefixListId: "${com.amazonaws.us-east-1.s3.id}",
    });
  });

  it("is used by the model and the role", async () => {
    const plan = await planOf("dev", { vpcConfig: JSON.stringify(ownNetwork) });
    expect(resourceOf(plan, "triton-server-model").inputs.vpcConfig).to.deep.equal({
      subnets: ownNetwork.subnets,
      securityGroupIds: ["${triton-network-group.id}"],
    });
    expect(statementsOf(resourceOf(plan, "triton-execution-vpc").inputs.policy)[1]?.Resource).to.include(
      "arn:aws:ec2:us-east-1:${aws.accountId}:security-group/${triton-network-group.id}",
    );
  });

  it("has a gateway endpoint to S3 if route tables are given, only for the stack's bucket and the model's", async () => {
    const plan = await planOf("dev", { vpcConfig: JSON.stringify(ownNetwork) });
    const gateway = resourceOf(plan, "triton-network-s3").inputs;
    expect(gateway).to.deep.include({
      vpcEndpointType: "Gateway",
      serviceName: "com.amazonaws.us-east-1.s3",
    });
    expect(gateway).to.not.have.property("routeTableIds");
    expect(resourceOf(plan, "triton-network-s3-rtb-01234567").inputs).to.deep.equal({
      routeTableId: "rtb-01234567",
      vpcEndpointId: "${triton-network-s3.id}",
    });
    expect(statementsOf(gateway.policy)[0]?.Resource).to.deep.equal([
      "${triton-storage-bucket.arn}",
      "${triton-storage-bucket.arn}/*",
    ]);
    const modelDataUrl = "s3://sagemaker-models/artifacts/model_7.tar.gz";
    const stored = await planOf("dev", { vpcConfig: JSON.stringify(ownNetwork), modelRepository: "", modelDataUrl });
    expect(statementsOf(resourceOf(stored, "triton-network-s3").inputs.policy)[0]?.Resource).to.include.members([
      "${triton-storage-bucket.arn}/*",
      "arn:aws:s3:::sagemaker-models/*",
    ]);
    const { routeTableIds, ...without } = ownNetwork;
    expect(routeTableIds).to.have.length(1);
    const plain = await planOf("dev", { vpcConfig: JSON.stringify(without) });
    expect(plain.resources.filter(({ type }) => type.includes("vpcEndpoint"))).to.deep.equal([]);
  });
});

describe("network isolation", () => {
  it("removes the container's network access", async () => {
    const plan = await planOf("dev", { networkIsolation: "true" });
    expect(resourceOf(plan, "triton-server-model").inputs.enableNetworkIsolation).to.equal(true);
  });
});

describe("access logging", () => {
  it("logs requests to the bucket in a separate bucket, once that has no public access", async () => {
    const plan = await planOf("dev", { accessLogging: "true" });
    const logging = resourceOf(plan, "triton-access-logging-logging");
    expect(logging.inputs).to.deep.equal({
      bucket: "${triton-storage-bucket.bucket}",
      targetBucket: "${triton-access-logging-bucket.bucket}",
      targetPrefix: "requests/",
    });
    expect(logging.options.dependsOn).to.have.members(
      ["public-access", "ownership", "encryption", "versioning", "lifecycle", "policy"].map(
        (wall) => `triton-access-logging-${wall}`,
      ),
    );
  });

  it("lets only S3's logging service write to that bucket, and deletes old logs", async () => {
    const plan = await planOf("dev", { accessLogging: "true" });
    const inputsOf = (wall: string) => resourceOf(plan, `triton-access-logging-${wall}`).inputs;
    const bucket = "${triton-access-logging-bucket.bucket}";
    expect(inputsOf("public-access")).to.deep.equal({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputsOf("ownership")).to.deep.equal({ bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    expect(inputsOf("encryption")).to.deep.equal({
      bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    expect(inputsOf("lifecycle")).to.have.deep.nested.property("rules[1].expiration", { days: 90 });
    expect(statementsOf(inputsOf("policy").policy)).to.deep.equal([
      {
        Sid: "WriteAccessLogs",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: "${triton-access-logging-bucket.arn}/*",
        Condition: {
          StringEquals: { "aws:SourceAccount": "${aws.accountId}" },
          ArnLike: { "aws:SourceArn": "${triton-storage-bucket.arn}" },
        },
      },
      {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["${triton-access-logging-bucket.arn}", "${triton-access-logging-bucket.arn}/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    expect(resourceOf(plan, "triton-access-logging-policy").options.dependsOn).to.deep.equal([
      "triton-access-logging-public-access",
    ]);
  });

  it("keeps its logs if the stack's bucket is kept", async () => {
    for (const [stack, survives] of [
      ["dev", false],
      ["prod", true],
    ] as const) {
      const plan = await planOf(stack, { accessLogging: "true" });
      const bucket = resourceOf(plan, "triton-access-logging-bucket");
      expect(bucket.inputs.forceDestroy, stack).to.equal(!survives);
      expect(bucket.options, stack).to.include({ retainOnDelete: survives });
      expect(resourceOf(plan, "triton-access-logging-logging").options.retainOnDelete, stack).to.equal(survives);
    }
  });

  it("is off by default", async () => {
    const plan = await planOf("dev");
    expect(plan.resources.filter(({ name }) => name.includes("access-logging"))).to.deep.equal([]);
  });
});

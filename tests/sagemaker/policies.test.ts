import { expect } from "chai";
import type { PolicyDocument } from "../../sagemaker/policyDocument.ts";
import { tlsOnlyPolicy, untaggedImagesLifecyclePolicy } from "../../sagemaker/resourcePolicies.ts";
import {
  imagePolicy,
  modelDataPolicy,
  observabilityPolicy,
  trustPolicy,
  vpcPolicy,
} from "../../sagemaker/rolePolicies.ts";

const scope = { partition: "aws-cn", region: "cn-north-1", accountId: "123456789012" };
const bucketArn = "arn:aws-cn:s3:::models";

const rolePolicies = {
  modelData: modelDataPolicy([{ bucketArn, key: "artifacts/*", list: true }]),
  image: imagePolicy("arn:aws-cn:ecr:cn-north-1:123456789012:repository/triton"),
  observability: observabilityPolicy(scope, "penguins"),
  vpc: vpcPolicy(scope, ["subnet-1"], ["sg-1"]),
} satisfies Record<string, PolicyDocument>;

describe("the execution role's policies", () => {
  it("name single actions, never a whole service", () => {
    const actions = Object.values(rolePolicies).flatMap(({ Statement }) =>
      Statement.flatMap(({ Action = [] }) => Action),
    );
    expect(actions.filter((action) => action.includes("*"))).to.deep.equal([]);
  });

  it("use * only for actions that don't support resources", () => {
    const everywhere = Object.values(rolePolicies)
      .flatMap(({ Statement }) => Statement)
      .filter(({ Resource }) => Resource === "*")
      .flatMap(({ Action = [] }) => Action);
    expect(everywhere.filter((action) => !action.startsWith("ec2:Describe"))).to.deep.equal([
      "ecr:GetAuthorizationToken",
      "cloudwatch:PutMetricData",
    ]);
  });

  it("restrict metrics by namespace", () => {
    const metrics = rolePolicies.observability.Statement.find(({ Action }) => Action === "cloudwatch:PutMetricData");
    expect(metrics?.Condition).to.deep.equal({
      StringLike: { "cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/*"] },
    });
  });

  it("allow writing only to this endpoint's log group", () => {
    expect(rolePolicies.observability.Statement[0]?.Resource).to.deep.equal([
      "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/penguins",
      "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/sagemaker/Endpoints/penguins:log-stream:*",
    ]);
  });

  it("allow listing the bucket only for a model of single files, and only under their prefix", () => {
    const archive = modelDataPolicy([{ bucketArn, key: "artifacts/*", list: false }]);
    expect(archive.Statement).to.have.length(1);
    expect(archive.Statement[0]).to.include({ Action: "s3:GetObject", Resource: `${bucketArn}/artifacts/*` });
    expect(rolePolicies.modelData.Statement[1]).to.deep.include({
      Action: "s3:ListBucket",
      Resource: bucketArn,
      Condition: { StringLike: { "s3:prefix": "artifacts/*" } },
    });
  });

  it("allow network interfaces only in the given subnets", () => {
    const [, create, use] = rolePolicies.vpc.Statement;
    expect(create?.Resource).to.deep.equal([
      "arn:aws-cn:ec2:cn-north-1:123456789012:network-interface/*",
      "arn:aws-cn:ec2:cn-north-1:123456789012:subnet/subnet-1",
      "arn:aws-cn:ec2:cn-north-1:123456789012:security-group/sg-1",
    ]);
    expect(use?.Condition).to.deep.equal({
      ArnEquals: { "ec2:Subnet": ["arn:aws-cn:ec2:cn-north-1:123456789012:subnet/subnet-1"] },
    });
  });
});

describe("the trust policy", () => {
  it("lets SageMaker assume the role only for this account and region", () => {
    expect(trustPolicy(scope).Statement).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "sagemaker.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws-cn:sagemaker:cn-north-1:123456789012:*" },
        },
      },
    ]);
  });
});

describe("the bucket policy", () => {
  it("denies everyone every request without TLS", () => {
    expect(tlsOnlyPolicy(bucketArn).Statement).to.deep.equal([
      {
        Sid: "DenyInsecureTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});

describe("the repository's lifecycle policy", () => {
  it("deletes only untagged images", () => {
    expect(untaggedImagesLifecyclePolicy(14)).to.have.nested.property("rules[0].selection").that.deep.equals({
      tagStatus: "untagged",
      countType: "sinceImagePushed",
      countUnit: "days",
      countNumber: 14,
    });
  });
});

import { expect } from "chai";
import { omit } from "../../../endpoint/fields.ts";
import { adoptionOf, type Adoption } from "../../../operations/adopt/adoption.ts";
import type { Finding } from "../../../operations/adopt/findings.ts";
import { templateStack, type Serving } from "../../../operations/adopt/oldStack.ts";
import { readTemplate } from "../../../operations/adopt/template.ts";
import { account, deployedNames, oldTemplates, original, region } from "../../support/adopt/oldStacks.ts";

const parameters: Readonly<Record<string, string>> = { "AWS::AccountId": account, "AWS::Region": region };

interface Given {
  readonly names?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly serving?: Serving;
}

function adopt(template: string, { names = {}, serving, ...given }: Given = {}): Adoption {
  const facts = { parameters: { ...parameters, ...given.parameters }, names };
  const stack = templateStack(readTemplate(template, "old.yaml"), "the template old.yaml", facts);
  return adoptionOf({ ...stack, ...(serving && { serving }) });
}

const rowsOf = ({ rows }: Adoption) => rows.map(({ what, resource }) => `${what}: ${resource}`);
const toldBy = (findings: readonly Finding[]) =>
  findings.map(({ resource, line, message }) => `${line ?? "-"} ${resource}: ${message}`);
const kind = (name: keyof typeof oldTemplates) => oldTemplates[name]!;

/** The settings that every template here leads to. */
const shared = (name: string) => ({
  endpointName: `${name}-endpoint`,
  bucketName: `${name}-models`,
  repositoryName: `${name}-images`,
  imageUri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}-images:23.10-py3`,
  costEnv: "production",
  costService: "recommendation",
  protect: true,
  takeOver: ["endpoint", "bucket", "repository"],
});
const instances = (name: string) => ({
  modelDataUrl: `s3://${name}-models/artifacts/${name}/model.tar.gz`,
  environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" },
  instanceType: "ml.m5.xlarge",
  initialInstanceCount: 2,
});

describe("the settings of an endpoint that a template describes", () => {
  it("are those of the original, with its conditions and parameters", () => {
    const { settings, problems } = adopt(kind("the original"), { parameters: { ModelFileName: "model_8.tar.gz" } });
    expect(problems).to.deep.equal([]);
    expect(settings).to.deep.equal({
      endpointName: "sagemaker-endpoint",
      bucketName: "sagemaker-models",
      repositoryName: "sagemaker-tritonserver",
      immutableTags: true,
      imageUri: `${account}.dkr.ecr.${region}.amazonaws.com/sagemaker-tritonserver:23.10-py3`,
      modelDataUrl: "s3://sagemaker-models/artifacts/model_8.tar.gz",
      instanceType: "ml.r5.xlarge",
      initialInstanceCount: 1,
      containerStartupHealthCheckTimeoutInSeconds: 60,
      costEnv: "production",
      costService: "recommendation",
      protect: true,
      takeOver: ["endpoint", "bucket", "repository"],
    });
    const other = adopt(kind("the original"), { parameters: { CostEnv: "staging" } }).settings;
    expect(other).to.include({ costEnv: "staging" }).and.to.not.have.property("immutableTags");
  });

  const vpcConfig = {
    subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    securityGroupIds: ["sg-01234567"],
  };
  const environment = { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins" };
  const scaled = omit(instances("scaled"), "initialInstanceCount");
  for (const [name, prefix, expected] of [
    ["with a VPC", "vpc", { ...instances("vpc"), vpcConfig }],
    [
      "with a KMS key",
      "kms",
      { ...instances("kms"), kmsKeyArn: `arn:aws:kms:${region}:${account}:key/${deployedNames.Key}` },
    ],
    [
      "with autoscaling",
      "scaled",
      {
        ...scaled,
        autoscaling: { minCapacity: 2, maxCapacity: 6, invocationsPerInstance: 70, scaleInCooldown: 600 },
        takeOver: ["endpoint", "bucket", "repository", "autoscaling"],
      },
    ],
    [
      "asynchronous",
      "queued",
      {
        ...instances("queued"),
        asyncInference: { maxConcurrentInvocationsPerInstance: 4 },
        role: `arn:aws:iam::${account}:role/queued-role`,
      },
    ],
    [
      "with two variants",
      "variants",
      {
        variants: {
          Blue: { ...instances("variants"), initialVariantWeight: 3 },
          Green: {
            ...{ modelDataUrl: "s3://variants-models/artifacts/variants/other.tar.gz", environment },
            ...{ instanceType: "ml.c5.xlarge", initialInstanceCount: 2, initialVariantWeight: 1 },
          },
        },
      },
    ],
    [
      "with data capture",
      "captured",
      { ...instances("captured"), dataCapture: { initialSamplingPercentage: 20, output: false } },
    ],
  ] as const) {
    it(`are those of an endpoint ${name}`, () => {
      const { settings, problems } = adopt(kind(name), { names: deployedNames });
      expect(problems).to.deep.equal([]);
      expect(settings).to.deep.equal({ ...shared(prefix), ...expected });
    });
  }

  it("have the names that CloudFormation made up, once CDK's stack is deployed", () => {
    const deployed = adopt(kind("of CDK"), { names: deployedNames });
    expect(deployed.problems).to.deep.equal([]);
    expect(deployed.settings).to.include({ bucketName: deployedNames.Models, repositoryName: deployedNames.Images });
    expect(toldBy(deployed.stricter).at(-1)).to.match(
      /^\d+ Policy RoleDefaultPolicy5FFB7DAB: allows s3:GetObject\*.* on \*; the new role doesn't$/,
    );
    const [problem] = adopt(kind("of CDK")).problems;
    expect(problem?.message).to.match(
      /PrimaryContainer\.Image: AWS named the AWS::ECR::Repository Images, .* give the deployed stack by its name/,
    );
  });

  it("have the instances that the endpoint was given since", () => {
    const serving = { status: "InService", endpointConfigName: "made-up", counts: { AllTraffic: 5 } };
    const { settings, problems } = adopt(kind("the original"), { serving, names: { Configuration: "made-up" } });
    expect(problems).to.deep.equal([]);
    expect(settings).to.include({ initialInstanceCount: 5 });
  });
});

describe("what becomes of an old stack", () => {
  it("is told for each of its resources, with its line", () => {
    const adoption = adopt(kind("the original"));
    expect(rowsOf(adoption)).to.deep.equal([
      "taken over: Endpoint sagemaker-endpoint",
      "made new: EndpointConfig Configuration",
      "made new: Model Model",
      "taken over: Bucket sagemaker-models",
      "taken over: Repository sagemaker-tritonserver",
      "made new: Role",
      "left: Role sagemaker-role",
    ]);
    const lines = kind("the original").split("\n");
    for (const { line, resource } of adoption.rows) {
      if (line !== undefined) expect(lines[line - 1], resource).to.match(/^ {2}\w+:$/);
    }
    expect(adoption.stricter.map(({ message }) => message)).to.include(
      "CloudWatchLogsWrite allows logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents on *; the new role doesn't",
    );
  });

  it("keeps the role where others may know it", () => {
    expect(rowsOf(adopt(kind("asynchronous")))).to.include("used: Role queued-role");
    const strict = kind("with a KMS key")
      .replace(/Fn::Sub: arn:.*:root/, "Ref: AWS::AccountId")
      .replace(/AWS:\n\s+Ref: AWS::AccountId/, "AWS: arn:aws:iam::123456789012:role/kms-role");
    expect(strict).to.include("role/kms-role");
    const { settings, rows } = adopt(strict, { names: deployedNames });
    expect(settings.role).to.equal(`arn:aws:iam::${account}:role/kms-role`);
    expect(rows.find(({ resource }) => resource === "Role kms-role")?.why).to.match(
      /^is kept, because the policy of the key .* doesn't know a new role$/,
    );
  });

  it("uses a bucket with rules of its own without changing it", () => {
    const rules = kind("with a VPC").replace(
      "      BucketName:",
      "      LifecycleConfiguration: { Rules: [] }\n      BucketName:",
    );
    const { settings, rows } = adopt(rules);
    expect(settings).to.include({ bucket: "vpc-models" }).and.to.not.have.property("bucketName");
    expect(settings.takeOver).to.deep.equal(["endpoint", "repository"]);
    expect(rows.find(({ resource }) => resource === "Bucket vpc-models")?.why).to.match(
      /would replace its lifecycle rules$/,
    );
  });

  it("uses a repository that AWS's own key encrypts, as ECR can't change it", () => {
    const encrypted = kind("with a VPC").replace(
      "      RepositoryName:",
      "      EncryptionConfiguration: { EncryptionType: KMS }\n      RepositoryName:",
    );
    const { settings, rows } = adopt(encrypted);
    expect(settings).to.not.have.property("repositoryName");
    expect(rows.find(({ resource }) => resource === "Repository vpc-images")?.what).to.equal("used");
  });

  it("lists by name what is left over, without what others need", () => {
    expect(adopt(kind("with a VPC")).leftOver).to.deep.equal([
      "EndpointConfig Configuration",
      "Model Model",
      "Role vpc-role",
    ]);
    expect(adopt(kind("asynchronous")).leftOver).to.deep.equal(["EndpointConfig Configuration", "Model Model"]);
    const shared = kind("with a VPC").replace(
      "  Configuration:",
      `  Other:
    Type: AWS::SageMaker::Model
    Properties: { ExecutionRoleArn: { Fn::GetAtt: [Role, Arn] } }
  Configuration:`,
    );
    expect(adopt(shared).leftOver).to.deep.equal(["EndpointConfig Configuration", "Model Model"]);
  });

  it("leaves autoscaling as it is that the settings can't describe", () => {
    const stepped = kind("with autoscaling").replace(
      "SageMakerVariantInvocationsPerInstance",
      "SageMakerVariantConcurrentRequestsPerModelHighResolution",
    );
    const { settings, rows } = adopt(stepped);
    expect(settings).to.not.have.property("autoscaling");
    expect(rows.filter(({ what }) => what === "used").map(({ resource }) => resource)).to.deep.equal([
      "ScalableTarget Target",
      "ScalingPolicy their-policy",
    ]);
  });
});

describe("a move that would lose something", () => {
  const refused = (template: string, given?: Given) =>
    toldBy(adopt(template, { names: deployedNames, ...given }).problems);

  it("is refused for each resource that goes with the old stack", () => {
    expect(adopt(original).problems.map(({ resource, message }) => `${resource} ${message}`)).to.deep.equal(
      ["Repository sagemaker-tritonserver", "Endpoint sagemaker-endpoint"].map(
        (resource) =>
          `${resource} lacks DeletionPolicy: Retain, so it would be deleted with the old stack: add it, and update the old stack first`,
      ),
    );
    for (const [name, resource] of [
      ["with a KMS key", "Key"],
      ["with autoscaling", "Policy"],
      ["asynchronous", "Role"],
    ] as const) {
      const lacking = kind(name).replace(
        new RegExp(`(^  ${resource}:(?:\n {4,}.*)*?\n {4}DeletionPolicy: )Retain`, "m"),
        "$1Delete",
      );
      expect(refused(lacking), name).to.have.length(1);
    }
  });

  it("is refused without what only AWS or the user knows, all at once", () => {
    const facts = { parameters: {}, names: {} };
    const stack = templateStack(readTemplate(kind("the original"), "old.yaml"), "the template old.yaml", facts);
    expect(toldBy(adoptionOf(stack).problems)).to.deep.equal([
      "81 Model Model: PrimaryContainer.Image: AWS::AccountId isn't known: add --parameter AWS::AccountId=VALUE",
      "79 Model Model: ExecutionRoleArn: AWS::AccountId isn't known: add --parameter AWS::AccountId=VALUE",
      "- aws:region: the region isn't known: add --region REGION",
    ]);
  });

  it("is refused for rollback alarms, several containers, many models and shadows", () => {
    const vpc = kind("with a VPC");
    const alarms =
      "      DeploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: a }] } }\n      EndpointName:";
    for (const [from, to, message] of [
      ["      EndpointName:", alarms, /rollback alarms can't be taken over/],
      [
        "      PrimaryContainer:",
        "      Containers: [{ Image: a }, { Image: b }]\n      Unused:",
        /pipeline of several containers/,
      ],
      ["        ModelDataUrl:", "        Mode: MultiModel\n        ModelDataUrl:", /Mode MultiModel/],
      ["      ProductionVariants:", "      ShadowProductionVariants: []\n      ProductionVariants:", /shadow test/],
    ] as const) {
      const changed = vpc.replace(from, to);
      expect(changed).to.not.equal(vpc);
      expect(refused(changed).join("\n")).to.match(message);
    }
  });

  it("is refused while the endpoint doesn't serve, or serves what the template doesn't say", () => {
    const serving = { status: "Updating", endpointConfigName: "another", counts: {} };
    const given = { names: { Configuration: "made-up" } };
    const found = refused(kind("the original"), { serving, ...given });
    expect(found[0]).to.match(/is Updating, and only an endpoint in service can be taken over/);
    expect(found[1]).to.match(/serves another, which the template old.yaml doesn't say/);
    const others = { status: "InService", endpointConfigName: "made-up", counts: {}, owner: "other" };
    expect(refused(kind("the original"), { serving: others, ...given }).join()).to.match(
      /belongs to the stack other, and the template old.yaml has it too: give other as the source/,
    );
  });

  it("is refused with what the settings' own check says", () => {
    const changed = kind("with a VPC").replace("InstanceType: ml.m5.xlarge", "InstanceType: ml.c7g.xlarge");
    expect(refused(changed).join()).to.match(/settings: instanceType/);
  });
});

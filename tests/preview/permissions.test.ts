import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import type { Plan, PlannedResource } from "../../preview/plan.ts";
import { stackPermissions } from "../../preview/permissions/stackPermissions.ts";
import { statePermissions } from "../../preview/permissions/statePermissions.ts";
import type { PermissionPolicy } from "../../preview/permissions/mergedStatements.ts";
import facts from "../../sagemaker/permissions.json" with { type: "json" };
import { planOf } from "../support/plans.ts";

const scope = { region: "us-east-1", account: "123456789012" };
const actionsOf = ({ Statement }: PermissionPolicy) => Statement.flatMap(({ Action }) => Action);
const on = ({ Statement }: PermissionPolicy, action: string) =>
  Statement.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
const planned = (...resources: Partial<PlannedResource>[]): Plan => ({
  ...{ project: "shop", stack: "dev", outputs: {}, notes: [] },
  resources: resources.map((resource) => ({ type: "", name: "", inputs: {}, options: {}, ...resource })),
});

describe("the permissions to deploy a stack", () => {
  it("name resources as they are known: by their names, or by what Pulumi's own names begin with", async () => {
    const policy = stackPermissions(await planOf("prod"), scope);
    const [endpoint, configuration] = [
      "endpoint/sagemaker-triton-prod",
      "endpoint-config/triton-server-configuration-*",
    ];
    expect(on(policy, "sagemaker:UpdateEndpoint")).to.deep.equal(
      [configuration, endpoint].map((name) => `arn:aws:sagemaker:us-east-1:123456789012:${name}`),
    );
    expect(on(policy, "s3:PutObject")).to.deep.equal(["arn:aws:s3:::triton-storage-bucket-*/artifacts/*"]);
    expect(on(policy, "ecr:PutImage")).to.deep.equal([
      "arn:aws:ecr:us-east-1:123456789012:repository/triton-registry-repository-*",
    ]);
    expect(on(policy, "logs:CreateLogGroup")[0]).to.match(
      /log-group:\/aws\/sagemaker\/Endpoints\/sagemaker-triton-prod$/,
    );
  });

  it("allow SageMaker alone to get the execution role", async () => {
    const { Statement } = stackPermissions(await planOf("prod"), scope);
    expect(Statement.find(({ Action }) => Action.includes("iam:PassRole"))).to.deep.include({
      Resource: ["arn:aws:iam::123456789012:role/triton-execution-role-*"],
      Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    });
  });

  it("don't include the deletion of what stays in AWS", async () => {
    const [prod, dev] = [await planOf("prod"), await planOf("dev")].map((plan) => actionsOf(stackPermissions(plan)));
    for (const action of ["s3:DeleteBucket", "sagemaker:DeleteModel", "sagemaker:DeleteEndpoint", "iam:DeleteRole"]) {
      expect(prod, action).to.not.include(action);
      expect(dev, action).to.include(action);
    }
  });

  it("fit into the inline policies of a role, with what comes after a deployment", async () => {
    const policy = stackPermissions(await planOf("prod"), { ...scope, smoke: true });
    expect(JSON.stringify(policy).length).to.be.below(10_240);
    expect(actionsOf(policy)).to.include.members(["sagemaker:InvokeEndpoint", "logs:FilterLogEvents"]);
    expect(actionsOf(policy)).to.not.include("sagemaker:InvokeEndpointAsync");
  });

  it("include the key of what is encrypted with it", async () => {
    const given = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const existing = stackPermissions(await planOf("dev", { kmsKeyArn: given }), scope);
    expect(on(existing, "kms:GenerateDataKey")).to.deep.equal([given]);
    const created = stackPermissions(await planOf("dev", { createKmsKey: "true" }), scope);
    expect(on(created, "kms:GenerateDataKey")).to.deep.equal(["arn:aws:kms:us-east-1:123456789012:key/*"]);
    expect(actionsOf(stackPermissions(await planOf("dev")))).to.not.include("kms:GenerateDataKey");
  });

  it("are the same document whatever the order of the resources", async () => {
    const plan = await planOf("prod");
    const reversed = { ...plan, resources: plan.resources.toReversed() };
    expect(stackPermissions(reversed)).to.deep.equal(stackPermissions(plan));
  });

  it("name SageMaker's resources in lower case too, as its ARNs do", () => {
    const model = { type: "aws:sagemaker/model:Model", name: "m", inputs: { name: "Birds", executionRoleArn: "r" } };
    expect(on(stackPermissions(planned(model), scope), "sagemaker:CreateModel")).to.deep.equal([
      "arn:aws:sagemaker:us-east-1:123456789012:model/Birds",
      "arn:aws:sagemaker:us-east-1:123456789012:model/birds",
    ]);
  });

  it("leave out what another pattern covers, and take the partition from the region", () => {
    const bucket = { type: "aws:s3/bucket:Bucket", name: "b", inputs: { bucket: "data" } };
    const object = (name: string, key: string) => ({
      ...{ type: "aws:s3/bucketObjectv2:BucketObjectv2", name },
      inputs: { bucket: "${b.bucket}", key },
    });
    const plan = planned(bucket, object("one", "artifacts/a"), object("two", "c"));
    expect(on(stackPermissions(plan, { region: "cn-north-1" }), "s3:PutObject")).to.deep.equal([
      "arn:aws-cn:s3:::data/*",
    ]);
  });

  it("are refused for a type that the table lacks", () => {
    expect(() => stackPermissions(planned({ type: "aws:sqs/queue:Queue" }))).to.throw(
      "aws:sqs/queue:Queue: its permissions aren't known: add it to sagemaker/permissions.json",
    );
  });
});

describe("the permissions to preview a stack", () => {
  it("change nothing", async () => {
    for (const stack of ["dev", "prod"]) {
      const actions = actionsOf(stackPermissions(await planOf(stack), { ...scope, preview: true }));
      const writing = actions.filter((action) => !/:(Describe|Get|List|BatchGet|View)/.test(action));
      expect(writing, stack).to.deep.equal([]);
    }
  });

  it("are among those to deploy it", async () => {
    const plan = await planOf("prod");
    const deploy = actionsOf(stackPermissions(plan));
    expect(deploy).to.include.members(actionsOf(stackPermissions(plan, { preview: true })));
  });
});

describe("the permissions for Pulumi's state", () => {
  it("are those on the stacks' files and the key, and of a preview only its lock is written", () => {
    const places = {
      backend: "s3://states/team?region=eu-central-1",
      secretsProvider: "awskms:///arn:aws:kms:eu-central-1:123456789012:key/1a-2b",
    };
    const [up, preview] = [statePermissions(places), statePermissions({ ...places, preview: true })];
    expect(on(up, "s3:PutObject")).to.deep.equal(["arn:aws:s3:::states/team/.pulumi/*"]);
    expect(on(preview, "s3:PutObject")).to.deep.equal(["arn:aws:s3:::states/team/.pulumi/locks/*"]);
    expect(on(preview, "s3:GetObject")).to.deep.equal(["arn:aws:s3:::states/team/.pulumi/*"]);
    expect(on(up, "kms:Decrypt")).to.deep.equal(["arn:aws:kms:eu-central-1:123456789012:key/1a-2b"]);
  });

  it("allow a key that is given by its alias only by that alias", () => {
    const { Statement } = statePermissions({ secretsProvider: "awskms://alias/pulumi?region=eu-central-1" });
    expect(Statement).to.deep.equal([
      {
        ...{ Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["arn:aws:kms:eu-central-1:*:key/*"] },
        Condition: { StringEquals: { "kms:RequestAlias": "alias/pulumi" } },
      },
    ]);
  });

  it("are refused for addresses elsewhere", () => {
    expect(() => statePermissions({ backend: "gs://states" })).to.throw(
      "--backend: gs://states isn't in S3: use s3://",
    );
    expect(() => statePermissions({ secretsProvider: "gcpkms://x" })).to.throw(
      "--secrets-provider: gcpkms://x isn't a key of KMS: use awskms://",
    );
  });
});

describe("the table of permissions", () => {
  const types: Readonly<Record<string, object>> = facts.types;
  const tableText = JSON.stringify(types);

  it("has every type that the components register", () => {
    const sources = globSync("components/*.ts").map((file) => readFileSync(file, "utf8"));
    const imported = sources.flatMap((source) => [...source.matchAll(/"@pulumi\/aws\/(\w+)\/(\w+)\.js"/g)]);
    const registered = imported
      .map(([, module = "", type = ""]) => `aws:${module}/${type}:${type.charAt(0).toUpperCase()}${type.slice(1)}`)
      .filter((type) => !/\/get[A-Z]/.test(type));
    expect(registered).to.have.length.above(20);
    expect(Object.keys(types)).to.include.members(registered);
  });

  it("has every call that the program makes of AWS, and those of smoke", () => {
    const calls = [
      ...globSync("releases/*.ts"),
      ...["endpointStatus", "sagemakerSender", "containerLog", "asyncInvocation"].map(
        (name) => `operations/${name}.ts`,
      ),
    ].flatMap((file) => callsIn(readFileSync(file, "utf8")));
    expect(calls).to.have.length.above(20);
    // Only `npm run invoke` and `npm run load` ask for a stream.
    const missing = calls.filter((call) => !tableText.includes(`"${call}"`) && !call.endsWith("WithResponseStream"));
    expect(missing).to.deep.equal([]);
  });

  it("has what the provider's functions ask that the program calls", () => {
    const files = [...globSync("components/*.ts"), ...globSync("releases/*.ts")];
    const called = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/"@pulumi\/aws\/(?:\w+\/)?(get\w+)\.js"/g)].map(([, name = ""]) => name),
    );
    expect(Object.keys(functions)).to.have.members([...new Set(called)]);
    const missing = Object.values(functions)
      .flat()
      .filter((action) => !tableText.includes(`"${action}"`));
    expect(missing).to.deep.equal([]);
  });

  it("names its actions, conditions and sources without an empty one", () => {
    for (const [type, entry] of Object.entries(facts.types)) expect(entry.source, type).to.match(/\w/);
    const actions = [...tableText.matchAll(/"([a-z0-9-]+:[A-Z]\w+)"/g)].map(([, action]) => action);
    for (const action of [...facts.anyResource, ...Object.keys(facts.conditions)]) expect(actions).to.include(action);
  });
});

/** The actions that the provider's functions need; none for who and where one is. */
const functions: Readonly<Record<string, readonly string[]>> = {
  getAuthorizationToken: ["ecr:GetAuthorizationToken"],
  getBucket: ["s3:ListBucket"],
  getCallerIdentity: [],
  getImage: ["ecr:DescribeImages"],
  getLogGroup: ["logs:DescribeLogGroups", "logs:ListTagsForResource"],
  getManagedPrefixList: ["ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"],
  getObject: ["s3:GetObject", "s3:GetObjectTagging"],
  getPartition: [],
  getPrebuiltEcrImage: [],
  getRegion: [],
  getRepository: ["ecr:DescribeRepositories", "ecr:ListTagsForResource"],
  getRole: ["iam:GetRole"],
};

const services: Readonly<Record<string, string>> = {
  "application-auto-scaling": "application-autoscaling",
  "cloudwatch-logs": "logs",
  "sagemaker-runtime": "sagemaker",
};

/** What IAM calls otherwise than the API: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const otherwise: Readonly<Record<string, string>> = {
  "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
};

/** The actions of the commands and paginators that a source imports. */
function callsIn(source: string): string[] {
  return [...source.matchAll(/const \{([^}]*)\} =\s*await import\("@aws-sdk\/client-([\w-]+)"\)/g)].flatMap(
    ([, names = "", client = ""]) =>
      [...names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)].map(([, paged, sent]) => {
        const action = `${services[client] ?? client}:${paged ?? sent ?? ""}`;
        return otherwise[action] ?? action;
      }),
  );
}

import { expect } from "chai";
import { inputChanges } from "../../../preview/changes/inputChanges.ts";
import { resourceChanges } from "../../../preview/changes/resourceChanges.ts";
import { stackDifferences } from "../../../preview/changes/stackDifferences.ts";
import type { PlannedResource } from "../../../preview/plan.ts";
import { planOf } from "../../support/plans.ts";
import { somePlan, somePolicy, someResource } from "./somePlan.ts";

const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const write = { Effect: "Allow", Action: "s3:PutObject", Resource: "*" };

describe("the inputs that differ", () => {
  const between = (before: unknown, after: unknown) => inputChanges(before, after, () => false);

  it("are compared leaf by leaf, with their paths", () => {
    const before = { variants: [{ type: "ml.m5.large", count: 1 }], tags: { A: "1" }, same: [1] };
    const after = { variants: [{ type: "ml.m5.xlarge", count: 1 }, { type: "ml.g5.xlarge" }], tags: {}, same: [1] };
    expect(between(before, after)).to.deep.equal([
      { path: "variants[0].type", before: "ml.m5.large", after: "ml.m5.xlarge" },
      { path: "variants[1]", after: { type: "ml.g5.xlarge" } },
      { path: "tags.A", before: "1" },
    ]);
  });

  it("are a policy's statements gained and lost, whatever their order", () => {
    expect(between({ policy: somePolicy(read, write) }, { policy: somePolicy(write, read) })).to.deep.equal([]);
    expect(between({ policy: somePolicy(read) }, { policy: somePolicy(write) })).to.deep.equal([
      { path: "policy.Statement", after: write },
      { path: "policy.Statement", before: read },
    ]);
  });

  it("are those of a JSON document in a text, and a text that only looks like one is compared as text", () => {
    expect(between({ body: '{"start":"-PT6H","rows":[1]}' }, { body: '{"start":"-PT3H","rows":[1]}' })).to.deep.equal([
      { path: "body.start", before: "-PT6H", after: "-PT3H" },
    ]);
    expect(between({ body: '{"a' }, { body: '{"b' })).to.deep.equal([{ path: "body", before: '{"a', after: '{"b' }]);
  });

  it("include a reference to an output that only the update knows", () => {
    const inputs = { modelName: "${model.name}" };
    expect(inputChanges(inputs, inputs, (name, output) => name === "model" && output === "name")).to.deep.equal([
      { path: "modelName", before: "${model.name}", after: "${model.name}", follows: "model" },
    ]);
  });
});

describe("the resources that differ", () => {
  const kinds = (before: readonly PlannedResource[], after: readonly PlannedResource[]) =>
    resourceChanges(somePlan(before), somePlan(after)).map(({ kind, name, because }) =>
      [kind, name, ...because].join(" "),
    );

  it("are created in the program's order, and deleted dependents first", () => {
    const [topic, alarm] = [someResource("sns/topic:Topic", "topic"), someResource("kms/key:Key", "key")];
    expect(kinds([], [topic, alarm])).to.deep.equal(["create topic", "create key"]);
    expect(kinds([topic, alarm], [])).to.deep.equal(["delete key", "delete topic"]);
    expect(kinds([topic, alarm], [topic, alarm])).to.deep.equal([]);
  });

  it("are replaced because of an input that only a new one can have, and with them what has their outputs", () => {
    const stack = (image: string) => [
      someResource("sagemaker/model:Model", "model", { primaryContainer: { image } }),
      someResource("sagemaker/endpointConfiguration:EndpointConfiguration", "configuration", {
        productionVariants: [{ modelName: "${model.name}" }],
      }),
      someResource("sagemaker/endpoint:Endpoint", "endpoint", { endpointConfigName: "${configuration.name}" }),
      someResource("cloudwatch/dashboard:Dashboard", "dashboard", { dashboardName: "${endpoint.name}" }),
    ];
    expect(kinds(stack("a"), stack("b"))).to.deep.equal([
      "replace model primaryContainer.image",
      "replace configuration productionVariants[0].modelName",
      "update endpoint",
    ]);
  });

  it("delete the old one first where it has a name of its own, unless the program says otherwise", () => {
    const role = (path: string, deleteBeforeReplace?: boolean) => [
      someResource(
        "iam/role:Role",
        "role",
        { name: "triton", path },
        deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace },
      ),
    ];
    const first = (before: PlannedResource[], after: PlannedResource[]) =>
      resourceChanges(somePlan(before), somePlan(after)).map(({ deleteBeforeReplace }) => deleteBeforeReplace);
    expect(first(role("/"), role("/x/"))).to.deep.equal([true]);
    expect(first(role("/", false), role("/x/", false))).to.deep.equal([false]);
    expect(
      first([someResource("iam/role:Role", "role", {})], [someResource("iam/role:Role", "role", { path: "/x/" })]),
    ).to.deep.equal([false]);
  });

  it("are replaced because of the program's own options, too", () => {
    const policy = (statement: object) =>
      someResource(
        "iam/rolePolicy:RolePolicy",
        "policy",
        { policy: somePolicy(statement) },
        { replaceOnChanges: ["policy"] },
      );
    expect(kinds([policy(read)], [policy(write)])).to.deep.equal(["replace policy policy.Statement"]);
    const topic = (replacementTrigger: unknown) => someResource("sns/topic:Topic", "topic", {}, { replacementTrigger });
    expect(kinds([topic({ wait: 1 })], [topic({ wait: 2 })])).to.deep.equal(["replace topic replacementTrigger"]);
  });

  it("leave out inputs whose changes the program has the engine ignore, parts of one among them", () => {
    const endpoint = (alarm: string, wait: number) =>
      someResource(
        "sagemaker/endpoint:Endpoint",
        "endpoint",
        { deploymentConfig: { autoRollbackConfiguration: { alarms: [alarm] }, wait } },
        { ignoreChanges: ["deploymentConfig.autoRollbackConfiguration"] },
      );
    expect(kinds([endpoint("a", 1)], [endpoint("b", 1)])).to.deep.equal([]);
    expect(kinds([endpoint("a", 1)], [endpoint("b", 2)])).to.deep.equal(["update endpoint"]);
    const bare = someResource("sagemaker/endpoint:Endpoint", "endpoint", {}, endpoint("a", 1).options);
    expect(kinds([bare], [endpoint("a", 1)])).to.deep.equal(["update endpoint"]);
  });

  it("say whether the old one stays in AWS, and whether the engine refuses", () => {
    const bucket = (bucketName: string) =>
      someResource("s3/bucket:Bucket", "bucket", { bucket: bucketName }, { retainOnDelete: true, protect: true });
    const told = resourceChanges(somePlan([bucket("a")]), somePlan([bucket("b")]));
    expect(told).to.have.length(1);
    expect(told[0]).to.include({ kind: "replace", retained: true, protected: true });
    expect(resourceChanges(somePlan([bucket("a")]), somePlan([]))[0]).to.include({ kind: "delete", protected: true });
  });

  it("have another digest where the upstream image has another tag", async () => {
    const [before, after] = [await planOf("dev"), await planOf("dev", { imageTag: "25.09-py3" })];
    expect(resourceChanges(before, after).map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      "replace triton-registry-upstream",
      "replace triton-registry-tag",
      "replace triton-registry-image",
      "replace triton-server-model",
      "replace triton-server-configuration",
      "update triton-server-endpoint",
    ]);
  });

  it("don't include a model's archive that lies elsewhere but has the same content", () => {
    const object = (path: string, key: string) =>
      someResource("s3/bucketObjectv2:BucketObjectv2", "model", { key, source: { path } });
    expect(kinds([object("/a", "one")], [object("/b", "one")])).to.deep.equal([]);
    expect(kinds([object("/a", "one")], [object("/b", "two")])).to.deep.equal(["replace model key"]);
  });

  it("say of an alarm when it fires, before and after", () => {
    const alarm = (threshold: number, extra = {}) =>
      someResource("cloudwatch/metricAlarm:MetricAlarm", "alarm", {
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        metricName: "ModelLatency",
        statistic: "p99",
        period: 60,
        threshold,
        ...extra,
      });
    const [change] = resourceChanges(somePlan([alarm(10)]), somePlan([alarm(20, { alarmActions: ["${topic.arn}"] })]));
    expect(change?.alarm).to.deep.equal({
      before:
        "fires when p99 of ModelLatency is greater than or equal to 10 in 3 of 5 periods of 60 s, takes missing data as missing, tells nobody",
      after:
        "fires when p99 of ModelLatency is greater than or equal to 20 in 3 of 5 periods of 60 s, takes missing data as missing, tells ${topic.arn}",
    });
  });
});

describe("two stacks beside each other", () => {
  it("differ in inputs and in what only one has, and nothing of one is replaced by the other", () => {
    const dev = somePlan([someResource("sns/topic:Topic", "topic", { name: "a" }), someResource("kms/key:Key", "key")]);
    const prod = somePlan([
      someResource("sns/topic:Topic", "topic", { name: "b" }),
      someResource("sns/topicPolicy:TopicPolicy", "policy", { arn: "${topic.arn}" }),
    ]);
    expect(stackDifferences(dev, prod)).to.deep.equal([
      {
        kind: "update",
        type: "aws:sns/topic:Topic",
        name: "topic",
        inputs: [{ path: "name", before: "a", after: "b" }],
        because: [],
      },
      { kind: "create", type: "aws:sns/topicPolicy:TopicPolicy", name: "policy", inputs: [], because: [] },
      { kind: "delete", type: "aws:kms/key:Key", name: "key", inputs: [], because: [] },
    ]);
  });
});

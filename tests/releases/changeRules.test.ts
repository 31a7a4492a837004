import { expect } from "chai";
import { readFileSync } from "node:fs";
import { changeProblems, upgradeNotes, type PlannedEndpoint } from "../../releases/changeRules.ts";
import { earlierEndpoint, type EarlierEndpoint } from "../../releases/earlierEndpoint.ts";

const serving: EarlierEndpoint = {
  endpointName: "penguins",
  region: "us-east-1",
  rollbackAlarmNames: [],
  modelNames: ["triton-server-model-1a2b3c4"],
  keepReleases: false,
  asyncInference: false,
  serverless: false,
  variantNames: ["AllTraffic"],
  scaledVariants: [],
  bucketName: "triton-storage-bucket-1a2b3c4",
  bucketNamed: false,
  reachedBuckets: [],
  logGroups: [],
  keylessPrefix: false,
};

const same: PlannedEndpoint = {
  stack: "dev",
  endpointName: "penguins",
  region: "us-east-1",
  protect: false,
  modelNames: [],
  asyncInference: false,
  serverless: false,
  variantNames: ["AllTraffic"],
  rollout: false,
  createKmsKey: false,
};

const key = "arn:aws:kms:us-east-1:123456789012:key/1";

const problems = (planned: Partial<PlannedEndpoint>, earlier: Partial<EarlierEndpoint> = {}) => [
  ...changeProblems({ ...serving, ...earlier }, { ...same, ...planned }),
];

describe("a newer version of the program", () => {
  it("says that it releases by itself what version 1.0.0 encrypted with a key", () => {
    const first = { ...serving, keylessPrefix: true };
    expect([...upgradeNotes(first, { ...same, kmsKeyArn: key })]).to.deep.equal([
      "This update is a release of penguins, even if no setting changed: since version 1.0.0, models that a KMS key encrypts are stored under artifacts/kms-…/, so they are uploaded again and the endpoint moves to them, once.",
    ]);
    expect([...upgradeNotes(first, { ...same, createKmsKey: true })]).to.have.length(1);
    expect([...upgradeNotes(first, same)], "without a key").to.deep.equal([]);
    expect([...upgradeNotes(serving, { ...same, kmsKeyArn: key })], "the next run").to.deep.equal([]);
  });
});

describe("changing a deployed endpoint", () => {
  it("is fine if nothing changes", () => {
    expect(problems({})).to.deep.equal([]);
  });

  it("to another name is refused, and the message gives both ways to do it", () => {
    expect(problems({ endpointName: "birds" })).to.deep.equal([
      "endpointName birds: can't be changed, because the endpoint penguins would be deleted and its callers would get errors: keep it with pulumi config set endpointName penguins --stack dev, serve birds from another stack and move the callers first, or allow it with pulumi config set replaceEndpoint penguins --stack dev",
    ]);
  });

  it("to another name is allowed if replaceEndpoint names exactly the endpoint to delete", () => {
    expect(problems({ endpointName: "birds", replaceEndpoint: "penguins" })).to.deep.equal([]);
    expect(problems({ endpointName: "birds", replaceEndpoint: "fish" })).to.have.length(1);
  });

  it("to another name is refused if the endpoint is protected, whatever replaceEndpoint says", () => {
    const [problem] = problems({ endpointName: "birds", replaceEndpoint: "penguins", protect: true });
    expect(problem).to.include("which is protected").and.to.include("set protect to false");
  });

  it("to the stack's own Model by modelName is refused until the stack was updated with keepReleases", () => {
    const modelNames = ["triton-server-model-1a2b3c4"];
    expect(problems({ modelNames })).to.deep.equal([
      "modelName triton-server-model-1a2b3c4: can't be used, because the stack created this Model without keepReleases and would delete it while the endpoint serves it: remove modelName, set keepReleases and update, then set modelName",
    ]);
    expect(problems({ modelNames }, { keepReleases: true })).to.deep.equal([]);
    expect(problems({ modelNames: ["somebody-elses"] })).to.deep.equal([]);
  });

  it("to another region is refused, because it would delete everything in service", () => {
    expect(problems({ region: "eu-west-1" })[0]).to.match(/^aws:region eu-west-1: can't be changed from us-east-1/);
    expect(problems({ region: undefined })).to.deep.equal([]);
  });

  it("to or from asynchronous inference is refused under the same name and allowed under another", () => {
    expect(problems({ asyncInference: true })[0]).to.match(/^asyncInference: can't be added, .*InvokeEndpoint/);
    expect(problems({}, { asyncInference: true })[0]).to.match(
      /^asyncInference: can't be removed, .*SageMaker can't take it/,
    );
    const another = { endpointName: "birds", replaceEndpoint: "penguins", asyncInference: true };
    expect(problems(another)).to.deep.equal([]);
  });

  it("from instances to serverless is refused, but not the other way round", () => {
    expect(problems({ serverless: true })[0]).to.match(
      /^serverless: can't be added, because the endpoint penguins has instances/,
    );
    expect(problems({}, { serverless: true })).to.deep.equal([]);
  });

  it("to other variant names is refused with a rollout, but reordering them is allowed", () => {
    expect(problems({ variantNames: ["a", "b"], rollout: true })[0]).to.match(/^rollout: .*from AllTraffic to a, b,/);
    expect(problems({ variantNames: ["a", "b"], rollout: true }, { variantNames: ["b", "a"] })).to.deep.equal([]);
    expect(problems({ variantNames: ["a", "b"] })).to.deep.equal([]);
  });

  it("to another bucket name is refused if the bucket is protected, whether bucketName is set, changed or removed", () => {
    expect(problems({ bucketName: "models", protect: true })[0]).to.match(
      /^bucketName models: can't be changed, because it would replace the bucket/,
    );
    const named = { bucketName: "models", bucketNamed: true };
    expect(problems({ protect: true }, named)[0]).to.match(/^bucketName \(not set\): can't be changed/);
    expect(problems({ bucketName: "models", protect: true }, named)).to.deep.equal([]);
    expect(problems({ bucketName: "models" })).to.deep.equal([]);
  });

  it("to another key is refused with the same repository name, because names are unique", () => {
    const repository = { name: "images", kmsKeyArn: key };
    expect(problems({ repositoryName: "images" }, { repository })[0]).to.match(
      /with no KMS key, .*another repositoryName/,
    );
    expect(problems({ repositoryName: "images", kmsKeyArn: `${key}2` }, { repository })).to.have.length(1);
    expect(problems({ repositoryName: "images", createKmsKey: true }, { repository })).to.have.length(1);
    expect(problems({ repositoryName: "images", createKmsKey: true }, { repository, madeKeyArn: key })).to.deep.equal(
      [],
    );
    expect(problems({ repositoryName: "images", kmsKeyArn: key }, { repository })).to.deep.equal([]);
    expect(problems({ repositoryName: "images", kmsKeyArn: "unknown" }, { repository })).to.deep.equal([]);
    expect(problems({ repositoryName: "other" }, { repository })).to.deep.equal([]);
  });
});

describe("an existing part", () => {
  const existing = { bucket: "models", repository: "images", role: "team-role" };

  it("takes the place of the stack's own", () => {
    expect(problems({ existing: { ...existing, logGroup: "/aws/sagemaker/Endpoints/penguins" } })).to.deep.equal([]);
  });

  it("is refused if the stack made it, because the update would delete it", () => {
    const arn = "arn:aws:iam::123456789012:role/team-role";
    const own = {
      bucketName: "models",
      repository: { name: "images" },
      role: { name: "team-role", arn },
      logGroups: [
        { logicalName: "triton-monitoring-logs", name: "/aws/sagemaker/Endpoints/penguins", retentionInDays: 7 },
      ],
    };
    const all = { ...existing, logGroup: "/aws/sagemaker/Endpoints/penguins" };
    expect(problems({ existing: all }, own).map((problem) => problem.split(":")[0])).to.deep.equal([
      "bucket models",
      "repository images",
      "role team-role",
      "logGroup /aws/sagemaker/Endpoints/penguins",
    ]);
    expect(problems({ existing: { role: arn } }, own)).to.deep.equal([
      `role ${arn}: can't be used, because this stack made it, and would delete it if it uses it as an existing one: remove the setting`,
    ]);
  });

  it("is refused where the stack's own bucket is protected", () => {
    const [problem] = problems({ existing, protect: true });
    expect(problem).to.include(
      "bucket models: can't be used, because it would replace the bucket triton-storage-bucket-",
    );
  });
});

describe("the stack's record", () => {
  const resource = (name: string, outputs: object, type = "") => ({ type, name, outputs: { ...outputs } });

  it("has no earlier endpoint for a stack without one", () => {
    expect(earlierEndpoint([], "triton")).to.equal(undefined);
  });

  it("gives what is in service and what the stack scales", () => {
    const arn = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/penguins";
    const variants = [{ variantName: "a" }, { variantName: "b", serverlessConfig: {} }];
    const target = (variant: string) => ({ resourceId: `endpoint/penguins/variant/${variant}` });
    const record = [
      resource("triton-server-endpoint", {
        name: "penguins",
        arn,
        deploymentConfig: {
          autoRollbackConfiguration: { alarms: [{ alarmName: "birds-dev-triton-rollout-model-latency" }] },
        },
      }),
      resource("triton-server-configuration", { productionVariants: variants, asyncInferenceConfig: {} }),
      resource("triton-registry-repository", { name: "images", encryptionConfigurations: [{ kmsKey: key }] }),
      resource("triton-storage-bucket", { bucket: "models" }),
      resource("triton-server-model", { name: "triton-server-model-1a2b3c4" }, "aws:sagemaker/model:Model"),
      resource("triton", { keepReleases: true }, "sagemaker-triton:index:TritonEndpoint"),
      resource("triton-network-s3", {
        policy: JSON.stringify({
          Statement: [{ Resource: ["arn:aws:s3:::models", "arn:aws:s3:::models/*", "arn:aws:s3:::others"] }],
        }),
      }),
      resource("triton-encryption-key", { arn: key }),
      resource("triton-execution-role", { name: "role-1", arn: "arn:aws:iam::123456789012:role/role-1" }),
      resource("triton-storage-encryption", {
        rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId: key } }],
      }),
      resource("triton-storage-model", { key: "artifacts/models-0123456789abcdef.tar.gz" }),
      resource("triton-monitoring-logs", { name: "logs", retentionInDays: 7 }, "aws:cloudwatch/logGroup:LogGroup"),
      resource("triton-a-autoscaling-target", target("a"), "aws:appautoscaling/target:Target"),
      resource("other-target", { resourceId: "endpoint/birds/variant/a" }, "aws:appautoscaling/target:Target"),
    ];
    expect(earlierEndpoint(record, "triton")).to.deep.equal({
      endpointName: "penguins",
      region: "eu-west-1",
      deploymentConfig: {
        autoRollbackConfiguration: { alarms: [{ alarmName: "birds-dev-triton-rollout-model-latency" }] },
      },
      rollbackAlarmNames: ["birds-dev-triton-rollout-model-latency"],
      modelNames: ["triton-server-model-1a2b3c4"],
      keepReleases: true,
      asyncInference: true,
      serverless: true,
      variantNames: ["a", "b"],
      scaledVariants: ["a"],
      bucketName: "models",
      bucketNamed: true,
      repository: { name: "images", kmsKeyArn: key },
      reachedBuckets: ["arn:aws:s3:::models", "arn:aws:s3:::others"],
      madeKeyArn: key,
      role: { name: "role-1", arn: "arn:aws:iam::123456789012:role/role-1" },
      keylessPrefix: true,
      logGroups: [{ logicalName: "triton-monitoring-logs", name: "logs", retentionInDays: 7 }],
    });
  });

  it("doesn't believe a configuration that the endpoint didn't move to, because the update failed", () => {
    const earlier = earlierEndpoint(
      [
        resource("triton-server-endpoint", { name: "penguins", endpointConfigName: "old" }),
        resource("triton-server-configuration", { name: "new", productionVariants: [{ variantName: "a" }] }),
      ],
      "triton",
    );
    expect(earlier && [...changeProblems(earlier, { ...same, serverless: true, rollout: true })]).to.deep.equal([]);
  });

  it("doesn't believe that releases are kept if an update failed after it began to give them up", () => {
    const kept = (storage: object) =>
      earlierEndpoint(
        [
          resource("triton-server-endpoint", { name: "penguins" }),
          resource("triton", { keepReleases: true }, "sagemaker-triton:index:TritonEndpoint"),
          resource("triton-storage", { ...storage }, "sagemaker-triton:index:ModelStorage"),
        ],
        "triton",
      )?.keepReleases;
    expect([kept({ keepReleases: false }), kept({ keepReleases: true }), kept({})]).to.deep.equal([false, true, true]);
  });
});

describe("models of an earlier version", () => {
  const record = (kmsMasterKeyId: string | undefined, modelKey: string) => {
    const rules = [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId } }];
    return [
      { type: "", name: "triton-server-endpoint", outputs: { name: "penguins" } },
      { type: "", name: "triton-storage-encryption", outputs: { rules } },
      { type: "", name: "triton-storage-model", outputs: { key: modelKey } },
    ];
  };

  it("are found by their key in S3, unless nothing encrypts them", () => {
    const keyless = (...given: Parameters<typeof record>) => earlierEndpoint(record(...given), "triton")?.keylessPrefix;
    expect(keyless(key, "artifacts/models-1.tar.gz")).to.equal(true);
    expect(keyless(key, "artifacts/kms-01234567/models-1.tar.gz")).to.equal(false);
    expect(keyless(undefined, "artifacts/models-1.tar.gz")).to.equal(false);
  });
});

describe("docs/releases.md", () => {
  it("names every setting whose change is refused, and no other", () => {
    const document = readFileSync("docs/releases.md", "utf8");
    const rows = /\| change .*\n\|[ -|]+\n((?:\|.*\n)+)/.exec(document)?.[1] ?? "";
    const changes = rows.split("\n").map((row) => row.split("|")[1] ?? "");
    const told = changes.flatMap((change) => [...change.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
    const code = ["changeRules", "deletionProblems"]
      .map((file) => readFileSync(`releases/${file}.ts`, "utf8"))
      .join("");
    const refused = [...code.matchAll(/(?:yield|return) `([a-zA-Z:]+)\b[^`]*?: can't/g)].map(
      ([, setting = ""]) => setting,
    );
    expect(refused).to.have.length.above(8);
    expect([...new Set(refused)].filter((setting) => !told.includes(setting))).to.deep.equal([]);
    const conditions = ["protect", "keepReleases"];
    expect(told.filter((name) => !refused.includes(name) && !conditions.includes(name))).to.deep.equal([]);
  });
});

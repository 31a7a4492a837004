import { expect } from "chai";
import { fieldsAt } from "../../../endpoint/knownKeys.ts";
import { describeProblem, formatPath } from "../../../endpoint/problem.ts";
import { checkSettings } from "../../../endpoint/settings/checkSettings.ts";
import { settingsSchema, type Settings } from "../../../endpoint/settings/schema.ts";
import { faults } from "../faults.ts";
import { inTemporaryFolder, writeFiles } from "../../support/plans.ts";

const sound = { modelRepository: "models" };
const context = { directory: process.cwd(), name: "triton" };

/** A value, and the paths and codes of its problems; of a string alone the problem is at the setting, and its code `value`. */
type Refused = string | readonly [value: string, ...problems: string[]];

/** Invalid values of each setting, beside those of tests/endpoint/faults.ts. */
const refused: { readonly [Key in keyof Settings]?: readonly Refused[] } = {
  endpointName: ["x".repeat(64)],
  replaceEndpoint: ["a_b", "x".repeat(64)],
  modelDataUrl: ["https://models/model.tar.gz", "s3://models/model.zip", "s3:///model.tar.gz"],
  modelDataFormat: ["zip"],
  defaultModelName: ["a/b"],
  modelServer: [
    ['{"threads":4}', "modelServer.threads unknown-key"],
    ['{"threadCount":0}', "modelServer.threadCount value"],
    ['{"logInfo":"yes"}', "modelServer.logInfo value"],
    ['{"modelLoadGpuLimit":0}', "modelServer.modelLoadGpuLimit value"],
    ['{"loadModels":["a b"]}', "modelServer.loadModels[0] value"],
  ],
  environment: ["text", "[]", ['{"1A":"x"}', 'environment["1A"] environment-name']],
  bucket: [
    ["ab", "bucket value"],
    ["arn:aws:s3:::models", "bucket value"],
  ],
  repository: [
    ["a", "repository value"],
    ["123456789012.dkr.ecr.us-east-1.amazonaws.com/triton", "repository value"],
  ],
  role: [
    ["a b", "role value"],
    ["arn:aws:iam::123456789012:user/me", "role value"],
    ["/team", "role value"],
  ],
  logGroup: [["my logs", "logGroup value"]],
  bucketName: ["ab", "UPPER", "a..b", "xn--bucket", "-ab", "192.168.5.4", "models--x-s3", "amzn-s3-demo-models"],
  imageTag: ["26.05"],
  imageDigest: ["0".repeat(64)],
  repositoryName: ["a", "Triton", "triton-"],
  imageArchitecture: ["x86_64", "arm"],
  immutableTags: ["yes", "1"],
  instanceType: [
    ["m5.large", "instanceType instance-type"],
    ["ml.trn1.2xlarge", "instanceType instance-type"],
  ],
  initialInstanceCount: ["1.5", "-1", "many"],
  initialVariantWeight: ["-0.1", "heavy"],
  containerStartupHealthCheckTimeoutInSeconds: ["3601"],
  modelDataDownloadTimeoutInSeconds: ["59", "3601"],
  volumeSizeInGb: ["0"],
  variants: [
    "[]",
    ['{"my_variant":{}}', "variants.my_variant value"],
    ['{"next":{"threads":1}}', "variants.next.threads unknown-key"],
    ['{"next":{"instanceType":"ml.c7g.large"}}', "variants.next.instanceType instance-type"],
    ['{"next":{"initialVariantWeight":-1}}', "variants.next.initialVariantWeight value"],
    `{${Array.from({ length: 11 }, (_, index) => `"v${index}":{}`).join()}}`,
  ],
  shadow: [
    ['{"samplingPercentage":101}', "shadow.samplingPercentage value"],
    ['{"instanceType":"ml.m5.large"}', "shadow.samplingPercentage missing"],
    ['{"samplingPercentage":1,"autoscaling":{}}', "shadow.autoscaling unknown-key"],
  ],
  serverless: [
    ['{"memorySizeInMb":2048,"maxConcurrency":201}', "serverless.maxConcurrency value"],
    [
      '{"memorySizeInMb":2048,"maxConcurrency":5,"provisionedConcurrency":6}',
      "serverless serverless-image",
      "serverless.provisionedConcurrency serverless-provisioned",
    ],
  ],
  asyncInference: [
    ['{"maxConcurrentInvocationsPerInstance":0}', "asyncInference.maxConcurrentInvocationsPerInstance value"],
    ['{"topics":[]}', "asyncInference.topics unknown-key"],
  ],
  vpcConfig: ["[]"],
  networkIsolation: ["maybe"],
  accessLogging: ["maybe"],
  kmsKeyArn: ["arn:aws:s3:::models"],
  createKmsKey: ["maybe"],
  keepReleases: ["maybe"],
  autoscaling: [
    "[]",
    ['{"minCapacity":1}', "autoscaling.maxCapacity missing"],
    [
      '{"minCapacity":0,"maxCapacity":2,"invocationsPerInstance":60}',
      "autoscaling.minCapacity autoscaling-capacity-zero",
    ],
    ['{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":0}', "autoscaling.invocationsPerInstance value"],
    [
      '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":60,"scaleInCooldown":-1}',
      "autoscaling.scaleInCooldown value",
    ],
    [
      '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":60,"scheduledActions":[{"scheduledActionName":"a","schedule":"daily","scalableTargetAction":{"minCapacity":1}}]}',
      "autoscaling.scheduledActions[0].schedule value",
    ],
    [
      '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":60,"scheduledActions":[{"scheduledActionName":"a","schedule":"rate(1 day)","timezone":"Bonn","scalableTargetAction":{"minCapacity":1}}]}',
      "autoscaling.scheduledActions[0].timezone value",
    ],
  ],
  rollout: [
    "[]",
    ['{"strategy":"bluegreen"}', "rollout.strategy value"],
    ['{"strategy":"allAtOnce","waitIntervalInSeconds":3601}', "rollout.waitIntervalInSeconds value"],
  ],
  monitoring: [
    "[]",
    ['{"topicArn":"arn:aws:sns:us-east-1:123456789012:alarms"}', "monitoring.retentionInDays missing"],
    ['{"retentionInDays":31}', "monitoring.retentionInDays value"],
    ['{"retentionInDays":30,"topicArn":"arn:aws:sns:us-east-1:123456789012:alarms.fifo"}', "monitoring.topicArn value"],
    ['{"retentionInDays":30,"emailAddresses":[]}', "monitoring.emailAddresses value"],
    ['{"retentionInDays":30,"emailAddresses":["on call"]}', "monitoring.emailAddresses[0] value"],
    ['{"retentionInDays":30,"alarms":{"cpuUtilizationPercent":101}}', "monitoring.alarms.cpuUtilizationPercent value"],
    [
      '{"retentionInDays":30,"alarms":{"minutesWithoutInvocations":1441}}',
      "monitoring.alarms.minutesWithoutInvocations value",
    ],
    ['{"retentionInDays":30,"alarms":{"cpuPercent":50}}', "monitoring.alarms.cpuPercent unknown-key"],
  ],
  dataCapture: [
    "[]",
    ['{"expirationInDays":7}', "dataCapture.initialSamplingPercentage missing"],
    ['{"initialSamplingPercentage":101}', "dataCapture.initialSamplingPercentage value"],
    ['{"initialSamplingPercentage":0.5}', "dataCapture.initialSamplingPercentage value"],
    ['{"initialSamplingPercentage":5,"input":"yes"}', "dataCapture.input value"],
    ['{"initialSamplingPercentage":5,"expirationInDays":0}', "dataCapture.expirationInDays value"],
  ],
  budget: [
    "[]",
    ['{"limitAmount":0}', "budget.limitAmount value"],
    ['{"limitAmount":100,"emailAddresses":["costs"]}', "budget.emailAddresses[0] value"],
  ],
  multiModel: [
    "[]",
    ['{"modelRepositories":7}', "multiModel.modelRepositories value"],
    ['{"modelRepositories":"examples/multi-model","modelCacheSetting":"On"}', "multiModel.modelCacheSetting value"],
    ['{"modelRepositories":"nowhere"}', "multiModel model-ambiguous", "multiModel.modelRepositories path"],
    [
      '{"modelRepositories":"examples/multi-model","modelRepository":"models"}',
      "multiModel.modelRepository unknown-key",
    ],
  ],
  capacityReservation: ["[]"],
  coreDump: ["[]"],
  costEnv: ["a#b", "x".repeat(257)],
  costService: ["a#b", "x".repeat(257)],
  takeOver: ["endpoint", ['["role"]', "takeOver[0] value"]],
  tags: [['{"CostEnv":"x"}', "tags.CostEnv cost-tag"]],
};

function problemsOf(raw: Readonly<Record<string, string>>): string[] {
  const { problems } = checkSettings({ ...sound, ...raw }, context);
  return problems.map((problem) => describeProblem(problem, problem.value));
}

/** Indexes of lists are numbers. */
function position(part: string): string | number {
  return part === "0" ? 0 : part;
}

/** The paths of all settings, including nested ones. */
function pathsOf(path: readonly string[]): string[][] {
  return ["0", "next", ""].flatMap((name) => {
    const inner = name === "" ? path : [...path, name];
    return Object.keys(fieldsAt(settingsSchema, inner.map(position))).flatMap((key) => [
      [...inner, key],
      ...pathsOf([...inner, key]),
    ]);
  });
}

describe("settings", () => {
  it("have defaults for everything but the model", () => {
    expect(checkSettings(sound, context)).to.deep.equal({
      problems: [],
      settings: {
        ...sound,
        modelDataFormat: "archive",
        environment: {},
        imageTag: "26.05-py3",
        immutableTags: false,
        initialVariantWeight: 1,
        containerStartupHealthCheckTimeoutInSeconds: 300,
        modelDataDownloadTimeoutInSeconds: 1200,
        networkIsolation: false,
        accessLogging: false,
        enableSsmAccess: false,
        createKmsKey: false,
        protect: false,
        keepReleases: false,
        tags: {},
        takeOver: [],
      },
    });
  });

  it("treat an empty string and an empty object as not set", () => {
    expect(problemsOf({ modelArchive: "", endpointName: "", vpcConfig: "{}", volumeSizeInGb: "" })).to.deep.equal([]);
  });

  it("read numbers, booleans and objects from strings", () => {
    const { settings } = checkSettings(
      {
        ...sound,
        initialInstanceCount: "3",
        initialVariantWeight: "0",
        immutableTags: "true",
        environment: '{"A":"b"}',
        vpcConfig: '{"subnets":["subnet-01234567"],"securityGroupIds":["sg-01234567"]}',
      },
      context,
    );
    expect(settings).to.deep.include({
      initialInstanceCount: 3,
      initialVariantWeight: 0,
      immutableTags: true,
      environment: { A: "b" },
      vpcConfig: { subnets: ["subnet-01234567"], securityGroupIds: ["sg-01234567"] },
    });
  });

  it("are refused with all problems at once, each with its key, its value and what is allowed", () => {
    expect(
      problemsOf({
        instanceType: "ml.c7g.large",
        initialInstanceCount: "0",
        containerStartupHealthCheckTimeoutInSeconds: "59",
        imutableTags: "true",
        vpcConfig: '{"subnets":["x"]}',
        endpointName: "-penguins",
      }),
    ).to.have.members([
      "endpointName -penguins: must be 1 to 63 letters and digits, with hyphens between them",
      `instanceType ml.c7g.large: must be an Intel, AMD or NVIDIA type, because Graviton is arm64 and Triton's image on AWS is amd64 only: use for example ml.m5.large or ml.c7i.large, or your own arm64 image with imageArchitecture`,
      "initialInstanceCount 0: must be a whole number from 1 to 10000",
      "containerStartupHealthCheckTimeoutInSeconds 59: must be a whole number from 60 to 3600",
      "vpcConfig.subnets[0] x: must be an id such as subnet-0123456789abcdef0",
      "imutableTags: is unknown: did you mean immutableTags?",
    ]);
  });

  it("suggest the nearest known key for an unknown one, even within a setting", () => {
    expect(
      problemsOf({
        variants: '{"next":{"instanceTyp":"ml.m5.large","modelServer":{"threads":4}}}',
        autoscaling: '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":1,"scheduledActions":[{"sched":"x"}]}',
      }).filter((problem) => problem.includes("is unknown")),
    ).to.have.members([
      "variants.next.modelServer.threads: is unknown: did you mean threadCount?",
      "variants.next.instanceTyp: is unknown: did you mean instanceType?",
      "autoscaling.scheduledActions[0].sched: is unknown: did you mean schedule?",
    ]);
  });

  it("say where a misplaced key belongs", () => {
    expect(
      problemsOf({ threadCount: "4", cannarySize: "{}1", modelServer: '{"instanceType":"ml.m5.large"}' }),
    ).to.have.members([
      "threadCount: is unknown here: it belongs under modelServer",
      "cannarySize: is unknown: did you mean canarySize, which belongs under rollout?",
      "modelServer.instanceType: is unknown here: it belongs at the top level",
    ]);
    expect(problemsOf({ variants: '{"next":{"threadCount":4}}' })).to.deep.equal([
      "variants.next.threadCount: is unknown here: it belongs under variants.next.modelServer",
    ]);
  });

  it("are refused with our own messages, whatever is given for an object, a list or a string", () => {
    const wrong = [null, [null], "", "text", -7, true, { a: 1 }];
    for (const path of pathsOf([])) {
      for (const value of wrong) {
        const [root = "", ...inner] = path;
        const whole = inner.reduceRight<unknown>((part, name) => (name === "0" ? [part] : { [name]: part }), value);
        const problems = problemsOf({ [root]: typeof whole === "string" ? whole : JSON.stringify(whole) });
        expect(problems.join("\n"), path.join(".")).not.to.match(/Invalid|expected|received|Too |\[object|NaN/);
      }
    }
  });

  it("are refused with a truncated path if it is very long", () => {
    expect(problemsOf({ modelRepository: "x".repeat(5000) }).join()).to.match(/: isn't a folder in /);
  });

  it("are refused with each problem once, and with all problems of a rollout", () => {
    expect(problemsOf({ vpcConfig: '{"subnets":"subnet-01234567","vpcId":"vpc-01234567"}' })).to.deep.equal([
      "vpcConfig.subnets subnet-01234567: must be a list of 1 to 16 ids such as subnet-0123456789abcdef0",
    ]);
    const rollout = '{"strategy":"canary","canarySize":{"type":"CAPACITY_PERCENT","value":80}}';
    expect(problemsOf({ rollout, initialInstanceCount: "4" })).to.have.length(2);
  });

  it("are refused with an object's fields if something else is given", () => {
    expect(problemsOf({ serverless: "7", variants: '{"next":null}' })).to.include(
      "serverless 7: must be an object with memorySizeInMb, maxConcurrency, provisionedConcurrency",
    );
  });

  for (const [key, values] of Object.entries(refused)) {
    for (const entry of values) {
      const [value, ...expected] = typeof entry === "string" ? [entry, `${key} value`] : entry;
      it(`refuse ${key} ${value.slice(0, 40)}, naming the setting and what is allowed`, () => {
        const problems = checkSettings({ ...sound, [key]: value }, context).problems.filter(
          ({ path }) => path[0] !== "modelRepository",
        );
        expect(problems.map(({ path, code }) => `${formatPath(path)} ${code}`)).to.deep.equal(expected);
        for (const { message } of problems) expect(message).to.match(/^(must|can't|needs|is|starts|has|isn't) /);
      });
    }
  }

  it("each have an invalid value in this test or in tests/endpoint/faults.ts, except folders and free text", () => {
    const inFaults = faults.map(({ path }) => path.split(/[.[]/)[0]);
    expect([...Object.keys(refused), ...inFaults, "modelArchive"]).to.include.members(
      Object.keys(settingsSchema.shape),
    );
  });
});

describe("settings that do not go together", () => {
  it("include two sources of a model", () => {
    expect(problemsOf({ modelDataUrl: "s3://models/a.tar.gz" })).to.deep.equal([
      "modelRepository models: can't be combined with modelDataUrl: set one of modelRepository, modelArchive, modelDataUrl or multiModel",
      "modelDataUrl s3://models/a.tar.gz: can't be combined with modelRepository: set one of modelRepository, modelArchive, modelDataUrl or multiModel",
    ]);
  });

  it("include a missing folder or archive", async () => {
    await inTemporaryFolder((directory) => {
      writeFiles(directory, { "model.tar.gz": "", "models/": "" });
      const problemsIn = (raw: Record<string, string>) =>
        checkSettings(raw, { ...context, directory }).problems.map(({ message }) => message);
      expect(problemsIn({ modelRepository: "models" })).to.deep.equal([]);
      expect(problemsIn({ modelArchive: "model.tar.gz" })).to.deep.equal([]);
      expect(problemsIn({ modelRepository: "other" })).to.deep.equal([
        `isn't a folder in ${directory}: use a path to a model repository`,
      ]);
      expect(problemsIn({ modelArchive: "models" })).to.deep.equal([
        `isn't a file in ${directory}: use a path to a .tar.gz`,
      ]);
      return Promise.resolve();
    });
  });

  const tags = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`key${index}`, "x"]));
  const multiModel = '{"modelRepositories":"examples/multi-model"}';
  for (const [what, raw, expected] of [
    [
      "a prefix and a packed model",
      { modelRepository: "", modelDataUrl: "s3://models/a.tar.gz", modelDataFormat: "prefix" },
      "modelDataFormat prefix: must be archive with a packed model, because a prefix needs a modelRepository",
    ],
    [
      "two default models",
      { defaultModelName: "a", environment: '{"SAGEMAKER_TRITON_DEFAULT_MODEL_NAME":"b"}' },
      "environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: must be the same as the value that defaultModelName or modelServer gives it: set it in one place",
    ],
    [
      "an inference type and a release that does not know it",
      { modelServer: '{"inferenceType":"generate"}', imageTag: "24.09-py3" },
      "modelServer.inferenceType generate: can't be used with 24.09-py3, because Triton's images before 25.03 ignore it: use 25.04-py3 or newer",
    ],
    [
      "49 tags and the two of every stack",
      { tags: JSON.stringify(tags) },
      "tags: must be at most 50 with CostEnv and CostService, and are 51",
    ],
    [
      "a tag that a setting sets",
      { tags: '{"CostEnv":"x"}' },
      "tags.CostEnv: can't be set here: use the setting costEnv",
    ],
    [
      "many models and a default one",
      { modelRepository: "", multiModel, defaultModelName: "penguins" },
      "defaultModelName penguins: can't be used with multiModel, because each request names its model as TargetModel: remove it",
    ],
    [
      "many models and some to load at the start",
      { modelRepository: "", multiModel, modelServer: '{"loadModels":["a"]}' },
      'modelServer.loadModels ["a"]: can\'t be used with multiModel, because no model is loaded at the start: remove it',
    ],
    [
      "many models and another inference type than infer",
      { modelRepository: "", multiModel, modelServer: '{"inferenceType":"generate"}' },
      /^modelServer\.inferenceType generate: can't be used with multiModel/,
    ],
    [
      "many models as a prefix",
      { modelRepository: "", multiModel, modelDataFormat: "prefix" },
      "modelDataFormat prefix: can't be used with multiModel: it takes only archives",
    ],
  ] as const) {
    it(`include ${what}`, () => {
      const problems = problemsOf(raw);
      expect(problems).to.have.length(1);
      if (typeof expected === "string") expect(problems[0]).to.equal(expected);
      else expect(problems[0]).to.match(expected);
    });
  }

  it("don't include many models with variants that share them and types with one GPU", () => {
    const many = { modelRepository: "", multiModel };
    expect(problemsOf({ ...many, variants: '{"a":{},"b":{"instanceType":"ml.g5.xlarge"}}' })).to.deep.equal([]);
    expect(problemsOf({ ...many, instanceType: "ml.g4dn.16xlarge" })).to.deep.equal([]);
  });

  it("are reported at the variant that sets one of them", () => {
    expect(
      problemsOf({
        variants: JSON.stringify({
          b: { modelRepository: "nowhere" },
          c: { modelDataUrl: "s3://models/c.tar.gz", modelDataFormat: "prefix" },
        }),
      }),
    ).to.deep.equal([
      "variants.c.modelDataFormat prefix: must be archive with a packed model, because a prefix needs a modelRepository",
      `variants.b.modelRepository nowhere: isn't a folder in ${process.cwd()}: use a path to a model repository`,
    ]);
  });

  it("are reported once if all variants inherit them from the stack", () => {
    expect(problemsOf({ variants: '{"a":{},"b":{}}', instanceType: "ml.p3.2xlarge" })).to.have.length(1);
  });

  it("don't include the stack's prefix with a variant's packed model", () => {
    const variants = '{"a":{"modelDataUrl":"s3://models/a.tar.gz"},"b":{}}';
    expect(problemsOf({ modelDataFormat: "prefix", variants })).to.deep.equal([]);
  });

  it("don't include a release's limits if another image is served", () => {
    const imageUri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:26.05-py3";
    expect(problemsOf({ instanceType: "ml.p3.2xlarge", imageUri })).to.deep.equal([]);
  });

  it("aren't reported if one of them is invalid by itself", () => {
    expect(problemsOf({ modelRepository: "", modelDataUrl: "https://models" })).to.have.length(1);
    expect(problemsOf({ imageTag: "latest", instanceType: "ml.p3.2xlarge" })).to.have.length(1);
  });

  it("report a value that nests without end once", () => {
    const environment = "[".repeat(20_000) + "]".repeat(20_000);
    expect(problemsOf({ environment })).to.have.length(1);
  });
});

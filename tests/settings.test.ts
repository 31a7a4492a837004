import { expect } from "chai";
import { checkSettings } from "../settings.ts";
import { knownKeys } from "../settings/knownKeys.ts";
import { settingsSchema } from "../settings/schema.ts";
import { inTemporaryFolder, writeFiles } from "./support/plans.ts";

const sound = { modelRepository: "models" };

/** Values of each setting that are refused by themselves. */
const refused = {
  endpointName: ["a_b", "x".repeat(64)],
  replaceEndpoint: ["a_b", "x".repeat(64)],
  modelDataUrl: ["https://models/model.tar.gz", "s3://models/model.zip", "s3:///model.tar.gz"],
  modelName: ["my_model"],
  modelDataFormat: ["zip"],
  defaultModelName: ["a/b"],
  modelServer: [
    '{"threads":4}',
    '{"threadCount":0}',
    '{"logInfo":"yes"}',
    '{"modelLoadGpuLimit":0}',
    '{"loadModels":["a b"]}',
  ],
  environment: ["text", "[]", '{"A":1}', '{"1A":"x"}'],
  bucketName: ["ab", "UPPER", "a..b", "xn--bucket", "-ab", "192.168.5.4", "models--x-s3", "amzn-s3-demo-models"],
  imageTag: ["latest", "26.05"],
  imageDigest: ["sha256:123", "0".repeat(64)],
  upstreamImage: ["Nvidia Triton"],
  imageUri: ["nvcr.io/nvidia/tritonserver:24.10-py3"],
  repositoryName: ["a", "Triton", "triton-"],
  immutableTags: ["yes", "1"],
  instanceType: ["m5.large", "ml.g5.3xlarge", "ml.trn1.2xlarge"],
  initialInstanceCount: ["1.5", "-1", "many"],
  initialVariantWeight: ["-0.1", "heavy"],
  containerStartupHealthCheckTimeoutInSeconds: ["3601"],
  modelDataDownloadTimeoutInSeconds: ["59", "3601"],
  volumeSizeInGb: ["0", "513"],
  inferenceAmiVersion: ["latest"],
  variants: [
    "[]",
    '{"my_variant":{}}',
    '{"next":{"threads":1}}',
    '{"next":{"instanceType":"ml.c7g.large"}}',
    '{"next":{"initialVariantWeight":-1}}',
    `{${Array.from({ length: 11 }, (_, index) => `"v${index}":{}`).join()}}`,
    '{"a":{"initialVariantWeight":0},"b":{"initialVariantWeight":0}}',
  ],
  shadow: ['{"samplingPercentage":101}', '{"instanceType":"ml.m5.large"}', '{"samplingPercentage":1,"autoscaling":{}}'],
  serverless: [
    '{"memorySizeInMb":1000,"maxConcurrency":5}',
    '{"memorySizeInMb":2048,"maxConcurrency":201}',
    '{"memorySizeInMb":2048,"maxConcurrency":5,"provisionedConcurrency":6}',
  ],
  asyncInference: [
    '{"maxConcurrentInvocationsPerInstance":0}',
    '{"successTopic":"answers"}',
    '{"expirationInDays":0}',
    '{"topics":[]}',
  ],
  vpcConfig: ["[]", '{"subnets":[],"securityGroupIds":["sg-01234567"]}'],
  networkIsolation: ["maybe"],
  accessLogging: ["maybe"],
  kmsKeyArn: ["alias/models", "arn:aws:s3:::models"],
  createKmsKey: ["maybe"],
  protect: ["maybe"],
  keepReleases: ["maybe"],
  autoscaling: [
    "[]",
    '{"minCapacity":1}',
    '{"minCapacity":0,"maxCapacity":2,"invocationsPerInstance":60}',
    '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":0}',
    '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":60,"scaleInCooldown":-1}',
    '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":60,"scheduledActions":[{"scheduledActionName":"a","schedule":"daily","scalableTargetAction":{"minCapacity":1}}]}',
    '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":60,"scheduledActions":[{"scheduledActionName":"a","schedule":"rate(1 day)","timezone":"Bonn","scalableTargetAction":{"minCapacity":1}}]}',
  ],
  rollout: ["[]", '{"strategy":"bluegreen"}', '{"strategy":"allAtOnce","waitIntervalInSeconds":3601}'],
  monitoring: [
    "[]",
    '{"topicArn":"arn:aws:sns:us-east-1:123456789012:alarms"}',
    '{"retentionInDays":31}',
    '{"retentionInDays":30,"topicArn":"alarms"}',
    '{"retentionInDays":30,"topicArn":"arn:aws:sns:us-east-1:123456789012:alarms.fifo"}',
    '{"retentionInDays":30,"emailAddresses":[]}',
    '{"retentionInDays":30,"emailAddresses":["on call"]}',
    '{"retentionInDays":30,"alarms":{"cpuUtilizationPercent":101}}',
    '{"retentionInDays":30,"alarms":{"minutesWithoutInvocations":1441}}',
    '{"retentionInDays":30,"alarms":{"cpuPercent":50}}',
  ],
  dataCapture: [
    "[]",
    '{"expirationInDays":7}',
    '{"initialSamplingPercentage":101}',
    '{"initialSamplingPercentage":0.5}',
    '{"initialSamplingPercentage":5,"input":"yes"}',
    '{"initialSamplingPercentage":5,"expirationInDays":0}',
  ],
  budget: ["[]", '{"limitAmount":0}', '{"limitAmount":100,"emailAddresses":["costs"]}'],
  multiModel: [
    "[]",
    '{"modelRepositories":7}',
    '{"modelRepositories":"examples/multi-model","modelCacheSetting":"On"}',
    '{"modelRepositories":"nowhere"}',
    '{"modelRepositories":"examples/multi-model","modelRepository":"models"}',
  ],
  costEnv: ["a#b", "x".repeat(257)],
  costService: ["a#b", "x".repeat(257)],
  tags: ['{"CostEnv":"x"}', '{"aws:x":"y"}'],
};

function problemsOf(raw: Readonly<Record<string, string>>): string[] {
  return checkSettings({ ...sound, ...raw }, process.cwd()).problems.map(
    ({ key, value, message }) => `${key}: ${JSON.stringify(value)} ${message}`,
  );
}

/** The ways to every setting, also inside of others. */
function pathsOf(path: readonly string[]): string[][] {
  return ["0", "next", ""].flatMap((name) => {
    const inner = name === "" ? path : [...path, name];
    return knownKeys(settingsSchema, inner).flatMap((key) => [[...inner, key], ...pathsOf([...inner, key])]);
  });
}

describe("settings", () => {
  it("have defaults for everything but the model", () => {
    expect(checkSettings(sound, process.cwd())).to.deep.equal({
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
        createKmsKey: false,
        protect: false,
        keepReleases: false,
        tags: {},
      },
    });
  });

  it("take an empty text and an empty object for not set", () => {
    expect(problemsOf({ modelArchive: "", endpointName: "", vpcConfig: "{}", volumeSizeInGb: "" })).to.deep.equal([]);
  });

  it("read numbers, truth values and objects from their texts", () => {
    const { settings } = checkSettings(
      {
        ...sound,
        initialInstanceCount: "3",
        initialVariantWeight: "0",
        immutableTags: "true",
        environment: '{"A":"b"}',
        vpcConfig: '{"subnets":["subnet-01234567"],"securityGroupIds":["sg-01234567"]}',
      },
      process.cwd(),
    );
    expect(settings).to.deep.include({
      initialInstanceCount: 3,
      initialVariantWeight: 0,
      immutableTags: true,
      environment: { A: "b" },
      vpcConfig: { subnets: ["subnet-01234567"], securityGroupIds: ["sg-01234567"] },
    });
  });

  it("are refused all at once, each problem with its key, its value and what is allowed", () => {
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
      `endpointName: "-penguins" is not allowed: use 1 to 63 letters, digits and hyphens inside`,
      `instanceType: "ml.c7g.large" is a Graviton (arm64) type, and Triton's image is for amd64 only: use an Intel or AMD type, for example ml.m5.large or ml.c7i.large`,
      `initialInstanceCount: "0" is not allowed: use a whole number from 1 to 10000`,
      `containerStartupHealthCheckTimeoutInSeconds: "59" is not allowed: use a whole number from 60 to 3600`,
      `vpcConfig.subnets.0: "x" is not allowed: use 1 to 16 ids like subnet-0123456789abcdef0`,
      `imutableTags: undefined is no setting: do you mean immutableTags?`,
    ]);
  });

  it("name the nearest known key of an unknown one, also inside of a setting", () => {
    expect(
      problemsOf({
        variants: '{"next":{"instanceTyp":"ml.m5.large","modelServer":{"threads":4}}}',
        autoscaling: '{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":1,"scheduledActions":[{"sched":"x"}]}',
      }).filter((problem) => problem.includes("is no setting")),
    ).to.have.members([
      "variants.next.modelServer.threads: undefined is no setting: do you mean threadCount?",
      "variants.next.instanceTyp: undefined is no setting: do you mean instanceType?",
      "autoscaling.scheduledActions.0.sched: undefined is no setting: do you mean schedule?",
    ]);
  });

  it("are told in the project's own words, whatever stands where an object, a list or a text belongs", () => {
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

  it("are told with the beginning of a path that is longer than any", () => {
    expect(problemsOf({ modelRepository: "x".repeat(5000) }).join()).to.match(/ is no folder in /);
  });

  it("are told once each, and all that is wrong with a rollout", () => {
    expect(problemsOf({ vpcConfig: '{"subnets":"subnet-01234567","vpcId":"vpc-01234567"}' })).to.deep.equal([
      'vpcConfig.subnets: "subnet-01234567" is not allowed: use 1 to 16 ids like subnet-0123456789abcdef0',
    ]);
    const rollout = '{"strategy":"canary","canarySize":{"type":"CAPACITY_PERCENT","value":80}}';
    expect(
      problemsOf({ rollout, initialInstanceCount: "4" }).map((problem) => problem.replace(/.*} /, "")),
    ).to.have.length(2);
  });

  it("are told with what an object may hold where something else stands", () => {
    expect(problemsOf({ serverless: "7", variants: '{"next":null}' })).to.include(
      'serverless: "7" is not allowed: use an object with memorySizeInMb, maxConcurrency, provisionedConcurrency',
    );
    expect(problemsOf({ tags: '{"a#":"x"}' })).to.deep.equal([
      'tags: {"a#":"x"} has the key "a#": use 1 to 128 letters, digits, spaces or _ . : / = + - @, not beginning with aws:',
    ]);
  });

  for (const [key, values] of Object.entries(refused)) {
    for (const value of values) {
      it(`refuse ${key} ${value.slice(0, 40)}, naming it and what is allowed`, () => {
        const problems = problemsOf({ [key]: value }).filter((problem) => !problem.startsWith("modelRepository"));
        expect(problems.join("\n"), "problems")
          .to.match(new RegExp(`^${key}`))
          .and.match(/: |use |has /);
      });
    }
  }

  it("have each a value here that is refused, folders and free texts apart", () => {
    expect([...Object.keys(refused), "modelRepository", "modelArchive"]).to.have.members(
      Object.keys(settingsSchema.shape),
    );
  });
});

describe("settings that do not go together", () => {
  it("are two sources of a model, or none", () => {
    expect(problemsOf({ modelDataUrl: "s3://models/a.tar.gz" })).to.deep.equal([
      `modelRepository: "models" is set together with modelDataUrl: set one of modelRepository, modelArchive, modelDataUrl or multiModel`,
      `modelDataUrl: "s3://models/a.tar.gz" is set together with modelRepository: set one of modelRepository, modelArchive, modelDataUrl or multiModel`,
    ]);
    expect(problemsOf({ modelRepository: "" })).to.deep.equal([
      `modelRepository: undefined is not set, and there is no other model: set one of modelRepository, modelArchive or modelDataUrl`,
    ]);
  });

  it("are a folder or an archive that is not there", async () => {
    await inTemporaryFolder((directory) => {
      writeFiles(directory, { "model.tar.gz": "", "models/": "" });
      const problemIn = (raw: Record<string, string>) =>
        checkSettings({ instanceType: "ml.m5.large", ...raw }, directory).problems.map(({ message }) => message);
      expect(problemIn({ modelRepository: "models" })).to.deep.equal([]);
      expect(problemIn({ modelArchive: "model.tar.gz" })).to.deep.equal([]);
      expect(problemIn({ modelRepository: "other" })).to.deep.equal([
        `is no folder in ${directory}: use a path to a model repository`,
      ]);
      expect(problemIn({ modelArchive: "models" })).to.deep.equal([
        `is no file in ${directory}: use a path to a .tar.gz`,
      ]);
      return Promise.resolve();
    });
  });

  const serverless = '{"memorySizeInMb":2048,"maxConcurrency":5}';
  const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:26.05-py3";
  const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
  for (const [what, raw, expected] of [
    [
      "a prefix and a packed model",
      { modelRepository: "", modelDataUrl: "s3://models/a.tar.gz", modelDataFormat: "prefix" },
      /modelDataFormat: "prefix" is not allowed with a packed model/,
    ],
    [
      "two default models",
      { defaultModelName: "a", environment: '{"SAGEMAKER_TRITON_DEFAULT_MODEL_NAME":"b"}' },
      /environment: .* gives SAGEMAKER_TRITON_DEFAULT_MODEL_NAME another value/,
    ],
    [
      "an image that is there and one to copy",
      { imageUri: image, upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" },
      /upstreamImage: .* imageUri/,
    ],
    [
      "an image that is there and a digest to copy",
      { imageUri: image, imageDigest: digest("0") },
      /imageDigest: .* imageUri/,
    ],
    [
      "two digests",
      { upstreamImage: `triton@${digest("0")}`, imageDigest: digest("1") },
      /imageDigest: .* another digest/,
    ],
    [
      "a Model that is there beside those of the stack and no kept releases",
      { modelRepository: "models", modelName: "triton-server-model-0123456" },
      /modelName: .* set keepReleases and update, then name the Model/,
    ],
    [
      "a variant's Model that is there and no kept releases",
      { modelRepository: "models", variants: '{"a":{"modelName":"triton-server-model-0123456"},"b":{}}' },
      /variants: .* have a modelName, and without keepReleases/,
    ],
    [
      "a shadow's Model that is there and no kept releases",
      { modelRepository: "models", shadow: '{"samplingPercentage":1,"modelName":"triton-server-model-0123456"}' },
      /shadow: .* has a modelName, and without keepReleases/,
    ],
    ["a rollout and no kept releases", { rollout: '{"strategy":"allAtOnce"}' }, /rollout: .* needs keepReleases/],
    [
      "a rollout in parts and one instance",
      { rollout: '{"strategy":"rolling"}', keepReleases: "true" },
      /rollout: .* there is one instance/,
    ],
    [
      "autoscaling and a count of its own",
      { initialInstanceCount: "1", autoscaling: '{"minCapacity":2,"maxCapacity":3,"invocationsPerInstance":60}' },
      /autoscaling: .* initialInstanceCount is 1/,
    ],
    [
      "autoscaling and a burstable type",
      {
        instanceType: "ml.t2.medium",
        autoscaling: '{"minCapacity":1,"maxCapacity":3,"invocationsPerInstance":60}',
      },
      /autoscaling: .* burstable/,
    ],
    [
      "a rollout in parts and autoscaling from one instance",
      {
        rollout: '{"strategy":"rolling"}',
        keepReleases: "true",
        autoscaling: '{"minCapacity":1,"maxCapacity":3,"invocationsPerInstance":60}',
      },
      /rollout: .* there is one instance/,
    ],
    [
      "a topic with subscribers of its own and addresses",
      {
        monitoring:
          '{"retentionInDays":30,"topicArn":"arn:aws:sns:us-east-1:123456789012:alarms","emailAddresses":["on-call@example.com"]}',
      },
      /monitoring: .* set one of the two/,
    ],
    [
      "a data capture of nothing",
      { dataCapture: '{"initialSamplingPercentage":5,"input":false,"output":false}' },
      /dataCapture: .* captures neither input nor output/,
    ],
    [
      "a data capture without instances",
      {
        dataCapture: '{"initialSamplingPercentage":5}',
        serverless: '{"memorySizeInMb":2048,"maxConcurrency":5}',
      },
      /dataCapture: .* is not allowed with serverless/,
    ],
    ["a budget and nobody to tell", { budget: '{"limitAmount":100}' }, /budget: .* has nobody to tell/],
    ["a release and a GPU that is too old for it", { instanceType: "ml.p3.2xlarge" }, /imageTag: .*7\.5/],
    [
      "an inference type and a release that does not know it",
      { modelServer: '{"inferenceType":"generate"}', imageTag: "24.09-py3" },
      /modelServer: .* sets inferenceType/,
    ],
    [
      "a volume and an instance with storage of its own",
      { instanceType: "ml.g5.xlarge", volumeSizeInGb: "100" },
      /volumeSizeInGb: 100 is not allowed with ml\.g5\.xlarge/,
    ],
    [
      "a GPU's host image and an instance without GPU",
      { inferenceAmiVersion: "al2-ami-sagemaker-inference-gpu-3-1" },
      /inferenceAmiVersion: .* has no GPU/,
    ],
    [
      "a serverless endpoint and an instance type",
      { serverless, instanceType: "ml.m5.large" },
      /^instanceType: "ml.m5.large" is not allowed with serverless: there are no instances/,
    ],
    [
      "a serverless endpoint and a VPC",
      { serverless, vpcConfig: '{"subnets":["subnet-01234567"],"securityGroupIds":["sg-01234567"]}' },
      /^vpcConfig: .* is not allowed with serverless: it runs outside every VPC/,
    ],
    [
      "a serverless endpoint and a rollout",
      { serverless, rollout: '{"strategy":"allAtOnce"}', keepReleases: "true" },
      /^rollout: .* is not allowed with serverless/,
    ],
    [
      "a serverless endpoint and several variants",
      { serverless, variants: '{"a":{},"b":{}}' },
      /^variants: .* is not allowed with serverless: a serverless endpoint has one variant/,
    ],
    [
      "a serverless endpoint and a prefix",
      { serverless, modelDataFormat: "prefix" },
      /^modelDataFormat: "prefix" is not allowed with serverless: it takes an archive only/,
    ],
    [
      "asynchronous inference and a shadow",
      { asyncInference: '{"expirationInDays":1}', shadow: '{"samplingPercentage":10}' },
      /^shadow: .* is not allowed with asyncInference/,
    ],
    [
      "asynchronous inference and several variants",
      { asyncInference: '{"expirationInDays":1}', variants: '{"a":{},"b":{}}' },
      /^variants: .* is not allowed with asyncInference/,
    ],
    [
      "a shadow and several variants",
      { shadow: '{"samplingPercentage":10}', variants: '{"a":{},"b":{}}' },
      /^variants: .* exactly one production variant beside a shadow/,
    ],
    [
      "a shadow and no traffic",
      { shadow: '{"samplingPercentage":10}', initialVariantWeight: "0" },
      /^shadow: .* whose initialVariantWeight is 0/,
    ],
    [
      "a rolling release and several variants",
      {
        variants: '{"a":{},"b":{}}',
        rollout: '{"strategy":"rolling"}',
        keepReleases: "true",
        initialInstanceCount: "2",
      },
      /^rollout: .* rolling, which SageMaker offers with one variant only/,
    ],
    [
      "six variants and a rollout",
      {
        variants: JSON.stringify(Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [name, {}]))),
        rollout: '{"strategy":"allAtOnce"}',
        keepReleases: "true",
      },
      /^rollout: .* use up to 5 variants/,
    ],
    [
      "autoscaling on a queue and no queue",
      { autoscaling: '{"minCapacity":1,"maxCapacity":3,"invocationsPerInstance":60,"backlogSizePerInstance":5}' },
      /^autoscaling: .* has a backlogSizePerInstance, and without asyncInference nothing is queued/,
    ],
    [
      "autoscaling to no instance and no queue",
      { autoscaling: '{"minCapacity":0,"maxCapacity":3,"invocationsPerInstance":60}' },
      /^autoscaling: .* has a minCapacity of 0, which SageMaker allows with asyncInference only/,
    ],
    [
      "a host image whose driver is too old for the release's CUDA",
      { instanceType: "ml.g5.xlarge", inferenceAmiVersion: "al2-ami-sagemaker-inference-gpu-3-1" },
      /inferenceAmiVersion: .* brings NVIDIA driver 550, and CUDA 13 of 26\.05-py3 needs 580 or newer: use al2023-/,
    ],
    [
      "a host image whose driver is too old for the CUDA of an image that is there",
      {
        instanceType: "ml.g5.xlarge",
        inferenceAmiVersion: "al2-ami-sagemaker-inference-gpu-3-1",
        imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:25.09-py3",
      },
      /inferenceAmiVersion: .* CUDA 13 of 25\.09-py3/,
    ],
    [
      "a host image whose driver does not know the GPU",
      {
        instanceType: "ml.g7e.2xlarge",
        imageTag: "25.04-py3",
        inferenceAmiVersion: "al2-ami-sagemaker-inference-gpu-3-1",
      },
      /inferenceAmiVersion: .* RTX PRO Server 6000 of ml\.g7e\.2xlarge needs 570/,
    ],
    [
      "a release that is too old for the GPU",
      { instanceType: "ml.p6-b200.48xlarge", imageTag: "24.09-py3" },
      /imageTag: .* use 25\.04-py3 or newer/,
    ],
    [
      "49 tags and the two of every stack",
      { tags: JSON.stringify(Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`key${i}`, "x"]))) },
      /tags: .* has 51 tags/,
    ],
  ] as const) {
    it(`are ${what}`, () => {
      const problems = problemsOf(raw);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(expected);
    });
  }

  for (const vpcConfig of [
    { subnets: ["subnet-01234567"] },
    { subnets: ["subnet-01234567"], securityGroupIds: ["sg-01234567"], vpcId: "vpc-01234567" },
    { subnets: ["subnet-01234567"], securityGroupIds: ["sg-01234567"], routeTableIds: ["rtb-01234567"] },
  ]) {
    it(`are ${Object.keys(vpcConfig).join(", ")} of a VPC`, () => {
      expect(problemsOf({ vpcConfig: JSON.stringify(vpcConfig) }).join()).to.match(/^vpcConfig: .* (needs|has) /);
    });
  }

  describe("with many models", () => {
    const multiModel = '{"modelRepositories":"examples/multi-model"}';
    const many = { modelRepository: "", multiModel };

    it("are none of one", () => {
      expect(problemsOf(many)).to.deep.equal([]);
      expect(
        problemsOf({ multiModel }).map((problem) => problem.replace(/:.*set together/, " set together")),
      ).to.have.members([
        "modelRepository set together with multiModel: set one of modelRepository, modelArchive, modelDataUrl or multiModel",
        "multiModel set together with modelRepository: set one of modelRepository, modelArchive, modelDataUrl or multiModel",
      ]);
    });

    for (const [what, raw, expected] of [
      [
        "a default model",
        { defaultModelName: "penguins" },
        /^defaultModelName: "penguins" is not allowed with multiModel/,
      ],
      ["models to load at the start", { modelServer: '{"loadModels":["a"]}' }, /^modelServer: .* has loadModels/],
      [
        "another inference type than infer",
        { modelServer: '{"inferenceType":"generate"}' },
        /^modelServer: .* Triton offers infer only/,
      ],
      [
        "a variable of a single model",
        { environment: '{"SAGEMAKER_TRITON_DEFAULT_MODEL_NAME":"a"}' },
        /^environment: .* means nothing to many models: leave it out/,
      ],
      [
        "an argument that loads a model",
        { environment: '{"SAGEMAKER_TRITON_ADDITIONAL_ARGS":"--exit-timeout-secs=5 --load-model=a"}' },
        /^environment: .* has --load-model/,
      ],
      [
        "a type with several GPUs",
        { instanceType: "ml.g5.12xlarge" },
        /^instanceType: .* SageMaker offers p2, p3, g4dn and g5 with one GPU/,
      ],
      ["a prefix", { modelDataFormat: "prefix" }, /^modelDataFormat: .* with multiModel: it takes archives only/],
      ["a shadow", { shadow: '{"samplingPercentage":10}' }, /^shadow: .* with multiModel/],
      ["a queue", { asyncInference: '{"expirationInDays":1}' }, /^multiModel: .* with asyncInference/],
      [
        "no instances",
        { instanceType: "", serverless: '{"memorySizeInMb":2048,"maxConcurrency":5}' },
        /^multiModel: .* with serverless: a serverless endpoint serves one model/,
      ],
      [
        "variants, one of which has a model of its own",
        { variants: '{"a":{},"b":{"modelRepository":"models"}}' },
        /^variants: .* have a model of their own beside multiModel/,
      ],
    ] as const) {
      it(`are not ${what}`, () => {
        expect(problemsOf({ ...many, ...raw })).to.have.length(1);
        expect(problemsOf({ ...many, ...raw })[0]).to.match(expected);
      });
    }

    it("are variants that share them, and types with one GPU", () => {
      expect(problemsOf({ ...many, variants: '{"a":{},"b":{"instanceType":"ml.g5.xlarge"}}' })).to.deep.equal([]);
      expect(problemsOf({ ...many, instanceType: "ml.g4dn.16xlarge" })).to.deep.equal([]);
    });
  });

  it("are a key that is there and one to make", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    expect(problemsOf({ kmsKeyArn, createKmsKey: "true" }).join()).to.match(
      /^kmsKeyArn: .* together with createKmsKey/,
    );
  });

  it("are told of the variant that sets one of them", () => {
    expect(
      problemsOf({
        variants: JSON.stringify({
          a: { instanceType: "ml.g5.xlarge", volumeSizeInGb: 100 },
          b: { modelRepository: "nowhere" },
          c: { modelDataUrl: "s3://models/c.tar.gz", modelDataFormat: "prefix" },
        }),
      }),
    ).to.deep.equal([
      "variants.a.volumeSizeInGb: 100 is not allowed with ml.g5.xlarge, which has storage of its own and takes no volume: leave it out",
      'variants.c.modelDataFormat: "prefix" is not allowed with a packed model: an archive is served as archive, a prefix is made from a modelRepository',
      `variants.b.modelRepository: "nowhere" is no folder in ${process.cwd()}: use a path to a model repository`,
    ]);
  });

  it("are told once where all variants have them from the stack", () => {
    expect(problemsOf({ variants: '{"a":{},"b":{}}', instanceType: "ml.p3.2xlarge" })).to.have.length(1);
  });

  it("are no model of the stack's and a variant without one", () => {
    expect(
      problemsOf({ modelRepository: "", variants: '{"a":{"modelDataUrl":"s3://models/a.tar.gz"},"b":{}}' }),
    ).to.deep.equal([
      "variants.b.modelRepository: undefined is not set, and there is no other model: set one of modelRepository, modelArchive or modelDataUrl",
    ]);
  });

  it("are not a prefix of the stack's and a variant's packed model", () => {
    const variants = '{"a":{"modelDataUrl":"s3://models/a.tar.gz"},"b":{}}';
    expect(problemsOf({ modelDataFormat: "prefix", variants })).to.deep.equal([]);
  });

  it("say nothing of a release where another image is served", () => {
    expect(problemsOf({ instanceType: "ml.p3.2xlarge", imageUri: image })).to.deep.equal([]);
  });
});

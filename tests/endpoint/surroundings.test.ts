import { expect } from "chai";
import { topicArn } from "../../endpoint/fields.ts";
import { monitoringSchema } from "../../endpoint/monitoring.ts";
import { formatPath } from "../../endpoint/problem.ts";
import { endpointProblems } from "../../endpoint/rules.ts";
import { endpointSchema, type Endpoint } from "../../endpoint/schema.ts";

const account = "123456789012";
const imageIn = (region: string, suffix = "") => `${account}.dkr.ecr.${region}.amazonaws.com${suffix}/triton:26.05-py3`;
const keyIn = (partition: string, region: string) => `arn:${partition}:kms:${region}:${account}:key/0a1b`;
const topicIn = (region: string) => `arn:aws:sns:${region}:${account}:alarms`;

function problemsOf(endpoint: Endpoint, region?: string) {
  const problems = endpointProblems({ modelRepository: "models", ...endpoint }, { name: "triton", region });
  return problems.map(({ path, code, severity }) => [formatPath(path), code, ...(severity ? [severity] : [])]);
}

function messageOf(endpoint: Endpoint, region: string) {
  return endpointProblems({ modelRepository: "models", ...endpoint }, { name: "triton", region })[0]?.message;
}

describe("an endpoint in its region", () => {
  it("may use an image in that region", () => {
    expect(problemsOf({ imageUri: imageIn("us-east-1") }, "us-east-1")).to.deep.equal([]);
    expect(problemsOf({ imageUri: imageIn("cn-north-1", ".cn") }, "cn-north-1")).to.deep.equal([]);
  });

  it("can't use an image in another region, because SageMaker only pulls from its own", () => {
    expect(problemsOf({ imageUri: imageIn("eu-west-1") }, "us-east-1")).to.deep.equal([["imageUri", "image-region"]]);
    expect(messageOf({ imageUri: imageIn("eu-west-1") }, "us-east-1")).to.match(/^must be in us-east-1, because/);
  });

  for (const [region, suffix] of [
    ["us-east-1", "amazonaws.com"],
    ["us-east-1", "on.aws"],
    ["us-gov-west-1", "amazonaws.com"],
    ["cn-north-1", "amazonaws.com.cn"],
    ["cn-north-1", "on.amazonwebservices.com.cn"],
    ["eusc-de-east-1", "amazonaws.eu"],
    ["us-iso-east-1", "c2s.ic.gov"],
    ["us-isob-east-1", "sc2s.sgov.gov"],
    ["us-isof-south-1", "csp.hci.ic.gov"],
    ["eu-isoe-west-1", "cloud.adc-e.uk"],
  ] as const) {
    it(`may use an image at an address of that region's partition: at ${suffix} in ${region}`, () => {
      const imageUri = `${account}.dkr.ecr.${region}.${suffix}/triton:26.05-py3`;
      expect(problemsOf({ imageUri }, region)).to.deep.equal([]);
    });
  }

  it("can't use an image at another partition's address", () => {
    for (const [region, suffix, right] of [
      ["cn-north-1", "amazonaws.com", "amazonaws.com.cn"],
      ["us-east-1", "amazonaws.com.cn", "amazonaws.com"],
      ["us-iso-east-1", "amazonaws.com", "c2s.ic.gov"],
      ["eusc-de-east-1", "amazonaws.com", "amazonaws.eu"],
    ] as const) {
      const endpoint = { imageUri: `${account}.dkr.ecr.${region}.${suffix}/triton:26.05-py3` };
      expect(problemsOf(endpoint, region)).to.deep.equal([["imageUri", "image-host"]]);
      expect(problemsOf(endpoint)).to.deep.equal([["imageUri", "image-host"]]);
      expect(messageOf(endpoint, region)).to.include(`must be at ${right} or `);
    }
  });

  it("may copy an image from another region", () => {
    expect(problemsOf({ upstreamImage: imageIn("eu-west-1") }, "us-east-1")).to.deep.equal([]);
  });

  it("must use keys and topics in that region", () => {
    const asyncInference = {
      successTopic: topicIn("eu-west-1"),
      errorTopic: topicIn("us-east-1"),
      expirationInDays: 30,
    };
    expect(problemsOf({ kmsKeyArn: keyIn("aws", "us-east-1") }, "us-east-1")).to.deep.equal([]);
    expect(problemsOf({ kmsKeyArn: keyIn("aws", "eu-west-1") }, "us-east-1")).to.deep.equal([
      ["kmsKeyArn", "arn-region"],
    ]);
    expect(problemsOf({ asyncInference }, "us-east-1")).to.deep.equal([["asyncInference.successTopic", "arn-region"]]);
    const monitoring = monitoringSchema.parse({ retentionInDays: 30, topicArn: topicIn("eu-west-1") });
    expect(problemsOf({ monitoring }, "us-east-1")).to.deep.equal([["monitoring.topicArn", "arn-region"]]);
  });

  it("can't use anything in another partition", () => {
    expect(problemsOf({ imageTag: "25.04-py3", kmsKeyArn: keyIn("aws", "cn-north-1") }, "cn-north-1")).to.deep.equal([
      ["kmsKeyArn", "arn-partition"],
    ]);
    expect(problemsOf({ kmsKeyArn: keyIn("aws-us-gov", "us-gov-west-1") }, "us-east-1")).to.deep.equal([
      ["kmsKeyArn", "arn-partition"],
    ]);
  });

  it("may name anything in its environment", () => {
    expect(problemsOf({ environment: { TOPIC: topicIn("eu-west-1") } }, "us-east-1")).to.deep.equal([]);
  });

  it("must use a release that AWS publishes there", () => {
    expect(problemsOf({ imageTag: "26.05-py3" }, "us-east-1")).to.deep.equal([]);
    expect(problemsOf({ imageTag: "25.04-py3" }, "cn-north-1")).to.deep.equal([]);
    expect(problemsOf({ imageTag: "26.05-py3" }, "cn-north-1")).to.deep.equal([["imageTag", "image-not-published"]]);
    expect(problemsOf({ imageTag: "26.05-py3" }, "us-gov-west-1")).to.deep.equal([["imageTag", "image-not-published"]]);
  });

  it("may be in a region that isn't in our lists", () => {
    expect(problemsOf({ imageTag: "26.05-py3" }, "us-east-9")).to.deep.equal([]);
  });

  const awss = (accountId: string, region: string, tag: string) =>
    `${accountId}.dkr.ecr.${region}.amazonaws.com/sagemaker-tritonserver:${tag}`;

  it("may name AWS's own image in AWS's registry, which is checked like imageTag", () => {
    expect(problemsOf({ imageUri: awss("763104351884", "us-east-1", "26.05-py3") }, "us-east-1")).to.deep.equal([]);
    expect(problemsOf({ imageUri: awss("763104351884", "us-east-1", "24.07-py3") })).to.deep.equal([
      ["imageUri", "image-not-published"],
    ]);
    const instanceType = "ml.p3.2xlarge";
    expect(problemsOf({ imageUri: awss("763104351884", "us-east-1", "26.05-py3"), instanceType })).to.deep.equal([
      ["imageUri", "release-gpu"],
    ]);
    const serverless = { memorySizeInMb: 2048, maxConcurrency: 5 } as const;
    expect(problemsOf({ imageUri: awss("763104351884", "us-east-1", "26.05-py3"), serverless })).to.deep.equal([
      ["serverless", "serverless-image"],
    ]);
  });

  it("may copy AWS's image from any region that has it, for amd64", () => {
    const upstreamImage = awss("763104351884", "eu-west-1", "26.05-py3");
    expect(problemsOf({ upstreamImage }, "us-east-1")).to.deep.equal([]);
    expect(problemsOf({ upstreamImage: awss("763104351884", "eu-west-1", "24.07-py3") })).to.deep.equal([
      ["upstreamImage", "image-not-published"],
    ]);
    const imageUri = awss("763104351884", "us-east-1", "26.05-py3");
    expect(problemsOf({ imageUri, imageArchitecture: "arm64", instanceType: "ml.c7g.large" })).to.deep.include([
      "imageArchitecture",
      "image-architecture",
    ]);
  });

  it("may have NVIDIA's image on Graviton, and not on chips of another maker", () => {
    const upstreamImage = "nvcr.io/nvidia/tritonserver:26.05-py3";
    expect(problemsOf({ upstreamImage, imageArchitecture: "arm64", instanceType: "ml.c7g.large" })).to.deep.equal([]);
    expect(problemsOf({ upstreamImage, instanceType: "ml.inf2.xlarge" })).to.deep.equal([
      ["instanceType", "instance-type"],
    ]);
  });

  it("can't name AWS's image in another region's account", () => {
    const endpoint = { imageUri: awss("763104351884", "eu-south-1", "26.05-py3") };
    expect(problemsOf(endpoint)).to.deep.equal([["imageUri", "image-not-published"]]);
    expect(messageOf(endpoint, "eu-south-1")).to.match(
      /^must be in the account 692866216735, from which AWS publishes/,
    );
  });

  it("may have NVIDIA's image, which is checked by its release", () => {
    const nvidia = (tag: string) => `nvcr.io/nvidia/tritonserver:${tag}`;
    expect(problemsOf({ upstreamImage: nvidia("26.06-py3") }, "us-east-1")).to.deep.equal([]);
    expect(problemsOf({ upstreamImage: nvidia("25.03-py3"), instanceType: "ml.p3.2xlarge" })).to.deep.equal([
      ["upstreamImage", "release-gpu"],
    ]);
    expect(
      problemsOf({ upstreamImage: nvidia("25.02-py3"), modelServer: { inferenceType: "generate" } }),
    ).to.deep.equal([["modelServer.inferenceType", "option-release"]]);
    expect(problemsOf({ upstreamImage: nvidia("26.05-py3-sdk") })).to.deep.equal([["upstreamImage", "upstream-tag"]]);
  });

  it("gets a warning for a release newer than our list", () => {
    expect(problemsOf({ imageTag: "27.01-py3" }, "us-east-1")).to.deep.equal([
      ["imageTag", "image-not-listed", "warning"],
    ]);
  });

  it("has no region problems as long as the region isn't known", () => {
    expect(problemsOf({ imageTag: "26.05-py3", imageUri: imageIn("eu-west-1") })).to.deep.equal([]);
  });
});

describe("an endpoint with the user's own image", () => {
  it("may run on Graviton if the image's architecture is set to arm64", () => {
    const instanceType = "ml.c7g.large";
    expect(problemsOf({ imageUri: imageIn("us-east-1"), imageArchitecture: "arm64", instanceType })).to.deep.equal([]);
    const upstreamImage = "nvcr.io/nvidia/tritonserver:24.10-py3";
    expect(problemsOf({ upstreamImage, imageArchitecture: "arm64", instanceType })).to.deep.equal([]);
  });

  for (const instanceType of ["ml.inf1.xlarge", "ml.inf2.xlarge", "ml.trn1.2xlarge"]) {
    it(`may run on ${instanceType}, with a note`, () => {
      expect(problemsOf({ imageUri: imageIn("us-east-1"), instanceType })).to.deep.equal([
        ["instanceType", "own-accelerator", "warning"],
      ]);
    });
  }

  it("may use options that its release doesn't have, because its serve script may have them", () => {
    const modelServer = { loadModels: ["encoder"] };
    const imageUri = imageIn("us-east-1").replace("26.05", "23.06");
    expect(problemsOf({ imageUri, modelServer })).to.deep.equal([]);
  });
});

describe("an option of modelServer", () => {
  for (const [imageTag, modelServer, option, since] of [
    ["23.06-py3", { loadModels: ["encoder"] }, "loadModels", "23.07"],
    ["23.06-py3", { allowMetrics: true }, "allowMetrics", "23.07"],
    ["23.06-py3", { grpcPort: 9000 }, "grpcPort", "23.07"],
    ["23.06-py3", { overridePingMode: "live" }, "overridePingMode", "23.07"],
    ["22.10-py3", { modelLoadGpuLimit: 0.5 }, "modelLoadGpuLimit", "22.12"],
    ["22.04-py3", { shmDefaultByteSize: 2 ** 24 }, "shmDefaultByteSize", "22.05"],
    ["25.02-py3", { inferenceType: "generate" }, "inferenceType", "25.03"],
  ] as const) {
    it(`is refused for a release that doesn't have it yet: ${option} for ${imageTag}`, () => {
      const problems = endpointProblems(
        { modelRepository: "models", imageTag, modelServer: modelServer as Endpoint["modelServer"] },
        { name: "triton" },
      ).filter(({ code }) => code === "option-release");
      expect(problems.map(({ path }) => formatPath(path))).to.deep.equal([`modelServer.${option}`]);
      expect(problems[0]?.message).to.include(`because Triton's images before ${since} ignore it`);
    });
  }

  it("is accepted from the release that introduced it", () => {
    expect(
      problemsOf({ imageTag: "23.07-py3", modelServer: { loadModels: ["encoder"], allowMetrics: true } }),
    ).to.deep.equal([]);
    expect(problemsOf({ imageTag: "22.04-py3", modelServer: { threadCount: 4 } })).to.deep.equal([]);
  });
});

describe("Triton's options in an endpoint's environment", () => {
  const environmentOf = (text: string) => ({ environment: { SAGEMAKER_TRITON_ADDITIONAL_ARGS: text } });
  const at = "environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS";

  it("may be any of the release's options", () => {
    const text = "--log-format=ISO8601 --cache-config=local,size=1048576 --load-model encoder";
    expect(problemsOf(environmentOf(text))).to.deep.equal([]);
  });

  it("may be new in a release that is newer than the table", () => {
    const problems = problemsOf({ imageTag: "27.01-py3", ...environmentOf("--brand-new=true") });
    expect(problems).to.deep.equal([["imageTag", "image-not-listed", "warning"]]);
  });

  it("get only a warning with the user's own image, which may contain another Triton", () => {
    const imageUri = imageIn("us-east-1");
    expect(problemsOf({ imageUri, ...environmentOf("--my-own=true") })).to.deep.equal([
      [at, "server-option", "warning"],
    ]);
  });

  it("are warned of where the release doesn't heed them", () => {
    const restricted = environmentOf("--http-restricted-api=model-repository:key=value");
    expect(problemsOf({ imageTag: "26.03-py3", ...restricted })).to.deep.equal([
      [at, "server-option-unheeded", "warning"],
    ]);
    expect(problemsOf({ imageTag: "26.04-py3", ...restricted })).to.deep.equal([]);
    expect(problemsOf({ imageTag: "25.09-py3", ...environmentOf("--http-restricted-api=health:k=v") })).to.deep.equal([
      [at, "server-option-unheeded", "warning"],
    ]);
  });

  it("are warned of where the release doesn't heed them on the route of multi-model endpoints", () => {
    const multiModel = { modelRepositories: "examples/multi-model" };
    const restricted = {
      ...environmentOf("--http-restricted-api=inference:key=value"),
      ...{ multiModel, modelRepository: undefined },
    };
    const unheeded = (imageTag: string) =>
      problemsOf({ imageTag, ...restricted }).filter(([, code]) => code === "server-option-unheeded");
    expect(["26.03", "26.05", "26.06"].map((release) => unheeded(`${release}-py3`))).to.deep.equal(
      Array(3).fill([[at, "server-option-unheeded", "warning"]]),
    );
    expect(unheeded("26.07-py3")).to.deep.equal([]);
  });

  it("get a warning if the start script passes them too, with the setting for them", () => {
    for (const [text, setting] of [
      ["--log-verbose=1", "modelServer.logVerbose"],
      ["--allow-metrics=true", "modelServer.allowMetrics"],
      ["--sagemaker-thread-count=16", "modelServer.threadCount"],
      ["--backend-config=python,shm-default-byte-size=33554432", "modelServer.shmDefaultByteSize"],
      ["--model-namespacing=false", "SAGEMAKER_TRITON_DISABLE_MODEL_NAMESPACING"],
    ] as const) {
      expect(problemsOf(environmentOf(text)), text).to.deep.equal([[at, "server-option-repeated", "warning"]]);
      expect(messageOf(environmentOf(text), "us-east-1")).to.include(`Set ${setting} instead`);
    }
  });
});

describe("a variable that nothing in the container reads", () => {
  for (const [name, meant] of [
    ["SAGEMAKER_TRITON_LOG_VEBOSE", "SAGEMAKER_TRITON_LOG_VERBOSE"],
    ["SAGEMAKER_TRITION_LOG_INFO", "SAGEMAKER_TRITON_LOG_INFO"],
    ["TRITON_LOG_ERROR", "SAGEMAKER_TRITON_LOG_ERROR"],
    ["LOG_VERBOSE", "SAGEMAKER_TRITON_LOG_VERBOSE"],
    ["sagemaker_triton_thread_count", "SAGEMAKER_TRITON_THREAD_COUNT"],
  ] as const) {
    it(`gets a warning that suggests the intended one: ${name}`, () => {
      const endpoint = { environment: { [name]: "1" } };
      expect(problemsOf(endpoint)).to.deep.equal([[`environment.${name}`, "environment-unread", "warning"]]);
      expect(messageOf(endpoint, "us-east-1")).to.include(`did you mean ${meant}?`);
    });
  }

  it("isn't one of the model's own, the SDK's or a library's", () => {
    const names = ["TOKEN", "OMP_NUM_THREADS", "SAGEMAKER_PROGRAM", "HF_HOME", "CUDA_VISIBLE_DEVICES", "LOG_LEVEL"];
    expect(problemsOf({ environment: Object.fromEntries(names.map((name) => [name, "1"])) })).to.deep.equal([]);
  });
});

describe("modelServer", () => {
  it("must give each of Triton's services a different port", () => {
    const ports = (modelServer: Endpoint["modelServer"]) => problemsOf({ modelServer });
    expect(ports({ allowGrpc: true, allowMetrics: true })).to.deep.equal([]);
    expect(ports({ grpcPort: 8080 })).to.deep.equal([]);
    expect(ports({ allowGrpc: true, grpcPort: 8080 })).to.deep.equal([["modelServer.grpcPort", "server-ports"]]);
    expect(ports({ allowGrpc: true, grpcPort: 8002, allowMetrics: true })).to.deep.equal([
      ["modelServer.grpcPort", "server-ports"],
    ]);
  });

  it("must give a Python model at least the shared memory that the release's backend requires", () => {
    const modelServer = { shmDefaultByteSize: 2 ** 21 };
    expect(problemsOf({ imageTag: "23.10-py3", modelServer })).to.deep.equal([]);
    expect(problemsOf({ imageTag: "23.08-py3", modelServer })).to.deep.equal([
      ["modelServer.shmDefaultByteSize", "shm-default"],
    ]);
  });
});

describe("settings that become variables", () => {
  const manyModels = Array.from({ length: 60 }, (_, index) => `a-model-number-${index}`);

  it("fit into the environment together with the variables that are set by themselves", () => {
    const environment = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`A${index}`, "x"]));
    expect(problemsOf({ environment })).to.deep.equal([]);
    expect(problemsOf({ environment, defaultModelName: "penguins" })).to.deep.equal([
      ["environment", "environment-count"],
    ]);
    expect(messageOf({ environment, defaultModelName: "penguins" }, "us-east-1")).to.equal(
      "must have at most 100 entries, but has 100 and 1 from other settings",
    );
  });

  it("are no longer than a variable may be", () => {
    expect(problemsOf({ modelServer: { loadModels: manyModels.slice(0, 30) } })).to.deep.equal([]);
    expect(problemsOf({ modelServer: { loadModels: manyModels } })).to.deep.equal([
      ["modelServer.loadModels", "load-models-length"],
    ]);
  });
});

describe("keys and topics", () => {
  it("may be in every partition", () => {
    const id = "01234567-89ab-cdef-0123-456789abcdef";
    for (const partition of ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc"]) {
      expect(
        endpointSchema.shape.kmsKeyArn.safeParse(`arn:${partition}:kms:r-1:123456789012:key/${id}`).success,
      ).to.equal(true);
      expect(topicArn().safeParse(`arn:${partition}:sns:r-1:123456789012:alarms`).success).to.equal(true);
    }
  });
});

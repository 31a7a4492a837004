import { expect } from "chai";
import { monitoringSchema } from "../../endpoint/monitoring.ts";
import { formatPath } from "../../endpoint/problem.ts";
import { endpointProblems } from "../../endpoint/rules.ts";
import type { Endpoint } from "../../endpoint/schema.ts";

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
  it("is served with an image of that region", () => {
    expect(problemsOf({ imageUri: imageIn("us-east-1") }, "us-east-1")).to.deep.equal([]);
    expect(problemsOf({ imageUri: imageIn("cn-north-1", ".cn") }, "cn-north-1")).to.deep.equal([]);
  });

  it("is not served with an image of another region, because SageMaker pulls from its own only", () => {
    expect(problemsOf({ imageUri: imageIn("eu-west-1") }, "us-east-1")).to.deep.equal([["imageUri", "image-region"]]);
    expect(messageOf({ imageUri: imageIn("eu-west-1") }, "us-east-1")).to.match(/^must be in us-east-1, because/);
  });

  it("is not served with an image at another partition's address", () => {
    expect(problemsOf({ imageUri: imageIn("cn-north-1") }, "cn-north-1")).to.deep.equal([["imageUri", "image-region"]]);
  });

  it("may copy an image from another region", () => {
    expect(problemsOf({ upstreamImage: imageIn("eu-west-1") }, "us-east-1")).to.deep.equal([]);
  });

  it("uses keys and topics of that region", () => {
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

  it("uses nothing of another partition", () => {
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

  it("gets a release that AWS publishes there", () => {
    expect(problemsOf({ imageTag: "26.05-py3" }, "us-east-1")).to.deep.equal([]);
    expect(problemsOf({ imageTag: "25.04-py3" }, "cn-north-1")).to.deep.equal([]);
    expect(problemsOf({ imageTag: "26.05-py3" }, "cn-north-1")).to.deep.equal([["imageTag", "image-not-published"]]);
    expect(problemsOf({ imageTag: "26.05-py3" }, "us-gov-west-1")).to.deep.equal([["imageTag", "image-not-published"]]);
  });

  it("may be in a region that no list names", () => {
    expect(problemsOf({ imageTag: "26.05-py3" }, "us-east-9")).to.deep.equal([]);
  });

  it("is warned of a release newer than the list", () => {
    expect(problemsOf({ imageTag: "27.01-py3" }, "us-east-1")).to.deep.equal([
      ["imageTag", "image-not-listed", "warning"],
    ]);
  });

  it("may be anywhere as long as the region is not known", () => {
    expect(problemsOf({ imageTag: "26.05-py3", imageUri: imageIn("eu-west-1") })).to.deep.equal([]);
  });
});

describe("an endpoint with an image of one's own", () => {
  it("may run on Graviton where the image is said to be for arm64", () => {
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

  it("may have a start that knows more than the release does", () => {
    const modelServer = { loadModels: ["encoder"] };
    expect(problemsOf({ upstreamImage: "nvcr.io/nvidia/tritonserver:23.06-py3", modelServer })).to.deep.equal([]);
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
    it(`is refused for a release older than the one that it begins with: ${option} for ${imageTag}`, () => {
      const problems = endpointProblems(
        { modelRepository: "models", imageTag, modelServer: modelServer as Endpoint["modelServer"] },
        { name: "triton" },
      ).filter(({ code }) => code === "option-release");
      expect(problems.map(({ path }) => formatPath(path))).to.deep.equal([`modelServer.${option}`]);
      expect(problems[0]?.message).to.include(`because Triton's images before ${since} ignore it`);
    });
  }

  it("is accepted from the release on that it begins with", () => {
    expect(
      problemsOf({ imageTag: "23.07-py3", modelServer: { loadModels: ["encoder"], allowMetrics: true } }),
    ).to.deep.equal([]);
    expect(problemsOf({ imageTag: "22.04-py3", modelServer: { threadCount: 4 } })).to.deep.equal([]);
  });
});

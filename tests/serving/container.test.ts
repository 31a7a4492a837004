import { expect } from "chai";
import { networkArguments, runArguments, signInRemedy, type ContainerOptions } from "../../local/containerArguments.ts";
import { plannedContainer } from "../../local/plannedContainer.ts";
import { previewStack } from "../../preview/plan.ts";

const container: ContainerOptions = {
  image: "nvcr.io/nvidia/tritonserver:26.05-py3",
  platform: "linux/amd64",
  networkIsolation: false,
  name: "sagemaker-triton-1-8080",
  port: 8080,
  modelsDirectory: "/tmp/opt/ml",
  environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins", MODE: "a b" },
  gpus: false,
};

describe("a planned Model's container", () => {
  it("runs as on SageMaker: serve on port 8080, here only of 127.0.0.1, with the models read-only at /opt/ml", () => {
    expect(runArguments(container)).to.deep.equal([
      ...["run", "--rm", "--tty", "--name", "sagemaker-triton-1-8080", "--platform", "linux/amd64"],
      ...["--publish", "127.0.0.1:8080:8080"],
      ...["--mount", 'type=bind,"source=/tmp/opt/ml",target=/opt/ml,readonly'],
      ...["--env", "SAGEMAKER_TRITON_DEFAULT_MODEL_NAME=penguins", "--env", "MODE=a b"],
      ...["nvcr.io/nvidia/tritonserver:26.05-py3", "serve"],
    ]);
  });

  it("gets GPUs on request, and its own network if the Model is isolated", () => {
    const run = runArguments({ ...container, gpus: true, networkIsolation: true });
    expect(run.join(" ")).to.include("--gpus all").and.include("--network sagemaker-triton-1-8080");
    expect(networkArguments("isolated").join(" ")).to.equal(
      "network create --opt com.docker.network.bridge.enable_ip_masquerade=false isolated",
    );
  });

  it("can use a models folder whose name has commas and quotation marks", () => {
    const run = runArguments({ ...container, modelsDirectory: '/tmp/a,"b"' });
    expect(run).to.include('type=bind,"source=/tmp/a,""b""",target=/opt/ml,readonly');
  });

  const planned = async (config: Record<string, string>) =>
    plannedContainer(await previewStack({ stack: "dev", config }));

  it("has AWS's image of the stack's release and region", async () => {
    expect(await planned({ imageTag: "25.09-py3" })).to.deep.equal({
      image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/sagemaker-tritonserver:25.09-py3",
      platform: "linux/amd64",
      networkIsolation: false,
    });
  });

  it("uses the pinned digest, the upstream image or the existing image, as the stack says", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    expect((await planned({ imageDigest: digest })).image).to.match(
      /^763104351884\.dkr\.ecr\.us-east-1\.amazonaws\.com\/sagemaker-tritonserver@sha256:a{64}$/,
    );
    expect(await planned({ upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" })).to.include({
      image: "nvcr.io/nvidia/tritonserver:24.10-py3",
    });
    const imageUri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:26.05";
    expect((await planned({ imageUri, networkIsolation: "true" })).image).to.equal(imageUri);
    expect((await planned({ imageUri, networkIsolation: "true" })).networkIsolation).to.equal(true);
  });

  it("is for the processors of the variant's instances", async () => {
    const arm = { imageArchitecture: "arm64", instanceType: "ml.c7g.large" };
    const imageUri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:26.05";
    expect(await planned({ ...arm, imageUri })).to.include({ image: imageUri, platform: "linux/arm64" });
    const upstreamImage = "nvcr.io/nvidia/tritonserver:24.10-py3";
    expect(await planned({ ...arm, upstreamImage })).to.include({ image: upstreamImage, platform: "linux/arm64" });
    expect(await planned({ imageUri })).to.include({ platform: "linux/amd64" });
  });

  it("has the command to sign in to its registry if that is required", () => {
    expect(signInRemedy("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/triton:1")).to.equal(
      "Sign in to its registry: aws ecr get-login-password --region cn-north-1 | docker login --username AWS --password-stdin 123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
    );
    expect(signInRemedy("nvcr.io/nvidia/tritonserver:24.10-py3")).to.include("docker login");
  });
});

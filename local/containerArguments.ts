import { imageRegistryHost, parseEcrImage } from "../sagemaker/imageUri.ts";
import type { PlannedContainer } from "./plannedContainer.ts";

/** How a container is run. */
export interface ContainerOptions extends PlannedContainer {
  /** The container's name; its network, where it has one of its own, has the same. */
  readonly name: string;
  /** The port of 127.0.0.1. */
  readonly port: number;
  /** The folder that SageMaker has at `/opt/ml`. */
  readonly modelsDirectory: string;
  /** The container's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it gets this machine's GPUs. */
  readonly gpus: boolean;
}

/** SageMaker's port: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html */
const containerPort = 8080;

/**
 * The arguments of `docker` that run a container as SageMaker does: `serve` is its argument, its port is 8080, and the models
 * are at `/opt/ml`, which it only reads. Docker's default of shared memory, 64 MiB, is SageMaker's, too. It has a terminal, so
 * that what a model prints appears at once: into a pipe, Python keeps it back.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 *
 * @param options how it is run
 */
export function runArguments(options: ContainerOptions): string[] {
  const { name, port, modelsDirectory, environment, gpus, image, platform, networkIsolation } = options;
  return [
    ...["run", "--rm", "--tty", "--name", name, "--platform", platform],
    ...["--publish", `127.0.0.1:${port}:${containerPort}`],
    ...(networkIsolation ? ["--network", name] : []),
    ...["--mount", `type=bind,"source=${modelsDirectory.replaceAll('"', '""')}",target=/opt/ml,readonly`],
    ...(gpus ? ["--gpus", "all"] : []),
    ...Object.entries(environment).flatMap(([variable, value]) => ["--env", `${variable}=${value}`]),
    ...[image, "serve"],
  ];
}

/**
 * The arguments of `docker` that make a network which a port of 127.0.0.1 reaches, and on which no answer from outside comes
 * back: without masquerading, nothing beyond this machine knows the container's address.
 * Source: https://docs.docker.com/engine/network/drivers/bridge/#options
 *
 * @param name the network's name
 */
export function networkArguments(name: string): string[] {
  return ["network", "create", "--opt", "com.docker.network.bridge.enable_ip_masquerade=false", name];
}

/**
 * What to do where an image can't be pulled.
 *
 * @param image the image
 * @returns how to sign in to its registry, where that is Amazon ECR; otherwise `docker login`
 */
export function signInRemedy(image: string): string {
  const { region } = parseEcrImage(image) ?? {};
  if (region === undefined) return "Sign in to its registry with docker login where it asks for that.";
  return `Sign in to its registry: aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${imageRegistryHost(image)}`;
}

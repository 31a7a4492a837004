import { imageRegistryHost, parseEcrImage } from "../sagemaker/imageUri.ts";
import type { PlannedContainer } from "./plannedContainer.ts";

/** Options for running a container. */
export interface ContainerOptions extends PlannedContainer {
  /** The container's name, and that of its own network if it has one. */
  readonly name: string;
  /** The port of 127.0.0.1. */
  readonly port: number;
  /** The folder to mount at `/opt/ml`, as SageMaker does. */
  readonly modelsDirectory: string;
  /** The container's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** True to give it this machine's GPUs. */
  readonly gpus: boolean;
}

/** SageMaker's port: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html */
const containerPort = 8080;

/**
 * The arguments of `docker` that run a container as SageMaker does: with the argument `serve`, port 8080, and the
 * models at `/opt/ml`, read-only. Docker's default for shared memory, 64 MiB, is also SageMaker's. It has a terminal,
 * so that what a model prints appears at once: into a pipe, Python keeps it back.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 *
 * @param options how to run it
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
 * The arguments of `docker` that create a network reachable from a port of 127.0.0.1, but without access to the
 * outside: without masquerading, no answer from beyond this machine finds its way back to the container's address.
 * Source: https://docs.docker.com/engine/network/drivers/bridge/#options
 *
 * @param name the network's name
 */
export function networkArguments(name: string): string[] {
  return ["network", "create", "--opt", "com.docker.network.bridge.enable_ip_masquerade=false", name];
}

/**
 * The remedy if an image can't be pulled.
 *
 * @returns how to sign in to its registry: the full command for Amazon ECR, otherwise `docker login`
 */
export function signInRemedy(image: string): string {
  const { region } = parseEcrImage(image) ?? {};
  if (region === undefined) return "If its registry requires a sign-in, use docker login.";
  return `Sign in to its registry: aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${imageRegistryHost(image)}`;
}

import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FrontDoorOptions } from "./frontDoor.ts";
import { launchTriton, type EndedModel, type LaunchedTriton } from "./launchTriton.ts";
import { MessageError } from "./messageError.ts";
import { describing } from "./modelDescription.ts";
import { loadRemedy } from "./loadRemedy.ts";
import type { FailureContext } from "../operations/failures/row.ts";
import { environmentSettings } from "../sagemaker/serverEnvironment.ts";
import { readServeArguments } from "./serveArguments.ts";
import { serverMetricsVariable } from "../sagemaker/serverMetrics.ts";
import { everySecond, ServerTimes } from "./serverTimes.ts";
import type { TritonInstallation } from "./triton.ts";

/** Options for serving a model repository. */
export interface StartOptions extends FrontDoorOptions {
  /** The installed Triton. */
  readonly installation: TritonInstallation;
  /** The model repository, which SageMaker has in `/opt/ml/model`; empty if there are many models. */
  readonly modelDirectory: string;
  /** The container's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The time that it may take to the first healthy ping, in seconds. */
  readonly startupTimeoutInSeconds: number;
  /** Ends the wait early. Default: none. */
  readonly signal?: AbortSignal;
  /** Called with each line that a model prints or logs. Default: none. */
  readonly onModelLine?: (line: string) => void;
  /** Called when a model's process has ended although the server goes on. Default: none. */
  readonly onModelEnded?: (ended: EndedModel) => void;
}

/** Options for waiting for a server. */
interface WaitOptions extends Pick<StartOptions, "startupTimeoutInSeconds" | "signal"> {
  /** The surroundings in which its failure is explained. */
  readonly context: FailureContext;
}

/** A Triton that is ready for requests. */
export interface RunningTriton extends LaunchedTriton {
  /** The model that answers requests; absent if there are many. */
  readonly defaultModelName?: string;
}

/**
 * Serves a model repository as SageMaker's container would, with the same flags derived from the same environment,
 * `/ping` and `/invocations`.
 *
 * @param options how to serve it
 * @returns the server, once `/ping` answers 200
 * @throws MessageError with Triton's own reason if the model doesn't load, or not in time; nothing is left running then
 */
export async function startTriton(options: StartOptions): Promise<RunningTriton> {
  const { modelDirectory, onModelLine } = options;
  const environment = everySecond(options.environment);
  const times = new ServerTimes();
  const serve = await readServeArguments(environment, modelDirectory);
  const generation = generationOf(environment, serve.defaultModelName);
  const triton = await launchTriton({
    ...options,
    onModelLine: (line) => {
      times.add(line);
      onModelLine?.(line);
    },
    modelsDirectory: path.dirname(modelDirectory),
    arguments: [`--model-repository=${modelDirectory}`, ...serve.arguments, ...(generation?.arguments ?? [])],
    ...(generation && { portArgument: "--http-port", route: generation.route }),
    environment: {
      ...environment,
      // The default if no configuration sets the maximum batch size; see local/backends/onnxruntime/completion.py.
      TRITON_DEFAULT_MAX_BATCH_SIZE: defaultMaxBatchSize(serve.arguments),
      ...(serve.defaultModelName !== undefined && { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: serve.defaultModelName }),
    },
  });
  try {
    const context = { local: true, settings: environmentSettings(environment) };
    await untilReady(triton, { ...options, context });
  } catch (error) {
    await triton.stop();
    if (!(error instanceof MessageError)) throw error;
    // The path as it would be on SageMaker.
    const message = error.message.replaceAll(modelDirectory, servedDirectory);
    throw new MessageError(triton.isolation.isolated ? message : message + notMounted(error.message));
  }
  const described = describing(triton.container, modelDirectory, serve.defaultModelName);
  const container = serverMetricsVariable in environment ? times.in(described) : described;
  return {
    ...triton,
    container,
    ...(serve.defaultModelName !== undefined && { defaultModelName: serve.defaultModelName }),
  };
}

/**
 * The generate extension, which SageMaker's front end has from 25.03 on and this Triton's HTTP front end already:
 * `/invocations` is the default model's route of that name. The last argument of a name counts.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_generate.md
 */
function generationOf(
  { SAGEMAKER_TRITON_INFERENCE_TYPE: type = "infer" }: StartOptions["environment"],
  model?: string,
) {
  if (type === "infer" || model === undefined) return undefined;
  const routes = new Map([
    ["/ping", "/v2/health/ready"],
    ["/invocations", `/v2/models/${encodeURIComponent(model)}/${type}`],
  ]);
  return {
    arguments: ["--allow-sagemaker=false", "--allow-http=true", "--http-address=127.0.0.1"],
    route: (path: string) => routes.get(path) ?? "/",
  };
}

const servedDirectory = "/opt/ml/model";

/** A model that opens its files by their path on SageMaker only finds them there. */
function notMounted(message: string): string {
  return message.includes(servedDirectory)
    ? `\nOn SageMaker the model is at ${servedDirectory}, but not here, because this system allows no namespaces.`
    : "";
}

/** Source: https://github.com/triton-inference-server/onnxruntime_backend#default-max-batch-size */
function defaultMaxBatchSize(serverArguments: readonly string[]): string {
  const sizes = serverArguments.flatMap((argument, index) => {
    const text = argument === "--backend-config" ? `${argument}=${serverArguments[index + 1] ?? ""}` : argument;
    return /^--backend-config=(?:onnxruntime,)?default-max-batch-size=(\d+)$/.exec(text)?.[1] ?? [];
  });
  return sizes.at(-1) ?? "4";
}

/**
 * Waits until a server answers `/ping` with 200.
 *
 * @param triton the server
 * @param options how long it may take, what ends the wait early, and the server's surroundings
 * @throws MessageError with Triton's own reason if it ends by itself or isn't ready in time
 */
export async function untilReady(
  triton: LaunchedTriton,
  { startupTimeoutInSeconds: seconds, signal, context }: WaitOptions,
): Promise<void> {
  let code: number | undefined;
  void triton.ended.then((exitCode) => {
    code = exitCode;
  });
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await answers(`${triton.url}/ping`)) return;
    if (code !== undefined) {
      const { reason } = triton.log;
      throw new MessageError(`Triton could not load the model:\n${reason}${loadRemedy(reason, context)}`);
    }
    await sleep(50, undefined, { signal });
  }
  const { reason } = triton.log;
  throw new MessageError(
    `Triton was not ready after ${seconds} s, the time that containerStartupHealthCheckTimeoutInSeconds allows:\n${reason}${loadRemedy(reason, context)}`,
  );
}

/** SageMaker allows a ping two seconds: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

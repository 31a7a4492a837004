import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import * as path from "node:path";
import { makeFolders } from "../packing/makeFolders.js";
import { ownLimit } from "../operations/answerLimits.ts";
import { readBody } from "../releases/boundedBody.ts";
import { readModelFolder } from "../packing/folder.ts";
import { targetModelOf } from "../triton/repository/multiModel.ts";
import { targetModelHeader } from "./exampleRequest.ts";
import { wholeAnswer, type Container, type ContainerAnswer, type ContainerRequest } from "./container.ts";
import { openFrontDoor } from "./frontDoor.ts";
import { loadRemedy } from "./loadRemedy.ts";
import { MessageError } from "./messageError.ts";
import type { PlannedTargetModel } from "./plannedModel.ts";
import type { TritonLog } from "./tritonLog.ts";
import type { LocalServer, ServeOptions } from "./localServer.ts";
import type { RunningTriton } from "./startTriton.ts";

/** Options for serving many models. */
export interface MultiModelOptions extends ServeOptions {
  /** The server. */
  readonly server: LocalServer;
  /** An empty folder, `…/opt/ml/model`; the models are unpacked to `…/opt/ml/models` next to it. */
  readonly modelDirectory: string;
  /** The models that requests may name. */
  readonly targetModels: readonly PlannedTargetModel[];
}

/** A loaded model. */
export interface LoadedModel {
  /** The unpacked model repository. */
  readonly directory: string;
  /** The model in it that answers. */
  readonly model: string;
}

/** A multi-model endpoint on this machine. */
export interface MultiModelEndpoint extends Omit<RunningTriton, "defaultModelName"> {
  /** Loads a model, as the first request for it does, or returns it if it is already loaded. */
  readonly load: (targetModel: string) => Promise<LoadedModel>;
  /** Unloads a model and removes it from disk, as SageMaker does when it needs room. */
  readonly unload: (targetModel: string) => Promise<void>;
}

/**
 * Serves many models as a multi-model endpoint does: `POST /invocations` names its model in a header; SageMaker unpacks
 * and loads it the first time, and calls Triton by the contract of multi-model containers.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
 *
 * @param options how to serve them
 * @returns the endpoint, once `/ping` answers 200; no model is loaded yet
 * @throws MessageError if Triton doesn't start or the port is taken
 */
export async function startMultiModelEndpoint(options: MultiModelOptions): Promise<MultiModelEndpoint> {
  const started = Promise.withResolvers<TargetModels>();
  const container: Container = async (request) => answerTo(await started.promise, request);
  const door = await openFrontDoor(options, container);
  let triton;
  try {
    triton = await options.server.start({
      ...options,
      port: 0,
      environment: { ...options.environment, SAGEMAKER_MULTI_MODEL: "true" },
    });
  } catch (error) {
    door.close();
    throw error;
  }
  const { isolation, log, ended } = triton;
  const models = new TargetModels(triton, options);
  started.resolve(models);
  return {
    ...{ isolation, log, ended, container },
    url: door.url,
    load: (targetModel) => models.load(targetModel),
    unload: (targetModel) => models.unload(targetModel),
    stop: async () => {
      door.close();
      await triton.stop();
    },
  };
}

/** The loaded models, and the connection to Triton. */
class TargetModels {
  readonly #url: string;
  readonly #log: TritonLog;
  readonly #isolated: boolean;
  readonly #options: MultiModelOptions;
  readonly #loaded = new Map<string, Promise<LoadedModel>>();

  constructor({ url, log, isolation }: RunningTriton, options: MultiModelOptions) {
    this.#url = url;
    this.#log = log;
    this.#isolated = isolation.isolated;
    this.#options = options;
  }

  has(targetModel: string): boolean {
    return this.#options.targetModels.some(({ name }) => name === targetModel);
  }

  async load(targetModel: string): Promise<LoadedModel> {
    const loading = this.#loaded.get(targetModel) ?? this.#load(targetModel);
    this.#loaded.set(targetModel, loading);
    try {
      return await loading;
    } catch (error) {
      this.#loaded.delete(targetModel);
      throw error;
    }
  }

  async unload(targetModel: string): Promise<void> {
    const loaded = await this.#loaded.get(targetModel);
    if (!loaded) return;
    this.#loaded.delete(targetModel);
    await this.#ask("DELETE", targetModel, { path: `/${hashOf(targetModel)}`, failure: "unload" });
    await rm(path.dirname(loaded.directory), { recursive: true });
  }

  async invoke(targetModel: string, body: Uint8Array<ArrayBuffer>, contentType: string): Promise<Response> {
    await this.load(targetModel);
    return fetch(`${this.#url}/models/${hashOf(targetModel)}/invoke`, {
      method: "POST",
      body,
      headers: { "content-type": contentType, [targetModelHeader]: targetModel },
    });
  }

  ping(): Promise<Response> {
    return fetch(`${this.#url}/ping`);
  }

  async #load(targetModel: string): Promise<LoadedModel> {
    const planned = this.#options.targetModels.find(({ name }) => name === targetModel);
    if (!planned) throw new MessageError(`there is no target model "${targetModel}"`);
    const directory = path.join(`${this.#options.modelDirectory}s`, hashOf(targetModel), "model");
    makeFolders(directory);
    try {
      await planned.unpack(directory);
      const model = targetModelOf(await readModelFolder(directory)) ?? "";
      const { server, signal } = this.#options;
      await server.provide(directory, { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: model }, signal);
      const url = this.#isolated ? `/opt/ml/models/${hashOf(targetModel)}/model` : directory;
      const body = JSON.stringify({ model_name: hashOf(targetModel), url });
      await this.#ask("POST", targetModel, { body, failure: "load" });
      return { directory, model };
    } catch (error) {
      await rm(path.dirname(directory), { recursive: true });
      throw error;
    }
  }

  async #ask(
    method: "POST" | "DELETE",
    targetModel: string,
    { path: place = "", body, failure }: { path?: string; body?: string; failure: string },
  ): Promise<void> {
    const headers = { "content-type": "application/json", [targetModelHeader]: targetModel };
    const { signal, startupTimeoutInSeconds } = this.#options;
    const timeout = AbortSignal.timeout(startupTimeoutInSeconds * 1000);
    let response, text;
    try {
      response = await fetch(`${this.#url}/models${place}`, {
        ...{ method, body, headers },
        signal: AbortSignal.any([timeout, ...(signal ? [signal] : [])]),
      });
      text = Buffer.from(await readBody(response, ownLimit)).toString();
    } catch (error) {
      if (!timeout.aborted) throw error;
      throw new MessageError(
        `Triton did not ${failure} ${targetModel} in ${startupTimeoutInSeconds} s, the time that containerStartupHealthCheckTimeoutInSeconds allows:\n${this.#log.reason}`,
      );
    }
    if (response.ok) return;
    // The path as it would be on SageMaker.
    const reason = reasonIn(text).replaceAll(this.#options.modelDirectory, "/opt/ml/model");
    throw new MessageError(`Triton could not ${failure} ${targetModel}:\n${reason}${loadRemedy(reason)}`);
  }
}

/** SageMaker gives each model an internal name, which clients never see. */
function hashOf(targetModel: string): string {
  return createHash("sha256").update(targetModel).digest("hex").slice(0, 32);
}

function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { error: string }).error;
  } catch {
    return text;
  }
}

async function answerTo(models: TargetModels, request: ContainerRequest): Promise<ContainerAnswer> {
  const { method, path: place, headers, body } = request;
  if (method === "GET" && place === "/ping") return passedOn(await models.ping());
  if (method !== "POST" || place !== "/invocations") return refused(404, "use POST /invocations");
  const targetModel = headers[targetModelHeader.toLowerCase()];
  if (typeof targetModel !== "string") {
    return refused(400, `this endpoint has many models: name one in the header ${targetModelHeader}`);
  }
  if (!models.has(targetModel)) return refused(404, `there is no target model "${targetModel}"`);
  return passedOn(
    await models.invoke(targetModel, new Uint8Array(body), headers["content-type"] ?? "application/json"),
  );
}

async function passedOn(response: Response): Promise<ContainerAnswer> {
  const contentType = response.headers.get("content-type") ?? "application/json";
  return wholeAnswer(response.status, await readBody(response, ownLimit), { "content-type": contentType });
}

function refused(status: number, message: string): ContainerAnswer {
  return wholeAnswer(status, JSON.stringify({ error: message }));
}

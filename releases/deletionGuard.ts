import { setTimeout as pause } from "node:timers/promises";
import { getObject } from "@pulumi/aws/s3/getObject.js";
import * as pulumi from "@pulumi/pulumi";
import type { AwsClients } from "./connection.ts";
import { describeServed } from "./describeServed.ts";
import { describeEndpoint } from "./endpoints.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import {
  endpointDeletionProblem,
  modelNameProblem,
  replacedObjectProblem,
  servedProblem,
  unknownProblem,
} from "./deletionProblems.ts";
import type { EarlierResource } from "./earlierStack.ts";
import { lookUp } from "./providerLookups.ts";
import { Registrations } from "./registrations.ts";
import type { Served } from "./served.ts";
import { endpointType, isGuarded, objectTypes, rolePolicyType, servedPart } from "./servedResources.ts";

/** The part of an endpoint's arguments that decides what may be deleted. */
export interface GuardedEndpoint {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The name of the endpoint that may be deleted once this one serves. */
  readonly replaceEndpoint?: string | undefined;
  /** The names of the existing Models that it serves, as far as they are known. */
  readonly modelNames: readonly string[];
}

/**
 * How a DeletionGuard reaches the stack's endpoints.
 *
 * @internal
 */
export interface DeletionGuardOptions {
  /** Connects to AWS. */
  readonly connect: () => Promise<AwsClients>;
  /** The stack's name, for the commands in messages. */
  readonly stack: string;
  /** The stack's resources at the start of this run. */
  readonly earlier: readonly EarlierResource[];
  /** Whether this run is to delete everything. */
  readonly destroys: boolean;
}

/**
 * The last line of defence: before a resource is deleted, whatever asks for it, the endpoint is asked what it serves,
 * and what it serves stays. It is asked once in a run, and again after it was changed.
 *
 * @internal
 */
export class DeletionGuard {
  readonly #options: DeletionGuardOptions;
  readonly #endpoints: GuardedEndpoint[] = [];
  readonly #registrations = new Registrations();
  readonly #seen = new Map<string, LiveEndpoint>();
  readonly #served = new Map<string, Promise<Served | undefined>>();
  /** The endpoints whose deletion has begun, so that nothing need stay for them. */
  readonly #leaving = new Set<string>();

  /** @param options how to reach the endpoints */
  constructor(options: DeletionGuardOptions) {
    this.#options = options;
  }

  /**
   * Notes an endpoint that this run is to serve from.
   *
   * @param endpoint the endpoint
   */
  plan(endpoint: GuardedEndpoint): void {
    this.#endpoints.push(endpoint);
  }

  /**
   * Binds a hook to each resource whose deletion must be checked. The engine calls the hook for what it retains, too, so
   * that is left out: a resource has the hook in the state exactly if its deletion deletes something.
   *
   * @param deletion the hook, which calls `check`
   * @param upload the hook of an object, which calls `checkUpload`
   */
  bind(deletion: pulumi.ResourceHook, upload: pulumi.ResourceHook): pulumi.ResourceTransformation {
    return ({ resource, type, name, props, opts }) => {
      if (!isGuarded(type)) return undefined;
      this.#registrations.add(type, name, resource);
      if (opts.retainOnDelete) return undefined;
      const { hooks = {} } = opts;
      const beforeDelete = [...(hooks.beforeDelete ?? []), deletion];
      const beforeCreate = [...(hooks.beforeCreate ?? []), ...(objectTypes.includes(type) ? [upload] : [])];
      return {
        props,
        opts: { ...opts, hooks: { ...hooks, beforeDelete, ...(beforeCreate.length > 0 && { beforeCreate }) } },
      };
    };
  }

  /**
   * Call before an object is created, in a preview too. The engine creates the copy that replaces a resource first and
   * then deletes the resource, which for an object of the same key is the copy.
   *
   * @param args what the engine says of it
   * @throws Error with the reason and the remedy in one line, if the stack has an object of this key and S3 has it too
   */
  async checkUpload({ type, name, newInputs }: pulumi.ResourceHookArgs): Promise<void> {
    // A preview doesn't know all values, and then it is another object.
    const { bucket, key } = (newInputs ?? {}) as Readonly<Record<string, unknown>>;
    const { earlier, stack } = this.#options;
    const kept = earlier.some(
      (made) => made.type === type && made.name === name && made.outputs.bucket === bucket && made.outputs.key === key,
    );
    if (typeof bucket !== "string" || typeof key !== "string" || !kept) return;
    const parent = this.#registrations.resource(type, name);
    const { found } = await lookUp(() => getObject({ bucket, key }, { ...(parent && { parent }) }));
    if (found) throw new Error(replacedObjectProblem(`s3://${bucket}/${key}`, stack));
  }

  /** Notes what is known of an endpoint after its own operation, so that it need not be described again. */
  saw(live: LiveEndpoint): void {
    this.forget(live.endpointName);
    this.#seen.set(live.endpointName, live);
  }

  /** Forgets what an endpoint served: call before its own operation. */
  forget(endpointName: string): void {
    this.#seen.delete(endpointName);
    this.#served.delete(endpointName);
  }

  /**
   * Call before a resource is deleted, in a preview too: what the settings alone rule out is refused there already.
   *
   * @param args what the engine says of it
   * @throws Error with the reason and the remedy in one line, if an endpoint serves it or can't be asked
   */
  async check({ type, name, id, oldOutputs }: pulumi.ResourceHookArgs): Promise<void> {
    const outputs = await known(oldOutputs ?? {});
    if (type === endpointType) return this.#checkEndpoint(name, id, outputs);
    const { destroys, stack } = this.#options;
    const modelNames = destroys ? [] : this.#endpoints.flatMap((endpoint) => endpoint.modelNames);
    if (type === modelType && modelNames.includes(id)) throw new Error(modelNameProblem(id));
    // Until the update is made, the endpoint serves what it served, whatever it moves to.
    if (pulumi.runtime.isDryRun()) return;
    const registered = (await this.#registrations.idOf(type, name)) === id;
    const otherPolicies = type === rolePolicyType ? await this.#registrations.policies(outputs.role, id) : [];
    // The engine deletes what doesn't depend on each other at once: the endpoint may be about to go.
    if (destroys && this.#leaving.size === 0) await pause(1000);
    for (const endpointName of this.#endpointNames()) {
      const served = await this.#describe(endpointName).catch((error: unknown) => {
        throw new Error(unknownProblem(`${type} ${id}`, endpointName, (error as Error).message, stack));
      });
      const part = served && servedPart(served, { type, id, outputs, registered, otherPolicies });
      if (part !== undefined) throw new Error(servedProblem(part, endpointName, stack));
    }
  }

  /**
   * An endpoint may go if it doesn't serve, if the program has none any more, or if another one serves in its place. The
   * engine deletes before it replaces while the program still waits for its registration to end; when it destroys a
   * stack, all registrations have ended.
   */
  async #checkEndpoint(name: string, id: string, outputs: Readonly<Record<string, unknown>>): Promise<void> {
    const { destroys, stack } = this.#options;
    const endpointName = typeof outputs.name === "string" ? outputs.name : id;
    const clients = await this.#options.connect();
    const serves = async (candidate: string) => {
      const live = await describeEndpoint(clients, candidate);
      return live !== undefined && !["Failed", "OutOfService", "Deleting"].includes(live.status);
    };
    const registered = this.#registrations.has(endpointType, name);
    const ended = (await this.#registrations.idOf(endpointType, name)) !== undefined;
    const planned = this.#endpoints.some((endpoint) => endpoint.endpointName === endpointName);
    const successor = this.#endpoints.find((endpoint) => endpoint.replaceEndpoint === endpointName)?.endpointName;
    const replaced =
      successor !== undefined && successor !== endpointName && (pulumi.runtime.isDryRun() || (await serves(successor)));
    const leaves = planned ? ended : replaced || !registered;
    if (!destroys && !leaves && (await serves(endpointName))) {
      throw new Error(endpointDeletionProblem(endpointName, planned, successor, stack));
    }
    this.forget(endpointName);
    this.#leaving.add(endpointName);
  }

  /** All that may serve from the stack's resources, without those that are on their way out. */
  #endpointNames(): Set<string> {
    const planned = this.#endpoints.map(({ endpointName }) => endpointName);
    const replaced = this.#endpoints.flatMap(({ replaceEndpoint }) => replaceEndpoint ?? []);
    const goes = this.#endpoints
      .filter(({ endpointName }) => this.#seen.has(endpointName))
      .flatMap(({ replaceEndpoint }) => replaceEndpoint ?? [])
      .filter((endpointName) => !planned.includes(endpointName));
    const left = new Set([...goes, ...this.#leaving]);
    const had = this.#options.earlier.flatMap(({ type, outputs }) =>
      type === endpointType && typeof outputs.name === "string" ? [outputs.name] : [],
    );
    return new Set([...had, ...planned, ...replaced].filter((name) => !left.has(name)));
  }

  #describe(endpointName: string): Promise<Served | undefined> {
    const remembered = this.#served.get(endpointName);
    if (remembered) return remembered;
    const described = this.#ask(endpointName);
    this.#served.set(endpointName, described);
    return described;
  }

  /** What fails, or is about to change, is asked again at the next deletion. */
  async #ask(endpointName: string): Promise<Served | undefined> {
    try {
      const clients = await this.#options.connect();
      const live = this.#seen.get(endpointName) ?? (await describeEndpoint(clients, endpointName));
      if (live && !isSteady(live)) this.forget(endpointName);
      return live && (await describeServed(clients, live));
    } catch (error) {
      this.forget(endpointName);
      throw error;
    }
  }
}

/** Whether it is in service and moves nowhere; it may be scaling. */
function isSteady({ status, pendingConfigName }: LiveEndpoint): boolean {
  return status === "InService" || (status === "Updating" && pendingConfigName === undefined);
}

const modelType = "aws:sagemaker/model:Model";

/** The engine's outputs in plain: the program's secrets come as Outputs. */
function known(outputs: Record<string, unknown>): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve) => {
    pulumi.output(outputs).apply(resolve);
  });
}

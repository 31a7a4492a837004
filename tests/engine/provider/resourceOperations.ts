import type { Cloud, CloudResource, Operation } from "../cloud.ts";
import { modelProblems } from "../readability.ts";
import { types } from "../types.ts";
import type { EmulatorClients } from "../emulator.ts";
import { CreatedButFailed, emulatedTypes } from "./emulatedTypes.ts";
import { resourceTypes, type ResourceType } from "./resourceTypes.ts";
import { defaultsKey, unknown, type Properties } from "./values.ts";

/** A resource of the program. */
export interface ProgramResource {
  /** Its type token. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
}

/** What was made. */
export interface Created {
  readonly id: string;
  readonly outputs: Properties;
  /** Why it did not come up, where it was made all the same. */
  readonly failure?: string;
}

/** Creates, reads, updates and deletes resources as the AWS and Docker providers do. */
export class ResourceOperations {
  /** What is operated on. */
  readonly cloud: Cloud;
  /** What the names of tags begin with that are nobody's business here. */
  ignoredTags: readonly string[] = [];
  readonly #aws: EmulatorClients;
  readonly #afterwards: (operation: Operation) => Promise<void>;

  /**
   * @param cloud what is operated on
   * @param aws the emulator, which has SageMaker and autoscaling
   * @param afterwards called after each operation, also after one that failed
   */
  constructor(cloud: Cloud, aws: EmulatorClients, afterwards: (operation: Operation) => Promise<void>) {
    this.cloud = cloud;
    this.#aws = aws;
    this.#afterwards = afterwards;
  }

  /** What a preview says of a resource that is to be made. */
  planned(type: string, inputs: Properties): Properties {
    const computed = Object.keys(typeOf(type).outputs(inputs, "")).filter((key) => key !== "tagsAll");
    return { ...given(inputs), ...Object.fromEntries([...computed, "id"].map((key) => [key, unknown])) };
  }

  /**
   * Makes a resource.
   *
   * @throws Error in AWS's words where it refuses
   */
  async create(resource: ProgramResource, inputs: Properties): Promise<Created> {
    const { type } = resource;
    const spec = typeOf(type);
    const id = spec.id(inputs);
    let failure: string | undefined;
    const outputs = await this.#operate({ kind: "create", ...resource, id }, async () => {
      if (JSON.stringify(inputs).includes(unknown)) throw new Error(`creating ${type}: an input is not known`);
      if (type === types.model) this.#refuseModel({ type, id, inputs, outputs: {} });
      if (spec.unique && this.cloud.get(type, id)) throw new Error(`creating ${type} (${id}): it already exists`);
      let made: Properties = {
        ...given(inputs),
        ...spec.outputs(inputs, id),
        ...spec.put?.(this.cloud, inputs, id),
        id,
      };
      try {
        made = { ...made, ...(await emulatedTypes[type]?.create(this.#aws, inputs)) };
      } catch (error) {
        if (!(error instanceof CreatedButFailed)) throw error;
        failure = error.message;
      }
      this.cloud.put({ type, id, inputs: given(inputs), outputs: made });
      return made;
    });
    return { id, outputs, ...(failure !== undefined && { failure }) };
  }

  /** What a resource is now; `undefined` where it is gone. */
  async read(type: string, id: string): Promise<Properties | undefined> {
    const outputs = this.cloud.get(type, id)?.outputs;
    const emulated = emulatedTypes[type];
    return outputs && emulated ? this.#seen(await emulated.read(this.#aws, outputs)) : outputs;
  }

  /**
   * Changes a resource.
   *
   * @throws Error in AWS's words where it refuses
   */
  async update(resource: ProgramResource, id: string, state: Properties, inputs: Properties): Promise<Properties> {
    const { type } = resource;
    const spec = typeOf(type);
    return this.#operate({ kind: "update", ...resource, id }, async () => {
      const emulated = emulatedTypes[type];
      const computed = Object.fromEntries(Object.keys(spec.outputs(inputs, id)).map((key) => [key, state[key]]));
      const put = spec.put?.(this.cloud, inputs, id);
      const told = await (emulated?.update ?? ((aws, _, changed) => emulated?.create(aws, changed)))(
        this.#aws,
        state,
        inputs,
      );
      const changed = { ...given(inputs), ...computed, tagsAll: inputs.tags ?? {}, ...put, ...told, id };
      this.cloud.put({ type, id, inputs: given(inputs), outputs: changed });
      return this.#seen(await emulated?.read(this.#aws, changed)) ?? changed;
    });
  }

  /**
   * Deletes a resource; one that is gone already is none to complain about.
   *
   * @throws Error in AWS's words where it refuses
   */
  async remove(resource: ProgramResource, id: string, state: Properties): Promise<void> {
    const { type } = resource;
    await this.#operate({ kind: "delete", ...resource, id }, async () => {
      const there = this.cloud.get(type, id);
      if (there) typeOf(type).remove?.(this.cloud, there);
      await emulatedTypes[type]?.remove(this.#aws, state).catch((error: unknown) => {
        if (!/could not find|not found|does not exist|no scal|no scheduled/i.test((error as Error).message))
          throw error;
      });
      this.cloud.remove(type, id);
    });
  }

  /** SageMaker looks for image and model data with the Model's role: "Could not access model data at s3://...". */
  #refuseModel(model: CloudResource): void {
    const [problem] = modelProblems(this.cloud, model);
    if (problem !== undefined) throw new Error(`creating SageMaker AI Model: ValidationException: ${problem}`);
  }

  /** What the provider tells of what it has read. */
  #seen(outputs: Properties | undefined): Properties | undefined {
    if (outputs?.tags === undefined) return outputs;
    const tags = Object.fromEntries(
      Object.entries(outputs.tags as Properties).filter(
        ([name]) => !this.ignoredTags.some((start) => name.startsWith(start)),
      ),
    );
    return { ...outputs, tags, tagsAll: tags };
  }

  async #operate<Result>(operation: Operation, work: () => Promise<Result>): Promise<Result> {
    let done = operation;
    try {
      await this.cloud.onOperation?.("begun", operation);
      const result = await work();
      await this.cloud.onOperation?.("ended", operation);
      return result;
    } catch (error) {
      done = { ...operation, error: (error as Error).message };
      throw error;
    } finally {
      this.cloud.operations.push(done);
      await this.#afterwards(done);
    }
  }
}

function typeOf(type: string): ResourceType {
  const found = resourceTypes[type];
  if (!found) throw new Error(`the stand-in doesn't know the type ${type}`);
  return found;
}

/** The inputs without the bridge's list of defaults. */
function given(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== defaultsKey));
}

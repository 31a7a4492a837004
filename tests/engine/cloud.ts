import { account } from "./provider/resourceTypes.ts";
import type { Properties } from "./provider/values.ts";

/** A resource that is in the stand-in's cloud. */
export interface CloudResource {
  /** Pulumi's type token, for example `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** The id that the provider gave it. */
  readonly id: string;
  /** What it was made from. */
  readonly inputs: Properties;
  /** What the provider says of it. */
  readonly outputs: Properties;
}

/** Something that a provider was asked to do, in a run that is no preview. */
export interface Operation {
  /** What was asked. */
  readonly kind: "create" | "update" | "delete";
  /** The resource's type token. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** Its id; empty where it was to be made and was not. */
  readonly id: string;
  /** Why it failed, where it did. */
  readonly error?: string;
}

/** What the stand-in's AWS and its registry hold, apart from SageMaker and autoscaling, which the emulator has. */
export class Cloud {
  /** Every operation since the cloud, or the copy that this is, was made. */
  readonly operations: Operation[] = [];
  /** What ran against the laws, in words. */
  readonly violations: string[] = [];
  /** Called before (`begun`) and after (`ended`) each operation takes effect; what it throws fails the operation. */
  onOperation?: (moment: "begun" | "ended", operation: Operation) => Promise<void> | void;
  /** Names that somebody else in the world has: buckets, for example. */
  readonly taken = new Set<string>();
  /** The account of the credentials. */
  account = account;
  /** What is put behind the name of an upstream image, so that its digest changes. */
  upstream = "";
  readonly #resources: Map<string, CloudResource>;
  readonly #deleted = new Map<string, CloudResource>();

  /** @param resources what it begins with */
  constructor(resources: Iterable<CloudResource> = []) {
    this.#resources = new Map([...resources].map((resource) => [key(resource.type, resource.id), resource]));
  }

  /** A copy that lives on by itself; it begins with no operations. */
  fork(): Cloud {
    const copy = new Cloud(structuredClone([...this.#resources.values()]));
    copy.upstream = this.upstream;
    return copy;
  }

  /** The resource, where there is one. */
  get(type: string, id: string): CloudResource | undefined {
    return this.#resources.get(key(type, id));
  }

  /** The resource, also one that was deleted since this cloud was made. */
  ever(type: string, id: string): CloudResource | undefined {
    return this.get(type, id) ?? this.#deleted.get(key(type, id));
  }

  /** Every resource. */
  everything(): CloudResource[] {
    return [...this.#resources.values()];
  }

  /** Every resource of a type. */
  all(type: string): CloudResource[] {
    return this.everything().filter((resource) => resource.type === type);
  }

  /** Makes a resource, or puts another in its place. */
  put(resource: CloudResource): void {
    this.#resources.set(key(resource.type, resource.id), resource);
  }

  /** Takes a resource away; nothing happens where there is none. */
  remove(type: string, id: string): void {
    const resource = this.get(type, id);
    if (resource) this.#deleted.set(key(type, id), resource);
    this.#resources.delete(key(type, id));
  }
}

function key(type: string, id: string): string {
  return `${type} ${id}`;
}

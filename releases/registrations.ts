import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { rolePolicyType } from "./servedResources.ts";

/** The resources that a program has begun to register, and what the engine has answered so far. */
export class Registrations {
  readonly #resources = new Map<string, Registered>();

  /** Notes a resource that is being constructed. */
  add(type: string, name: string, resource: pulumi.Resource): void {
    this.#resources.set(`${type} ${name}`, resource as Registered);
  }

  /** Whether the program registers it, whether or not the engine has answered. */
  has(type: string, name: string): boolean {
    return this.#resources.has(`${type} ${name}`);
  }

  /** What is being constructed under this name. */
  resource(type: string, name: string): pulumi.Resource | undefined {
    return this.#resources.get(`${type} ${name}`);
  }

  /** The provider's id of a registered resource; `undefined` until the engine has answered. */
  async idOf(type: string, name: string): Promise<string | undefined> {
    const resource = this.#resources.get(`${type} ${name}`);
    return resource && answered(resource.id);
  }

  /**
   * The documents of a role's registered policies, as JSON, of those that the engine has answered.
   *
   * @param role the role's name
   * @param exceptId the id of a policy to leave out
   */
  async policies(role: unknown, exceptId: string): Promise<string[]> {
    const policies = [...this.#resources].filter(([key]) => key.startsWith(`${rolePolicyType} `));
    const answers = await Promise.all(
      policies.map(([, resource]) => answered(pulumi.all([resource.id, resource.role, resource.policy]))),
    );
    return answers.flatMap((answer) =>
      answer !== undefined && answer[0] !== exceptId && answer[1] === role && answer[2] !== undefined
        ? [answer[2]]
        : [],
    );
  }
}

/** A resource whose constructor may still be running; `role` and `policy` only of a role policy. */
interface Registered extends pulumi.Resource {
  readonly id: pulumi.Output<string>;
  readonly role?: pulumi.Output<string>;
  readonly policy?: pulumi.Output<string>;
}

/** The value of an output, if it has one by now. */
function answered<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const value = new Promise<T>((resolve) => {
    output.apply(resolve);
  });
  return Promise.race([value, setImmediate(undefined)]);
}

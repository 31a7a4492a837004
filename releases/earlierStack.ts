import * as pulumi from "@pulumi/pulumi";
import { RunError } from "../text/pulumi.ts";

/** A resource as the stack's last update left it. */
export interface EarlierResource {
  /** Pulumi's type token, for example `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Its name in Pulumi. */
  readonly name: string;
  /** Its outputs at that time. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

let deployed: readonly EarlierResource[] = [];

/**
 * Lets the next runs without an engine find these resources in their stack, as if they were deployed.
 *
 * @param resources the resources; none for a new stack
 */
export function planAsDeployed(resources: readonly EarlierResource[]): void {
  deployed = resources;
}

/**
 * Reads the stack's resources at the start of this run from the engine's state, which is the same in a preview and in
 * the update that follows it.
 *
 * @returns the resources; empty on a stack's first update, and those of `planAsDeployed` without an engine
 * @throws pulumi.RunError if the engine doesn't return its state
 */
export async function earlierResources(): Promise<readonly EarlierResource[]> {
  if (!pulumi.runtime.hasEngine()) return deployed;
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  try {
    // The engine's own function, which `pulumi.StackReference` uses another one of: it gives resources, not only outputs.
    const { outputs = {} } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
      stackName,
    })) as { outputs?: Record<string, { type: string; outputs?: Record<string, unknown> }> };
    return Object.entries(outputs).map(([urn, resource]) => ({
      type: resource.type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      outputs: resource.outputs ?? {},
    }));
  } catch (error) {
    throw new RunError(
      `the state of the stack ${stackName} can't be read, so changes can't be checked before they are made: ${(error as Error).message}`,
    );
  }
}

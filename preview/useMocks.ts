import * as pulumi from "@pulumi/pulumi";
import { acceptHooks } from "../releases/mockedHooks.ts";

/**
 * Like `pulumi.runtime.setMocks`, but also for programs with resource hooks of their own, which Pulumi's mocks claim to
 * support and don't.
 *
 * @param mocks the mocks, for example `new PlanMocks("us-east-1")`
 * @param project the project's name
 * @param stack the stack's name
 */
export async function useMocks(mocks: pulumi.runtime.Mocks, project: string, stack: string): Promise<void> {
  await pulumi.runtime.setMocks(mocks, project, stack, false);
  acceptHooks();
}

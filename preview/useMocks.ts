import * as pulumi from "@pulumi/pulumi";

/**
 * Like `pulumi.runtime.setMocks`, but also for programs with resource hooks: Pulumi's own mocks claim to support hooks
 * without having a method for them, so a program with `releaseWatch` would fail.
 *
 * @param mocks the mocks, for example `new PlanMocks("us-east-1")`
 * @param project the project's name
 * @param stack the stack's name
 */
export async function useMocks(mocks: pulumi.runtime.Mocks, project: string, stack: string): Promise<void> {
  await pulumi.runtime.setMocks(mocks, project, stack, false);
  const accept = (_request: unknown, callback: (error: null, response: object) => void) => {
    callback(null, {});
  };
  Object.assign(pulumi.runtime.getMonitor() ?? {}, { registerResourceHook: accept, registerErrorHook: accept });
}

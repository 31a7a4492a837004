import * as pulumi from "@pulumi/pulumi";

/**
 * Lets a program register its hooks under the mocks of a unit test. Pulumi's mocks claim to support hooks without having a
 * method for them, so each resource with a hook would fail. Does nothing under an engine.
 */
export function acceptHooks(): void {
  if (pulumi.runtime.hasEngine()) return;
  const accept = (_request: unknown, callback: (error: null, response: object) => void) => {
    callback(null, {});
  };
  Object.assign(pulumi.runtime.getMonitor() ?? {}, { registerResourceHook: accept, registerErrorHook: accept });
}

import * as pulumi from "@pulumi/pulumi";
import { printableMessage } from "./printable.ts";

// What a program says to Pulumi's engine, which prints it as it is. ESLint refuses Pulumi's own functions elsewhere.

/** Pulumi's log, for text that names files, settings and AWS's answers. */
export const log = {
  info: (message: string, resource?: pulumi.Resource) => pulumi.log.info(printableMessage(message), resource),
  warn: (message: string, resource?: pulumi.Resource) => pulumi.log.warn(printableMessage(message), resource),
  error: (message: string, resource?: pulumi.Resource) => pulumi.log.error(printableMessage(message), resource),
};

/** Ends the program with a message and without a stack trace. */
export class RunError extends pulumi.RunError {
  constructor(message: string) {
    super(printableMessage(message));
  }
}

/** Ends the program with a message about a resource and without a stack trace. */
export class ResourceError extends pulumi.ResourceError {
  constructor(message: string, resource: pulumi.Resource) {
    super(printableMessage(message), resource, true);
  }
}

/** A hook, whose errors the engine prints too. */
export class ResourceHook extends pulumi.ResourceHook {
  constructor(name: string, callback: pulumi.ResourceHookFunction, opts?: pulumi.ResourceHookOptions) {
    const escaping: pulumi.ResourceHookFunction = async (args) => {
      try {
        await callback(args);
      } catch (error) {
        throw new Error(printableMessage((error as Error).message), { cause: error });
      }
    };
    super(name, escaping, opts);
  }
}

import type * as pulumi from "@pulumi/pulumi";
import { describeProblem, formatPath, shownValue, type Problem } from "../endpoint/problem.ts";
import { listed, messageLine } from "../text/printable.ts";
import { ResourceError } from "../text/pulumi.ts";

/**
 * Invalid arguments of a component. Unlike its own InputPropertiesError, Pulumi prints this as one message on the
 * component without a stack trace; a component provider reads the paths in the same way.
 */
export class ArgumentsError extends ResourceError {
  /** The problems, by the arguments' paths. */
  readonly errors: readonly pulumi.InputPropertyErrorDetails[];
  /** What `pulumi.InputPropertiesError.isInstance` looks for. */
  readonly __pulumiInputPropertiesError = true;

  /**
   * @param problems the problems
   * @param given the arguments
   * @param resource the component
   */
  constructor(problems: readonly Problem[], given: unknown, resource: pulumi.Resource) {
    const lines = problems.map((problem) => describeProblem(problem, shownValue(problem, given)));
    super(listed(lines).join("\n"), resource);
    this.errors = problems.map(({ path, message }) => ({
      propertyPath: formatPath(path),
      reason: messageLine(message),
    }));
  }
}

import * as pulumi from "@pulumi/pulumi";
import { describeProblem, formatPath, shownValue, type Problem } from "../endpoint/problem.ts";

/**
 * Invalid arguments of a component. Unlike its own InputPropertiesError, Pulumi prints this as one message on the
 * component without a stack trace; a component provider reads the paths in the same way.
 */
export class ArgumentsError extends pulumi.ResourceError {
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
    super(lines.join("\n"), resource, true);
    this.errors = problems.map(({ path, message }) => ({ propertyPath: formatPath(path), reason: message }));
  }
}

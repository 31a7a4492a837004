import * as pulumi from "@pulumi/pulumi";
import { describeProblem, formatPath, shownValue, type Problem } from "../endpoint/problem.ts";

/**
 * Wrong arguments of a component. Pulumi prints it as one message on the component, without a stack, which it does not for
 * its own InputPropertiesError; a component provider reads the paths as from that one.
 */
export class ArgumentsError extends pulumi.ResourceError {
  /** What is wrong, by the arguments' paths. */
  readonly errors: readonly pulumi.InputPropertyErrorDetails[];
  /** What `pulumi.InputPropertiesError.isInstance` looks for. */
  readonly __pulumiInputPropertiesError = true;

  /**
   * @param problems what is wrong
   * @param given the arguments
   * @param resource the component
   */
  constructor(problems: readonly Problem[], given: unknown, resource: pulumi.Resource) {
    const lines = problems.map((problem) => describeProblem(problem, shownValue(problem, given)));
    super(lines.join("\n"), resource, true);
    this.errors = problems.map(({ path, message }) => ({ propertyPath: formatPath(path), reason: message }));
  }
}

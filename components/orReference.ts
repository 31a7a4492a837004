import type * as pulumi from "@pulumi/pulumi";

/**
 * What only AWS or Docker knows. They always answer, but the mocks of a unit test may not: then it is a readable
 * reference, as in a plan, so that what is made of it can be made.
 *
 * @param output the output
 * @param reference what it is, for example `aws.accountId`
 */
export function orReference(output: pulumi.Output<string>, reference: string): pulumi.Output<string> {
  return output.apply((value: string | undefined) => value ?? `\${${reference}}`);
}

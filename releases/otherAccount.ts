import { credentialsRemedy } from "./accessProblem.ts";
import type { AwsIdentity } from "./connection.ts";
import type { EarlierResource } from "./earlierStack.ts";

/**
 * Explains that a run would use another account or region than the one in which the stack's endpoints are: nothing of
 * the stack would be found there, and everything would be created again.
 *
 * @param here the account and region of this run
 * @param resources the stack's resources at the start of this run
 * @returns the reason and the remedy; `undefined` if an endpoint of the stack is here, or the stack has none
 */
export function otherAccountProblem(here: AwsIdentity, resources: readonly EarlierResource[]): string | undefined {
  const arns = resources.flatMap(endpointArn);
  const places = arns.map(placeOf);
  const [there] = places;
  if (!there || places.some(({ accountId, region }) => accountId === here.accountId && region === here.region)) {
    return undefined;
  }
  const stack = `the stack's endpoint ${there.endpointName} is in account ${there.accountId} (${there.region})`;
  return there.accountId === here.accountId
    ? `the region is ${here.region}, but ${stack}: set AWS_REGION (or aws:region, if the stack has it) to ${there.region}, or use another stack for ${here.region}`
    : `these are the credentials of account ${here.accountId} (${here.region}), but ${stack}: sign in to that account (${credentialsRemedy}), or use another stack`;
}

/** A component's outputs stay in the state when a refresh with other credentials finds the endpoint itself no more. */
function endpointArn({ type, outputs }: EarlierResource): string[] {
  const { [outputsWithArn[type] ?? ""]: arn } = outputs;
  return typeof arn === "string" && arn.startsWith("arn:") ? [arn] : [];
}

const outputsWithArn: Readonly<Record<string, string>> = {
  "aws:sagemaker/endpoint:Endpoint": "arn",
  "sagemaker-triton:index:TritonEndpoint": "endpointArn",
};

/** `arn:<partition>:sagemaker:<region>:<account>:endpoint/<name>` */
function placeOf(arn: string): AwsIdentity & { readonly endpointName: string } {
  const [, , , region = "", accountId = "", resource = ""] = arn.split(":");
  return { region, accountId, endpointName: resource.slice(resource.indexOf("/") + 1) };
}

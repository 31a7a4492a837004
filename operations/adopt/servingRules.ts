import type { Findings } from "./findings.ts";
import type { OldResource, OldStack } from "./oldStack.ts";
import { isObject } from "./template.ts";

/**
 * Refuses an endpoint that SageMaker can't update now, or that the template doesn't describe as it serves.
 *
 * @param stack what runs today
 * @param endpoint the endpoint
 * @param findings what is found out
 */
export function servingRules({ serving, source }: OldStack, endpoint: OldResource, findings: Findings): void {
  if (!serving) return;
  const { status, endpointConfigName, owner } = serving;
  if (owner !== undefined)
    findings.refuse(
      endpoint,
      [],
      `belongs to the stack ${owner}, and ${source} has it too: give ${owner} as the source, and take it out of the other first`,
    );
  if (status !== "InService")
    findings.refuse(
      endpoint,
      [],
      `is ${status}, and only an endpoint in service can be taken over: wait until it is, or repair it first`,
    );
  const configured = endpoint.properties.EndpointConfigName;
  if (typeof configured === "string" && configured.slice(configured.lastIndexOf("/") + 1) !== endpointConfigName)
    findings.refuse(
      endpoint,
      ["EndpointConfigName"],
      `serves ${endpointConfigName}, which ${source} doesn't say: somebody else updated it. Update the old stack first, so that it describes what serves`,
    );
}

/**
 * Refuses rollback alarms, which are set when an endpoint is created: see "Alarms" in docs/releases.md. The old stack's go
 * with it.
 *
 * @param endpoint the endpoint
 * @param findings what is found out
 */
export function deploymentRules(endpoint: OldResource, findings: Findings): void {
  const { DeploymentConfig } = endpoint.properties;
  if (!isObject(DeploymentConfig)) return;
  if (DeploymentConfig.AutoRollbackConfiguration === undefined) {
    findings.cannotDescribe(
      endpoint,
      ["DeploymentConfig"],
      "a release moves all at once, unless you set rollout afterwards",
    );
    return;
  }
  findings.refuse(
    endpoint,
    ["DeploymentConfig", "AutoRollbackConfiguration"],
    "an endpoint with rollback alarms can't be taken over, because they can only be set when it is created and would be deleted with the old stack: remove AutoRollbackConfiguration from the old stack first",
  );
}

import type { Findings } from "./findings.ts";
import type { OldResource, OldStack } from "./oldStack.ts";
import type { Values } from "./variants.ts";

/** Settings that name resources; others may have the same words in them by chance. */
const naming = [
  "imageUri",
  "modelDataUrl",
  "variants",
  "vpcConfig",
  "kmsKeyArn",
  "role",
  "bucket",
  "logGroup",
  "asyncInference",
];

/**
 * Refuses a move after which deleting the old stack would delete what the endpoint needs.
 *
 * @param stack what runs today
 * @param settings the new stack's settings
 * @param findings what is found out
 */
export function requireRetention(stack: OldStack, settings: Values, findings: Findings): void {
  const text = JSON.stringify(naming.map((setting) => settings[setting]));
  for (const resource of stack.resources) {
    // What was read from AWS belongs to no template.
    if (resource.retained || !resource.lineOf) continue;
    if (findings.needed.has(resource) || names(text, resource) || isNetwork(resource, settings)) {
      findings.refuse(resource, [], lacksRetain);
    }
  }
}

const lacksRetain =
  "lacks DeletionPolicy: Retain, so it would be deleted with the old stack: add it, and update the old stack first";

function names(text: string, { name }: OldResource): boolean {
  if (typeof name !== "string" || name === "") return false;
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[^\\w.-])${escaped}($|[^\\w.-])`).test(text);
}

/** An instance reaches S3 through whatever routes, gateways and endpoints its VPC has. */
function isNetwork({ type }: OldResource, { vpcConfig }: Values): boolean {
  return vpcConfig !== undefined && /^AWS::EC2::(?!Instance|LaunchTemplate|Volume|KeyPair|FlowLog)/.test(type);
}

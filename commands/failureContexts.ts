import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { checkSettings } from "../endpoint/settings/checkSettings.ts";
import { allVariants } from "../endpoint/wholeVariants.ts";
import { awsSettings } from "../operations/awsSettings.ts";
import type { VariantStatus } from "../operations/endpointStatus.ts";
import { plannedContext, servedContext } from "../operations/failures/context.ts";
import type { FailureContext } from "../operations/failures/row.ts";
import type { EndpointTarget } from "../operations/target.ts";
import { readStackConfig } from "../preview/stackConfig.ts";
import { boundAnswers } from "../releases/boundedClient.ts";
import { configuredRegion } from "../sagemaker/region.ts";
import { projectDirectory } from "./project.ts";

/** The surroundings of a variant's containers; of the first variant, if none is named. */
export type Contexts = (variantName?: string) => FailureContext;

/**
 * The surroundings in which an endpoint's lines are explained: what the stack plans, and what AWS says is in force.
 *
 * @param served the variants as AWS describes them
 * @param stack the stack's name. Default: none, only what AWS says is known
 */
export function contextsOf(served: readonly VariantStatus[], stack?: string): Contexts {
  const planned = stack === undefined ? {} : plannedContexts(stack);
  return (variantName = served[0]?.variantName ?? Object.keys(planned)[0] ?? "") => {
    const plan = planned[variantName];
    const variant = served.find((each) => each.variantName === variantName);
    const now: FailureContext = variant ? servedContext(variant) : {};
    return { ...plan, ...now, settings: { ...plan?.settings, ...now.settings } };
  };
}

/** Explanations don't need the plan, so that one with problems is left out. */
function plannedContexts(stack: string): Record<string, FailureContext | undefined> {
  const directory = projectDirectory();
  try {
    const { project, config } = readStackConfig(directory, stack.split("/").at(-1) ?? stack);
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
    const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(project.length + 1), value]));
    const { settings } = checkSettings(raw, { directory, name: "triton", region: configuredRegion(config) });
    if (!settings) return {};
    return Object.fromEntries(allVariants(settings).map((variant) => [variant.variantName, plannedContext(variant)]));
  } catch {
    return {};
  }
}

/**
 * CloudWatch Logs in an endpoint's region.
 *
 * @param target the endpoint
 */
export async function logsOf({ region, profile }: EndpointTarget): Promise<CloudWatchLogsClient> {
  const { CloudWatchLogsClient } = await import("@aws-sdk/client-cloudwatch-logs");
  return boundAnswers(new CloudWatchLogsClient(awsSettings({ region, profile })), { milliseconds: READ_MILLISECONDS });
}

/** The time for one page of lines. */
const READ_MILLISECONDS = 30_000;

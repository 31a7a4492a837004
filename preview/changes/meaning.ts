import type { Plan } from "../plan.ts";
import type { ResourceChange } from "./resourceChanges.ts";

const endpointType = "aws:sagemaker/endpoint:Endpoint";
const modelType = "aws:sagemaker/model:Model";

/**
 * Says in sentences what a change does to the endpoints and their callers.
 *
 * @param changes the resources that differ
 * @param after the plan of what is to be deployed
 */
export function meaningOf(changes: readonly ResourceChange[], after: Plan): string[] {
  if (changes.length === 0) return ["Nothing that is deployed changes."];
  const endpoints = changes.filter(({ type }) => type === endpointType);
  const refused = changes.filter((change) => change.protected).map(refusal);
  const sentences = endpoints.flatMap((change) => endpointSentences(change, changes, after));
  const quiet = endpoints.length === 0 ? ["Nothing is released: the endpoint isn't touched."] : [];
  return [...refused, ...sentences, ...quiet];
}

function refusal({ name, kind }: ResourceChange): string {
  return `Refused by the engine: ${name} is protected and can't be ${kind === "delete" ? "deleted" : "replaced"}.`;
}

function endpointSentences(change: ResourceChange, changes: readonly ResourceChange[], after: Plan): string[] {
  const { kind, name, inputs, deleteBeforeReplace } = change;
  switch (kind) {
    case "create":
      return [`${name} is a new endpoint: its callers are served once it is in service.`];
    case "delete":
      return [`${name} is deleted: its callers get errors from then on.`];
    case "replace":
      return [
        `${name} becomes another endpoint: the new one is created ${deleteBeforeReplace ? "after the old one is deleted, and callers are refused meanwhile" : "first, and callers of the old name get errors once it is deleted"}.`,
      ];
    case "update":
      return inputs.some(({ path }) => path === "endpointConfigName")
        ? [`A new release: ${madeAnew(changes)}, and ${name} moves over ${howItMoves(after, name)}. Nothing is down.`]
        : [`Nothing is released: only ${inputs.map(({ path }) => path).join(", ")} of ${name} changes.`];
  }
}

function madeAnew(changes: readonly ResourceChange[]): string {
  const anew = (type: string) => changes.filter((change) => change.type === type && change.kind !== "delete").length;
  const models = anew(modelType);
  const model = models === 0 ? "" : models === 1 ? "Model and " : `${models} Models and `;
  return `${model}configuration are created anew`.replace(/^configuration are/, "the configuration is");
}

/** How the endpoint's traffic moves, and how long SageMaker waits meanwhile. */
function howItMoves({ resources }: Plan, name: string): string {
  const inputs = resources.find((resource) => resource.name === name)?.inputs ?? {};
  const { blueGreenUpdatePolicy: blueGreen, rollingUpdatePolicy: rolling } = (inputs.deploymentConfig ??
    {}) as DeploymentConfig;
  if (rolling) {
    const { maximumBatchSize: size, waitIntervalInSeconds: wait = 0 } = rolling;
    const steps = size?.type === "CAPACITY_PERCENT" ? Math.ceil(100 / size.value) : undefined;
    return `batch by batch${steps === undefined ? "" : waiting(wait * steps)}`;
  }
  const { trafficRoutingConfiguration: routing, terminationWaitInSeconds: termination = 0 } = blueGreen ?? {};
  const wait = routing?.waitIntervalInSeconds ?? 0;
  switch (routing?.type) {
    case "CANARY":
      return `as canary${waiting(wait + termination)}`;
    case "LINEAR": {
      const size = routing.linearStepSize;
      const steps = size?.type === "CAPACITY_PERCENT" ? Math.ceil(100 / size.value) : 2;
      return `in ${steps} equal steps${waiting(wait * (steps - 1) + termination)}`;
    }
    case "ALL_AT_ONCE":
    case undefined:
      return `all at once, when the new instances are in service${waiting(termination)}`;
  }
}

function waiting(seconds: number): string {
  if (seconds === 0) return "";
  const minutes = Math.ceil(seconds / 60);
  return `, with ${minutes} ${minutes === 1 ? "minute" : "minutes"} of waiting besides the start of the new instances`;
}

interface Size {
  readonly type: string;
  readonly value: number;
}

interface DeploymentConfig {
  readonly blueGreenUpdatePolicy?: {
    readonly trafficRoutingConfiguration?: {
      readonly type: "ALL_AT_ONCE" | "CANARY" | "LINEAR";
      readonly waitIntervalInSeconds?: number;
      readonly linearStepSize?: Size;
    };
    readonly terminationWaitInSeconds?: number;
  };
  readonly rollingUpdatePolicy?: { readonly maximumBatchSize?: Size; readonly waitIntervalInSeconds?: number };
}

import { redirectAlarms } from "./alarms.ts";
import { ask, isRefusal, pagesOf, type AwsClients } from "./connection.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import type { ScaledVariant } from "./scaling.ts";

const ServiceNamespace = "sagemaker";
const ScalableDimension = "sagemaker:variant:DesiredInstanceCount";

/**
 * The variants of an endpoint that have autoscaling, with everything that deregistering them deletes.
 *
 * @param clients the services
 * @param endpoint the endpoint
 * @throws AwsError if AWS returns an error
 */
export async function scaledVariants(
  clients: AwsClients,
  endpoint: Pick<LiveEndpoint, "endpointName" | "variants">,
): Promise<ScaledVariant[]> {
  if (endpoint.variants.length === 0) return [];
  const { DescribeScalableTargetsCommand } = await import("@aws-sdk/client-application-auto-scaling");
  const ResourceIds = endpoint.variants.map(({ variantName }) => resourceId(endpoint, variantName));
  const { ScalableTargets = [] } = await ask(`DescribeScalableTargets of ${endpoint.endpointName}`, () =>
    clients.autoscaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace, ScalableDimension, ResourceIds })),
  );
  return Promise.all(
    endpoint.variants.flatMap(({ variantName, desiredInstanceCount }) => {
      const ResourceId = resourceId(endpoint, variantName);
      const target = ScalableTargets.find((candidate) => candidate.ResourceId === ResourceId);
      return target ? [describe(clients, ResourceId, variantName, desiredInstanceCount, target)] : [];
    }),
  );
}

async function describe(
  { autoscaling }: AwsClients,
  ResourceId: string,
  variantName: string,
  desiredInstanceCount: number,
  { MinCapacity, MaxCapacity, SuspendedState, ScalableTargetARN }: Target,
): Promise<ScaledVariant> {
  const { paginateDescribeScalingPolicies, paginateDescribeScheduledActions, ListTagsForResourceCommand } =
    await import("@aws-sdk/client-application-auto-scaling");
  const of = { ServiceNamespace, ScalableDimension, ResourceId } as const;
  return ask(`reading the autoscaling of ${ResourceId}`, async () => {
    const policies = await allOf(paginateDescribeScalingPolicies({ client: autoscaling }, of), "ScalingPolicies");
    const actions = await allOf(paginateDescribeScheduledActions({ client: autoscaling }, of), "ScheduledActions");
    const { Tags } = await autoscaling.send(new ListTagsForResourceCommand({ ResourceARN: ScalableTargetARN }));
    return {
      variantName,
      desiredInstanceCount,
      target: { ...of, MinCapacity, MaxCapacity, SuspendedState, Tags },
      // AWS creates the alarms of a target-tracking policy itself, each time the policy is created.
      calledPolicies: Object.fromEntries(
        policies.flatMap(({ PolicyType, PolicyName = "", PolicyARN }) =>
          PolicyType === "StepScaling" && PolicyARN !== undefined ? [[PolicyName, PolicyARN]] : [],
        ),
      ),
      policies: policies.map((policy) => without(policy, ["PolicyARN", "Alarms", "CreationTime"])),
      scheduledActions: actions.map((action) => ({
        ...without(action, ["ScheduledActionARN", "CreationTime"]),
        ScalableDimension,
      })),
    };
  });
}

interface Target {
  readonly MinCapacity?: number | undefined;
  readonly MaxCapacity?: number | undefined;
  readonly SuspendedState?: ScaledVariant["target"]["SuspendedState"];
  readonly ScalableTargetARN?: string | undefined;
}

/**
 * Deregisters a variant from autoscaling, which deletes its policies and scheduled actions.
 *
 * @param clients the services
 * @param scaled the variant
 * @throws AwsError if AWS refuses
 */
export async function deregister({ autoscaling }: AwsClients, { target }: ScaledVariant): Promise<void> {
  const { DeregisterScalableTargetCommand } = await import("@aws-sdk/client-application-auto-scaling");
  const { ResourceId } = target;
  try {
    await ask(`DeregisterScalableTarget of ${ResourceId ?? ""}`, () =>
      autoscaling.send(new DeregisterScalableTargetCommand({ ServiceNamespace, ScalableDimension, ResourceId })),
    );
  } catch (error) {
    if (!isRefusal(error, /no scalable target/i)) throw error;
  }
}

/**
 * Restores whatever is missing of a variant's autoscaling and leaves the rest alone.
 *
 * @param clients the services
 * @param scaled the variant as it was
 * @param now the variant as it is now, if it has autoscaling
 * @throws AwsError if AWS refuses
 */
export async function restore(
  clients: AwsClients,
  { target, policies, calledPolicies = {}, scheduledActions }: ScaledVariant,
  now: ScaledVariant | undefined,
): Promise<void> {
  const { autoscaling } = clients;
  const { RegisterScalableTargetCommand, PutScalingPolicyCommand, PutScheduledActionCommand } =
    await import("@aws-sdk/client-application-auto-scaling");
  if (!now) {
    await ask(`RegisterScalableTarget of ${target.ResourceId ?? ""}`, () =>
      autoscaling.send(new RegisterScalableTargetCommand(target)),
    );
  }
  for (const policy of policies) {
    if (now?.policies.some(({ PolicyName }) => PolicyName === policy.PolicyName)) continue;
    const { PolicyARN } = await ask(`PutScalingPolicy ${policy.PolicyName ?? ""}`, () =>
      autoscaling.send(new PutScalingPolicyCommand(policy)),
    );
    const called = calledPolicies[policy.PolicyName ?? ""];
    if (called !== undefined && PolicyARN !== undefined) await redirectAlarms(clients, called, PolicyARN);
  }
  for (const action of scheduledActions) {
    if (now?.scheduledActions.some(({ ScheduledActionName: name }) => name === action.ScheduledActionName)) continue;
    try {
      await ask(`PutScheduledAction ${action.ScheduledActionName ?? ""}`, () =>
        autoscaling.send(new PutScheduledActionCommand(action)),
      );
    } catch (error) {
      // A one-time action that was due while the update ran: there is nothing left to schedule.
      if (!action.Schedule?.startsWith("at(") || !isRefusal(error, /./)) throw error;
    }
  }
}

function resourceId({ endpointName }: Pick<LiveEndpoint, "endpointName">, variantName: string): string {
  return `endpoint/${endpointName}/variant/${variantName}`;
}

async function allOf<Page, Key extends keyof Page>(
  pages: AsyncIterable<Page>,
  key: Key,
): Promise<NonNullable<Page[Key]> extends readonly (infer Item)[] ? Item[] : never> {
  const items: unknown[] = [];
  for await (const page of pagesOf(pages))
    for (const item of (page[key] as unknown[] | undefined) ?? []) items.push(item);
  return items as NonNullable<Page[Key]> extends readonly (infer Item)[] ? Item[] : never;
}

function without<T extends object, Key extends keyof T>(object: T, keys: readonly Key[]): Omit<T, Key> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key as Key))) as Omit<T, Key>;
}

import type { Findings } from "./findings.ts";
import { ofType } from "./links.ts";
import type { OldResource, OldStack } from "./oldStack.ts";
import { isObject } from "./template.ts";

/** The settings of a variant, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** The properties that are settings as they are, with the setting's name. */
const variantSettings = {
  InstanceType: "instanceType",
  InitialInstanceCount: "initialInstanceCount",
  InitialVariantWeight: "initialVariantWeight",
  ContainerStartupHealthCheckTimeoutInSeconds: "containerStartupHealthCheckTimeoutInSeconds",
  ModelDataDownloadTimeoutInSeconds: "modelDataDownloadTimeoutInSeconds",
  VolumeSizeInGB: "volumeSizeInGb",
  InferenceAmiVersion: "inferenceAmiVersion",
  EnableSSMAccess: "enableSsmAccess",
} as const;

/** The properties that have a setting of another shape, or none because they say nothing. */
const otherProperties = ["ModelName", "VariantName", "RoutingConfig", "ServerlessConfig", "CapacityReservationConfig"];

/**
 * The settings of a variant's instances.
 *
 * @param configuration the endpoint configuration
 * @param index the variant's place in it
 * @param findings what is found out
 */
export function variantValues(configuration: OldResource, index: number, findings: Findings): Values {
  const path = ["ProductionVariants", index] as const;
  const properties = propertiesAt(configuration, index);
  for (const property of properties) {
    if (property in variantSettings || otherProperties.includes(property)) continue;
    findings.cannotDescribe(configuration, [...path, property], `${property} has no setting and is left out`);
  }
  const read = (property: string) => findings.read(configuration, ...path, property);
  const [routing, serverlessConfig, reservation] = [
    "RoutingConfig",
    "ServerlessConfig",
    "CapacityReservationConfig",
  ].map(read);
  return defined({
    ...Object.fromEntries(
      Object.entries(variantSettings).map(([property, setting]) => [setting, plainValue(read(property))]),
    ),
    routingStrategy: isObject(routing) ? routing.RoutingStrategy : undefined,
    serverless: isObject(serverlessConfig) ? serverless(serverlessConfig) : undefined,
    capacityReservation: isObject(reservation)
      ? defined({
          mlReservationArn: reservation.MlReservationArn,
          capacityReservationPreference: reservation.CapacityReservationPreference,
        })
      : undefined,
  });
}

function propertiesAt({ properties: { ProductionVariants: list } }: OldResource, index: number): string[] {
  const variant: unknown = Array.isArray(list) ? list[index] : undefined;
  return isObject(variant) ? Object.keys(variant) : [];
}

function serverless({ MemorySizeInMB, MaxConcurrency, ProvisionedConcurrency }: Values): Values {
  return defined({
    memorySizeInMb: plainValue(MemorySizeInMB),
    maxConcurrency: plainValue(MaxConcurrency),
    provisionedConcurrency: plainValue(ProvisionedConcurrency),
  });
}

/** CloudFormation takes numbers and booleans as strings, too, as parameters are. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value === "true" ? true : value === "false" ? false : value;
}

/**
 * The settings of a variant's autoscaling, if they can say all of it. Otherwise it stays as it is: a release restores
 * whatever autoscaling an endpoint has.
 *
 * @param stack what runs today
 * @param endpointName the endpoint's name
 * @param variantName the variant's name
 * @param findings what is found out
 */
export function autoscaling(
  stack: OldStack,
  endpointName: string,
  variantName: string,
  findings: Findings,
): Values | undefined {
  const resourceId = `endpoint/${endpointName}/variant/${variantName}`;
  const target = ofType(stack, "AWS::ApplicationAutoScaling::ScalableTarget").find(
    (one) => findings.text(one, "ResourceId") === resourceId,
  );
  if (!target) return undefined;
  const policies = ofType(stack, "AWS::ApplicationAutoScaling::ScalingPolicy").filter((policy) =>
    belongsTo(policy, target, resourceId),
  );
  const [policy] = policies;
  const tracked = policies.length === 1 && policy ? trackedValues(policy, findings) : undefined;
  const scheduledActions = actions(target, findings);
  const [minCapacity, maxCapacity] = [findings.read(target, "MinCapacity"), findings.read(target, "MaxCapacity")];
  if (!policy || !tracked || scheduledActions === undefined) {
    for (const part of [target, ...policies]) {
      findings.row("used", part, "the settings can't describe this autoscaling: it goes on as it is");
    }
    return undefined;
  }
  for (const part of [target, policy]) findings.row("taken over", part, "the variant scales as before");
  return defined({
    minCapacity: plainValue(minCapacity),
    maxCapacity: plainValue(maxCapacity),
    ...tracked,
    ...(scheduledActions.length > 0 && { scheduledActions }),
  });
}

function belongsTo(policy: OldResource, target: OldResource, resourceId: string): boolean {
  const { ScalingTargetId: id, ResourceId } = policy.properties;
  if (ResourceId === resourceId) return true;
  if (typeof id === "string") return id.split("|")[0] === resourceId;
  return isObject(id) && id.logicalId === target.logicalId;
}

function trackedValues(policy: OldResource, findings: Findings): Values | undefined {
  const tracking = findings.read(policy, "TargetTrackingScalingPolicyConfiguration");
  if (!isObject(tracking) || plainValue(tracking.DisableScaleIn) === true) return undefined;
  const { PredefinedMetricSpecification: known, CustomizedMetricSpecification: own } = tracking;
  const metric =
    isObject(known) && known.PredefinedMetricType === "SageMakerVariantInvocationsPerInstance"
      ? "invocationsPerInstance"
      : isObject(own) && own.MetricName === "ApproximateBacklogSizePerInstance"
        ? "backlogSizePerInstance"
        : undefined;
  if (metric === undefined) return undefined;
  return {
    [metric]: plainValue(tracking.TargetValue),
    ...defined({
      scaleInCooldown: plainValue(tracking.ScaleInCooldown),
      scaleOutCooldown: plainValue(tracking.ScaleOutCooldown),
    }),
  };
}

/** The scheduled actions; `undefined` if one has a start or an end, which no setting has. */
function actions(target: OldResource, findings: Findings): Values[] | undefined {
  const list = findings.read(target, "ScheduledActions");
  const found = (Array.isArray(list) ? list : []).filter(isObject);
  if (found.some(({ StartTime, EndTime }) => StartTime !== undefined || EndTime !== undefined)) return undefined;
  return found.map(({ ScheduledActionName, Schedule, Timezone, ScalableTargetAction }) => {
    const { MinCapacity, MaxCapacity } = isObject(ScalableTargetAction) ? ScalableTargetAction : {};
    const limits = { minCapacity: plainValue(MinCapacity), maxCapacity: plainValue(MaxCapacity) };
    return defined({
      scheduledActionName: ScheduledActionName,
      schedule: Schedule,
      timezone: Timezone,
      scalableTargetAction: defined(limits),
    });
  });
}

/** The entries that are set. */
export function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

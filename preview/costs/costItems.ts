import type { Plan, PlannedResource } from "../plan.ts";

/** Something of a stack that costs by the hour, or by its number. */
export interface CostItem {
  /** What it is, for example `ml.g5.xlarge`, after its number. */
  readonly what: string;
  /** How many there are at least. */
  readonly least: number;
  /** How many there are at most. */
  readonly most: number;
  /** Whether it is paid by the hour. */
  readonly hourly: boolean;
  /** What it is called in a price file; absent if a price file has no price for it. */
  readonly priced?: string;
  /** How many there are of it in each, for example gigabytes. Default: 1. */
  readonly size?: number;
  /** What else is to be said. */
  readonly note?: string;
}

/**
 * What of a stack runs, and how much of it at least and at most: instances by autoscaling and its schedule.
 *
 * @param plan the stack's plan
 */
export function costItems({ resources }: Plan): CostItem[] {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const [endpoint] = ofType("aws:sagemaker/endpoint:Endpoint");
  const configurations = ofType("aws:sagemaker/endpointConfiguration:EndpointConfiguration");
  const scaling = [
    ...ofType("aws:appautoscaling/target:Target"),
    ...ofType("aws:appautoscaling/scheduledAction:ScheduledAction"),
  ];
  const variants = configurations.flatMap(({ inputs }) =>
    [inputs.productionVariants, inputs.shadowProductionVariants]
      .flatMap((given) => (given ?? []) as Variant[])
      .flatMap((variant) =>
        variantItems(variant, inputs.asyncInferenceConfig !== undefined, scaling, releaseNote(endpoint)),
      ),
  );
  const alarms = ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
  const interfaces = ofType("aws:ec2/vpcEndpoint:VpcEndpoint").filter(
    (each) => each.inputs.vpcEndpointType === "Interface",
  );
  return [
    ...summed(variants),
    ...counted("VPC endpoint", interfaces.length, true),
    ...counted(
      "metric with an alarm",
      alarms.reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    ),
    ...counted("dashboard", ofType("aws:cloudwatch/dashboard:Dashboard").length),
    ...counted("KMS key", ofType("aws:kms/key:Key").length),
  ];
}

interface Variant {
  readonly variantName?: string;
  readonly instanceType?: string;
  readonly initialInstanceCount?: number;
  readonly volumeSizeInGb?: number;
  readonly serverlessConfig?: {
    readonly memorySizeInMb: number;
    readonly maxConcurrency: number;
    readonly provisionedConcurrency?: number;
  };
}

function variantItems(
  { variantName = "", instanceType, initialInstanceCount = 1, volumeSizeInGb, serverlessConfig }: Variant,
  asynchronous: boolean,
  scaling: readonly PlannedResource[],
  note: string | undefined,
): CostItem[] {
  if (serverlessConfig) {
    const { memorySizeInMb, maxConcurrency, provisionedConcurrency } = serverlessConfig;
    const what = `serverless request at once, with ${memorySizeInMb} MB, by the second`;
    const provisioned = { what: `${memorySizeInMb} MB provisioned`, hourly: true };
    return [
      { what, least: 0, most: maxConcurrency, hourly: false },
      ...(provisionedConcurrency === undefined
        ? []
        : [{ ...provisioned, ...boundsOf(variantName, provisionedConcurrency, scaling) }]),
    ];
  }
  const bounds = boundsOf(variantName, initialInstanceCount, scaling);
  const host = asynchronous ? "AsyncInf" : "Host";
  const type = instanceType ?? "an instance";
  const instances = {
    what: type,
    ...bounds,
    hourly: true,
    priced: `${host}:${type}`,
    ...(note !== undefined && { note }),
  };
  if (volumeSizeInGb === undefined) return [instances];
  const volume = { what: `${volumeSizeInGb} GB of volume`, ...bounds, hourly: true };
  return [instances, { ...volume, priced: `${host}:VolumeUsage`, size: volumeSizeInGb }];
}

/** The least and the most that autoscaling and its schedule allow a variant. */
function boundsOf(variantName: string, initial: number, scaling: readonly PlannedResource[]) {
  const limits = scaling
    .filter(({ inputs }) => String(inputs.resourceId).endsWith(`/variant/${variantName}`))
    .map(({ inputs }) => (inputs.scalableTargetAction ?? inputs) as { minCapacity?: number; maxCapacity?: number });
  const given = (values: readonly (number | undefined)[]) => values.filter((value) => value !== undefined);
  const [least, most] = [given(limits.map((each) => each.minCapacity)), given(limits.map((each) => each.maxCapacity))];
  return {
    least: least.length > 0 ? Math.min(...least) : initial,
    most: most.length > 0 ? Math.max(...most) : initial,
  };
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html */
function releaseNote(endpoint: PlannedResource | undefined): string | undefined {
  const { rollingUpdatePolicy: rolling } = (endpoint?.inputs.deploymentConfig ?? {}) as {
    readonly rollingUpdatePolicy?: { readonly maximumBatchSize?: { readonly type: string; readonly value: number } };
  };
  if (!rolling) return "twice as many during a release";
  const { type, value } = rolling.maximumBatchSize ?? { type: "", value: 0 };
  return type === "CAPACITY_PERCENT" ? `${value} % more during a release` : `${value} more during a release`;
}

/** CloudWatch charges an alarm by its metrics. */
function metricsOf({ inputs }: PlannedResource): number {
  const queries = (inputs.metricQueries ?? []) as readonly { readonly metric?: object }[];
  return Math.max(1, queries.filter(({ metric }) => metric !== undefined).length);
}

function counted(what: string, count: number, hourly = false): CostItem[] {
  return count === 0 ? [] : [{ what, least: count, most: count, hourly }];
}

/** The same thing in several variants is one item. */
function summed(items: readonly CostItem[]): CostItem[] {
  const same = Map.groupBy(items, ({ what, priced, note }) => JSON.stringify([what, priced, note]));
  return [...same.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            ...first,
            least: others.reduce((sum, { least }) => sum + least, first.least),
            most: others.reduce((sum, { most }) => sum + most, first.most),
          },
        ],
  );
}

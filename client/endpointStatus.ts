import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { DescribeEndpointOutput, ProductionVariant, ProductionVariantSummary } from "@aws-sdk/client-sagemaker";
import { ask, isRefusal, type AwsClients } from "../releases/connection.ts";

/** An endpoint with everything that says how it is. */
export interface EndpointStatus {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** SageMaker's word for how it is, for example `InService`; `undefined` where there is no such endpoint. */
  readonly status: string | undefined;
  /** Why the last create or update failed or was taken back, where it was. */
  readonly failureReason?: string;
  /** The configuration that serves. */
  readonly endpointConfigName?: string;
  /** The configuration that it is going over to. */
  readonly pendingConfigName?: string;
  /** The one that was made before the one that serves, where it is kept. */
  readonly previousConfigName?: string;
  /** When the endpoint was changed last. */
  readonly changedAt?: Date;
  /** The variants that serve, the shadow included. */
  readonly variants: readonly VariantStatus[];
  /** The alarms on the endpoint, those that are on first. */
  readonly alarms: readonly AlarmStatus[];
  /** The last scaling activities, the latest first. */
  readonly scaling: readonly ScalingActivity[];
}

/** A variant as it serves. */
export interface VariantStatus {
  /** The variant's name. */
  readonly variantName: string;
  /** Whether it gets copies of requests only. */
  readonly shadow: boolean;
  /** What it runs on; absent where it is serverless. */
  readonly instanceType?: string;
  /** How many instances serve; absent where it is serverless. */
  readonly currentInstanceCount?: number;
  /** How many are wanted. */
  readonly desiredInstanceCount?: number;
  /** Its share of the traffic, in relation to the other variants' weights. */
  readonly currentWeight?: number;
  /** The share that is wanted. */
  readonly desiredWeight?: number;
  /** What SageMaker says that it is doing with the variant, for example `Creating`. */
  readonly activity?: string;
  /** The Model's name. */
  readonly modelName?: string;
  /** Whether the Model is there. An instance that starts without it can't serve. */
  readonly modelExists: boolean;
  /** The Model's image. */
  readonly image?: string;
  /** Where the Model's data is in S3. */
  readonly modelDataUrl?: string;
}

/** An alarm. */
export interface AlarmStatus {
  /** The alarm's name. */
  readonly alarmName: string;
  /** CloudWatch's word: `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  /** What it means, in the words that it was made with. */
  readonly description?: string;
  /** The bound on the 99th percentile of the model's latency, in milliseconds, where it watches that. */
  readonly latencyBoundInMilliseconds?: number;
}

/** Something that Application Auto Scaling did. */
export interface ScalingActivity {
  /** When it began. */
  readonly at?: Date;
  /** AWS's word for how it went, for example `Successful`. */
  readonly status: string;
  /** What it did and why, in AWS's words. */
  readonly description: string;
}

/** How many scaling activities are told. */
const TOLD_ACTIVITIES = 5;

/**
 * Reads how an endpoint is.
 *
 * @param clients the services
 * @param endpointName the endpoint's name
 * @throws AwsError where AWS does not say
 */
export async function readEndpointStatus(clients: AwsClients, endpointName: string): Promise<EndpointStatus> {
  const endpoint = await describe(clients, endpointName);
  if (!endpoint) return { endpointName, status: undefined, variants: [], alarms: [], scaling: [] };
  const { EndpointConfigName, PendingDeploymentSummary } = endpoint;
  const [variants, previousConfigName, alarms, scaling] = await Promise.all([
    readVariants(clients, endpoint),
    EndpointConfigName === undefined ? undefined : previousConfiguration(clients, EndpointConfigName),
    readAlarms(clients, endpointName),
    readScaling(clients, endpoint),
  ]);
  return {
    endpointName,
    status: endpoint.EndpointStatus ?? "",
    failureReason: endpoint.FailureReason,
    endpointConfigName: EndpointConfigName,
    pendingConfigName: PendingDeploymentSummary?.EndpointConfigName,
    previousConfigName,
    changedAt: endpoint.LastModifiedTime,
    variants,
    alarms,
    scaling,
  };
}

async function describe({ sagemaker }: AwsClients, name: string): Promise<DescribeEndpointOutput | undefined> {
  const { DescribeEndpointCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    return await ask(`DescribeEndpoint of ${name}`, () =>
      sagemaker.send(new DescribeEndpointCommand({ EndpointName: name })),
    );
  } catch (error) {
    if (isRefusal(error, /could not find/i)) return undefined;
    throw error;
  }
}

async function readVariants(clients: AwsClients, endpoint: DescribeEndpointOutput): Promise<VariantStatus[]> {
  const configured = await configuredVariants(clients, endpoint.EndpointConfigName);
  const of = (summary: ProductionVariantSummary, shadow: boolean) =>
    readVariant(
      clients,
      summary,
      configured.find(({ VariantName }) => VariantName === summary.VariantName),
      shadow,
    );
  return Promise.all([
    ...(endpoint.ProductionVariants ?? []).map((summary) => of(summary, false)),
    ...(endpoint.ShadowProductionVariants ?? []).map((summary) => of(summary, true)),
  ]);
}

async function configuredVariants({ sagemaker }: AwsClients, name: string | undefined): Promise<ProductionVariant[]> {
  if (name === undefined) return [];
  const { DescribeEndpointConfigCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    const found = await ask(`DescribeEndpointConfig of ${name}`, () =>
      sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name })),
    );
    return [...(found.ProductionVariants ?? []), ...(found.ShadowProductionVariants ?? [])];
  } catch (error) {
    if (isRefusal(error, /could not find/i)) return [];
    throw error;
  }
}

async function readVariant(
  clients: AwsClients,
  summary: ProductionVariantSummary,
  configured: ProductionVariant | undefined,
  shadow: boolean,
): Promise<VariantStatus> {
  const model = configured?.ModelName === undefined ? undefined : await readModel(clients, configured.ModelName);
  return {
    variantName: summary.VariantName ?? "",
    shadow,
    instanceType: configured?.InstanceType,
    currentInstanceCount: summary.CurrentInstanceCount,
    desiredInstanceCount: summary.DesiredInstanceCount,
    currentWeight: summary.CurrentWeight,
    desiredWeight: summary.DesiredWeight,
    activity: summary.VariantStatus?.at(-1)?.Status,
    modelName: configured?.ModelName,
    modelExists: model !== undefined,
    image: model?.Image,
    modelDataUrl: model?.ModelDataUrl ?? model?.ModelDataSource?.S3DataSource?.S3Uri,
  };
}

async function readModel({ sagemaker }: AwsClients, name: string) {
  const { DescribeModelCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    const { PrimaryContainer } = await ask(`DescribeModel of ${name}`, () =>
      sagemaker.send(new DescribeModelCommand({ ModelName: name })),
    );
    return PrimaryContainer ?? {};
  } catch (error) {
    if (isRefusal(error, /could not find/i)) return undefined;
    throw error;
  }
}

/** Pulumi's names end in a hyphen and seven random digits: what stands before them is the same in every release. */
async function previousConfiguration({ sagemaker }: AwsClients, name: string): Promise<string | undefined> {
  const [, stem] = /^(.+)-[0-9a-f]{7}$/.exec(name) ?? [];
  if (stem === undefined) return undefined;
  const { paginateListEndpointConfigs } = await import("@aws-sdk/client-sagemaker");
  return ask(`ListEndpointConfigs of ${stem}`, async () => {
    let past = false;
    const pages = paginateListEndpointConfigs(
      { client: sagemaker },
      { NameContains: stem, SortBy: "CreationTime", SortOrder: "Descending" },
    );
    for await (const { EndpointConfigs = [] } of pages) {
      for (const { EndpointConfigName = "" } of EndpointConfigs) {
        if (past && EndpointConfigName.slice(0, -8) === stem) return EndpointConfigName;
        past ||= EndpointConfigName === name;
      }
    }
    return undefined;
  });
}

async function readAlarms({ cloudwatch }: AwsClients, endpointName: string): Promise<AlarmStatus[]> {
  const { paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const alarms = await ask("DescribeAlarms", async () => {
    const found: MetricAlarm[] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudwatch }, {})) {
      found.push(...MetricAlarms.filter((alarm) => watches(alarm, endpointName)));
    }
    return found;
  });
  const urgency = ["ALARM", "INSUFFICIENT_DATA", "OK"];
  return alarms
    .map((alarm) => ({
      alarmName: alarm.AlarmName ?? "",
      state: alarm.StateValue ?? "",
      description: alarm.AlarmDescription,
      latencyBoundInMilliseconds: latencyBound(alarm),
    }))
    .sort((one, other) => urgency.indexOf(one.state) - urgency.indexOf(other.state));
}

function watches({ Dimensions = [], Metrics = [] }: MetricAlarm, endpointName: string): boolean {
  return [...Dimensions, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? [])].some(
    ({ Name, Value }) => Name === "EndpointName" && Value === endpointName,
  );
}

async function readScaling(
  { autoscaling }: AwsClients,
  { EndpointName = "", ProductionVariants = [] }: DescribeEndpointOutput,
): Promise<ScalingActivity[]> {
  const { DescribeScalingActivitiesCommand } = await import("@aws-sdk/client-application-auto-scaling");
  const activities = await Promise.all(
    ProductionVariants.map(({ VariantName = "" }) =>
      ask(`DescribeScalingActivities of ${VariantName}`, () =>
        autoscaling.send(
          new DescribeScalingActivitiesCommand({
            ServiceNamespace: "sagemaker",
            ResourceId: `endpoint/${EndpointName}/variant/${VariantName}`,
            ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
            MaxResults: TOLD_ACTIVITIES,
          }),
        ),
      ),
    ),
  );
  return activities
    .flatMap(({ ScalingActivities = [] }) => ScalingActivities)
    .map(({ StartTime, StatusCode = "", Description = "", Cause = "", StatusMessage = "" }) => ({
      at: StartTime,
      status: StatusCode,
      description: [Description, StatusCode === "Failed" ? StatusMessage : Cause].filter(Boolean).join(" "),
    }))
    .sort((one, other) => (other.at?.getTime() ?? 0) - (one.at?.getTime() ?? 0))
    .slice(0, TOLD_ACTIVITIES);
}

/** Alarms on latency divide CloudWatch's microseconds, so that their threshold is in milliseconds. */
function latencyBound({ Metrics = [], Threshold }: MetricAlarm): number | undefined {
  const stats = Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
  const p99 = stats.some(({ Metric, Stat }) => Metric?.MetricName === "ModelLatency" && Stat === "p99");
  return p99 ? Threshold : undefined;
}

import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { DescribeEndpointOutput, ProductionVariant, ProductionVariantSummary } from "@aws-sdk/client-sagemaker";
import { readServerStatus, type ServerStatus } from "./serverMetrics.ts";
import { serverMetricsVariable } from "../sagemaker/serverMetrics.ts";
import { environmentSettings } from "../sagemaker/serverEnvironment.ts";
import { ask, AwsError, isRefusal, pagesOf, type AwsClients } from "../releases/connection.ts";

/** An endpoint and everything that describes its state. */
export interface EndpointStatus {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** SageMaker's status, for example `InService`; `undefined` if there is no such endpoint. */
  readonly status: string | undefined;
  /** Why the last create or update failed or was rolled back, if it was. */
  readonly failureReason?: string;
  /** The configuration in service. */
  readonly endpointConfigName?: string;
  /** The configuration it is being updated to. */
  readonly pendingConfigName?: string;
  /** The configuration before the one in service, if it was kept. */
  readonly previousConfigName?: string;
  /** When the endpoint was last changed. */
  readonly changedAt?: Date;
  /** The variants in service, the shadow variant included. */
  readonly variants: readonly VariantStatus[];
  /** The endpoint's alarms, those in alarm first. */
  readonly alarms: readonly AlarmStatus[];
  /** The latest scaling activities, newest first. */
  readonly scaling: readonly ScalingActivity[];
}

/** A variant in service. */
export interface VariantStatus {
  /** The variant's name. */
  readonly variantName: string;
  /** Whether it is a shadow variant, which only gets copies of requests. */
  readonly shadow: boolean;
  /** The instance type; absent for serverless inference. */
  readonly instanceType?: string;
  /** How many instances are in service; absent for serverless inference. */
  readonly currentInstanceCount?: number;
  /** How many instances are desired. */
  readonly desiredInstanceCount?: number;
  /** Its share of the traffic, relative to the other variants' weights. */
  readonly currentWeight?: number;
  /** The desired weight. */
  readonly desiredWeight?: number;
  /** What SageMaker is doing with the variant, for example `Creating`. */
  readonly activity?: string;
  /** The Model's name. */
  readonly modelName?: string;
  /** Whether the Model exists. New instances can't start without it. */
  readonly modelExists: boolean;
  /** The Model's image. */
  readonly image?: string;
  /** The S3 URI of the Model's data. */
  readonly modelDataUrl?: string;
  /** Whether the Model holds many models. */
  readonly multiModel?: boolean;
  /** What its servers last reported of themselves, if they do. */
  readonly server?: ServerStatus;
  /** The values in force that explain failures, by the settings' names. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** An alarm. */
export interface AlarmStatus {
  /** The alarm's name. */
  readonly alarmName: string;
  /** CloudWatch's state: `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  /** The alarm's description. */
  readonly description?: string;
  /** The threshold for the 99th percentile of the model's latency, in milliseconds, if the alarm watches that. */
  readonly latencyBoundInMilliseconds?: number;
}

/** Something that Application Auto Scaling did. */
export interface ScalingActivity {
  /** When it began. */
  readonly at?: Date;
  /** AWS's status, for example `Successful`. */
  readonly status: string;
  /** AWS's description of what it did and why. */
  readonly description: string;
}

/** How many scaling activities to list. */
const TOLD_ACTIVITIES = 5;

/**
 * Reads an endpoint's state.
 *
 * @param clients the services
 * @param endpointName the endpoint's name
 * @throws AwsError if AWS returns an error
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

/**
 * Reads an endpoint's variants alone.
 *
 * @param clients the services
 * @param endpointName the endpoint's name
 * @returns none if there is no such endpoint
 * @throws AwsError if AWS returns an error
 */
export async function readVariantStatuses(clients: AwsClients, endpointName: string): Promise<VariantStatus[]> {
  const endpoint = await describe(clients, endpointName);
  return endpoint ? readVariants(clients, endpoint) : [];
}

async function describe({ sagemaker }: AwsClients, name: string): Promise<DescribeEndpointOutput | undefined> {
  const { DescribeEndpointCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    const found = await ask(`DescribeEndpoint of ${name}`, () =>
      sagemaker.send(new DescribeEndpointCommand({ EndpointName: name })),
    );
    const count = (found.ProductionVariants?.length ?? 0) + (found.ShadowProductionVariants?.length ?? 0);
    if (count <= MOST_VARIANTS) return found;
    throw new AwsError(
      `DescribeEndpoint of ${name} names ${count} variants, more than the ${MOST_VARIANTS} of SageMaker`,
    );
  } catch (error) {
    if (isRefusal(error, /could not find/i)) return undefined;
    throw error;
  }
}

/**
 * Ten production variants and as many shadows.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
 */
const MOST_VARIANTS = 20;

async function readVariants(clients: AwsClients, endpoint: DescribeEndpointOutput): Promise<VariantStatus[]> {
  const configured = await configuredVariants(clients, endpoint.EndpointConfigName);
  const of = (summary: ProductionVariantSummary, shadow: boolean) =>
    readVariant(
      clients,
      endpoint.EndpointName ?? "",
      summary,
      configured.find(({ VariantName }) => VariantName === summary.VariantName),
      shadow,
    );
  // An endpoint that was never in service has no variants yet, but its configuration has.
  const unserved = configured.map(({ VariantName }) => ({ VariantName }));
  return Promise.all([
    ...(endpoint.ProductionVariants ?? unserved).map((summary) => of(summary, false)),
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
  endpointName: string,
  summary: ProductionVariantSummary,
  configured: ProductionVariant | undefined,
  shadow: boolean,
): Promise<VariantStatus> {
  const model = configured?.ModelName === undefined ? undefined : await readModel(clients, configured.ModelName);
  const { VariantName: variantName = "" } = summary;
  const server =
    model?.Environment?.[serverMetricsVariable] === undefined
      ? undefined
      : await readServerStatus(clients, endpointName, variantName);
  return {
    variantName,
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
    ...(model && { multiModel: model.Mode === "MultiModel" }),
    ...(server && { server }),
    settings: settingsOf(configured, model?.Environment),
  };
}

/** The settings of a variant and its Model that say how a failure is avoided. */
function settingsOf(configured: Partial<ProductionVariant> = {}, environment: Record<string, string> = {}) {
  const values = {
    instanceType: configured.InstanceType,
    inferenceAmiVersion: configured.InferenceAmiVersion,
    volumeSizeInGb: configured.VolumeSizeInGB,
    containerStartupHealthCheckTimeoutInSeconds: configured.ContainerStartupHealthCheckTimeoutInSeconds,
    modelDataDownloadTimeoutInSeconds: configured.ModelDataDownloadTimeoutInSeconds,
    "serverless.memorySizeInMb": configured.ServerlessConfig?.MemorySizeInMB,
    "serverless.maxConcurrency": configured.ServerlessConfig?.MaxConcurrency,
    ...environmentSettings(environment),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | number
  >;
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

/** Pulumi's auto-names end in a hyphen and seven random digits; the part before them is the same in every release. */
async function previousConfiguration({ sagemaker }: AwsClients, name: string): Promise<string | undefined> {
  const [, stem] = /^(.+)-[0-9a-f]{7}$/.exec(name) ?? [];
  if (stem === undefined) return undefined;
  const { paginateListEndpointConfigs } = await import("@aws-sdk/client-sagemaker");
  return ask(`ListEndpointConfigs of ${stem}`, async () => {
    let past = false;
    const pages = pagesOf(
      paginateListEndpointConfigs(
        { client: sagemaker },
        { NameContains: stem, SortBy: "CreationTime", SortOrder: "Descending" },
      ),
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
    for await (const { MetricAlarms = [] } of pagesOf(paginateDescribeAlarms({ client: cloudwatch }, {}))) {
      for (const alarm of MetricAlarms) if (watches(alarm, endpointName)) found.push(alarm);
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

/** Latency alarms convert CloudWatch's microseconds, so their threshold is in milliseconds. */
function latencyBound({ Metrics = [], Threshold }: MetricAlarm): number | undefined {
  const stats = Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
  const p99 = stats.some(({ Metric, Stat }) => Metric?.MetricName === "ModelLatency" && Stat === "p99");
  return p99 ? Threshold : undefined;
}

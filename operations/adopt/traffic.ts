import { called, type Findings } from "./findings.ts";
import { bucketOf } from "./links.ts";
import type { OldResource } from "./oldStack.ts";
import { isObject } from "./template.ts";
import { defined, plainValue, type Values } from "./variants.ts";
import { asyncInferencePrefixes } from "../../sagemaker/asyncInference.ts";
import { dataCapturePrefix } from "../../sagemaker/dataCapture.ts";

/** What an endpoint configuration says of requests and responses that are stored. */
export interface DescribedTraffic {
  /** The settings. */
  readonly settings: Values;
  /** The bucket that they are stored in; absent if none are. */
  readonly bucket?: string;
}

/**
 * The settings for asynchronous inference and data capture.
 *
 * @param configuration the endpoint configuration
 * @param findings what is found out
 */
export function trafficValues(configuration: OldResource, findings: Findings): DescribedTraffic {
  const queued = findings.read(configuration, "AsyncInferenceConfig");
  const captured = findings.read(configuration, "DataCaptureConfig");
  const output = isObject(queued) && isObject(queued.OutputConfig) ? queued.OutputConfig : {};
  const isCaptured =
    isObject(captured) && captured.DestinationS3Uri !== undefined && plainValue(captured.EnableCapture) !== false;
  const places = [
    ["AsyncInferenceConfig", output.S3OutputPath, asyncInferencePrefixes.output],
    ["DataCaptureConfig", isCaptured ? captured.DestinationS3Uri : undefined, dataCapturePrefix],
  ] as const;
  const buckets = places.flatMap(([, url]) => (typeof url === "string" ? (bucketOf(url) ?? []) : []));
  const [bucket] = buckets;
  for (const [property, url, prefix] of places) {
    if (typeof url !== "string") continue;
    findings.cannotDescribe(
      configuration,
      [property],
      `${url}: new objects go to s3://${bucket ?? ""}/${prefix}, which is the program's own place`,
    );
  }
  return {
    settings: defined({
      asyncInference: isObject(queued) ? asyncValues(queued, output) : undefined,
      dataCapture: isCaptured ? captureValues(captured) : undefined,
    }),
    ...(bucket !== undefined && { bucket }),
  };
}

function asyncValues({ ClientConfig }: Values, { NotificationConfig }: Values): Values {
  const { MaxConcurrentInvocationsPerInstance: most } = isObject(ClientConfig) ? ClientConfig : {};
  const { SuccessTopic, ErrorTopic } = isObject(NotificationConfig) ? NotificationConfig : {};
  return defined({
    maxConcurrentInvocationsPerInstance: plainValue(most),
    successTopic: SuccessTopic,
    errorTopic: ErrorTopic,
  });
}

function captureValues({ InitialSamplingPercentage, CaptureOptions }: Values): Values {
  const modes = (Array.isArray(CaptureOptions) ? CaptureOptions : []).filter(isObject).map((one) => one.CaptureMode);
  const both = modes.includes("InputAndOutput") || modes.length === 0;
  return defined({
    initialSamplingPercentage: plainValue(InitialSamplingPercentage),
    input: both || modes.includes("Input") ? undefined : false,
    output: both || modes.includes("Output") ? undefined : false,
  });
}

/** What an endpoint configuration may say that no setting does and that changes what is served. */
const refused: Readonly<Record<string, string>> = {
  ExplainerConfig: "explanations have no setting: remove it from the old stack first",
  ShadowProductionVariants: "a shadow test can't be moved while it runs: end it first, and set shadow afterwards",
  ExecutionRoleArn: "inference components have no setting: the endpoint needs Models of its own",
};

/**
 * Refuses what no setting describes.
 *
 * @param configuration the endpoint configuration
 * @param findings what is found out
 */
export function refuseFeatures(configuration: OldResource, findings: Findings): void {
  for (const [property, why] of Object.entries(refused)) {
    if (configuration.properties[property] === undefined) continue;
    findings.refuse(
      configuration,
      [property],
      `${property} of the ${called(configuration)} can't be taken over: ${why}`,
    );
  }
}

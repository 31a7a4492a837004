import type { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { SageMakerClient, SageMakerClientConfig } from "@aws-sdk/client-sagemaker";

/** How AWS is reached. What is not given is found as by AWS's own tools: environment, shared files, instance. */
export interface AwsConnection {
  /** The region, for example `eu-central-1`. */
  readonly region?: string;
  /** The profile in the shared files. */
  readonly profile?: string;
  /** Who asks. */
  readonly credentials?: NonNullable<SageMakerClientConfig["credentials"]>;
  /** SageMaker's address. Default: AWS's, or `AWS_ENDPOINT_URL`. */
  readonly sagemakerEndpoint?: string;
  /** Application Auto Scaling's address. Default: AWS's, or `AWS_ENDPOINT_URL`. */
  readonly applicationAutoScalingEndpoint?: string;
  /** CloudWatch's address. Default: AWS's, or `AWS_ENDPOINT_URL`. */
  readonly cloudwatchEndpoint?: string;
  /** How often a request is tried that was throttled or not answered, with growing pauses. Default: 6. */
  readonly maxAttempts?: number;
  /** How long a connection may take, in milliseconds. Default: 5000. */
  readonly connectionTimeout?: number;
  /** How long an answer may take, in milliseconds. Default: 30000. */
  readonly requestTimeout?: number;
}

/** The services that a release is watched with. */
export interface AwsClients {
  /** SageMaker. */
  readonly sagemaker: SageMakerClient;
  /** Application Auto Scaling. */
  readonly autoscaling: ApplicationAutoScalingClient;
  /** CloudWatch. */
  readonly cloudwatch: CloudWatchClient;
}

/**
 * Clients for a connection. AWS's packages are loaded here and not before: a plan needs none.
 *
 * @param connection how AWS is reached
 */
export async function connect(connection: AwsConnection): Promise<AwsClients> {
  const { SageMakerClient } = await import("@aws-sdk/client-sagemaker");
  const { ApplicationAutoScalingClient } = await import("@aws-sdk/client-application-auto-scaling");
  const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
  const { region, profile, credentials, connectionTimeout = 5000, requestTimeout = 30_000 } = connection;
  const common = {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: connection.maxAttempts ?? 6,
    requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true },
  };
  const at = (endpoint: string | undefined) => ({ ...common, ...(endpoint !== undefined && { endpoint }) });
  return {
    sagemaker: new SageMakerClient(at(connection.sagemakerEndpoint)),
    autoscaling: new ApplicationAutoScalingClient(at(connection.applicationAutoScalingEndpoint)),
    cloudwatch: new CloudWatchClient(at(connection.cloudwatchEndpoint)),
  };
}

/** An answer of AWS that is no answer to the question. */
export class AwsError extends Error {}

/**
 * Asks AWS.
 *
 * @param what what is asked, for messages: `DescribeEndpoint of penguins`
 * @param request the request
 * @returns AWS's answer
 * @throws AwsError in one line, with AWS's own words
 */
export async function ask<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { $metadata, code } = error as Error & { $metadata?: { attempts?: number }; code?: string };
    const tries = $metadata?.attempts === undefined ? "" : ` after ${$metadata.attempts} attempts`;
    throw new AwsError(`${what} failed${tries}: ${code ?? error.name}: ${error.message || "no connection"}`, {
      cause: error,
    });
  }
}

/**
 * Whether AWS refused the request itself, as it does where a thing is not there.
 *
 * @param error what `ask` threw
 * @param pattern what AWS says
 */
export function isRefusal(error: unknown, pattern: RegExp): boolean {
  return (
    error instanceof AwsError &&
    error.cause instanceof Error &&
    /Validation|NotFound/.test(error.cause.name) &&
    pattern.test(error.cause.message)
  );
}

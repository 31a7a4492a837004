import type { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { awsReason } from "./accessProblem.ts";
import { limitRetries } from "./retries.ts";
import { CutOff } from "./boundedBody.ts";
import { boundAnswers } from "./boundedClient.ts";

/**
 * How to reach AWS. Whatever isn't given comes from where AWS's own tools look: environment, shared files, instance.
 */
export interface AwsConnection {
  /** The region, for example `eu-central-1`. */
  readonly region?: string;
  /** The profile in AWS's shared files. */
  readonly profile?: string;
  /** The credentials, or a function that gets them, for example one of `@aws-sdk/credential-providers`. */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
  /** SageMaker's address. Default: AWS's, or `AWS_ENDPOINT_URL`. */
  readonly sagemakerEndpoint?: string;
  /** Application Auto Scaling's address. Default: AWS's, or `AWS_ENDPOINT_URL`. */
  readonly applicationAutoScalingEndpoint?: string;
  /** CloudWatch's address. Default: AWS's, or `AWS_ENDPOINT_URL`. */
  readonly cloudwatchEndpoint?: string;
  /** S3's address. Default: AWS's, or `AWS_ENDPOINT_URL`. */
  readonly s3Endpoint?: string;
  /** Whether S3's address doesn't take a bucket's name as a subdomain. Default: false. */
  readonly s3UsePathStyle?: boolean;
  /**
   * The number of attempts for a throttled or unanswered request, with growing pauses. Default: 6 for one that gets no
   * answer, 24 for one that is throttled, which takes about four minutes.
   */
  readonly maxAttempts?: number;
  /** Asks AWS whose credentials these are. Default: none; they are taken for the stack's own. */
  readonly identity?: () => Promise<AwsIdentity>;
  /** The connection timeout, in milliseconds. Default: 5000. */
  readonly connectionTimeout?: number;
  /** The request timeout, in milliseconds. Default: 30000. */
  readonly requestTimeout?: number;
}

/** Credentials as AWS's packages have them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Only temporary credentials have one. */
  readonly sessionToken?: string;
  /** The end of temporary credentials; a function is called again before it. */
  readonly expiration?: Date;
}

/** An account and a region. */
export interface AwsIdentity {
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The region. */
  readonly region: string;
}

/**
 * The clients of the services needed to watch a release.
 *
 * @internal
 */
export interface AwsClients {
  /** SageMaker. */
  readonly sagemaker: SageMakerClient;
  /** Application Auto Scaling. */
  readonly autoscaling: ApplicationAutoScalingClient;
  /** CloudWatch. */
  readonly cloudwatch: CloudWatchClient;
}

/**
 * Makes the clients for a connection. AWS's packages are only loaded here, because a plan doesn't need them.
 *
 * @param connection how to reach AWS
 * @internal
 */
export async function connect(connection: AwsConnection): Promise<AwsClients> {
  const { SageMakerClient } = await import("@aws-sdk/client-sagemaker");
  const { ApplicationAutoScalingClient } = await import("@aws-sdk/client-application-auto-scaling");
  const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
  const attempts = attemptsOf(connection);
  const at = (endpoint: string | undefined) => clientSettings(connection, endpoint);
  const bounds = { milliseconds: connection.requestTimeout ?? defaultRequestTimeout };
  return {
    sagemaker: limitRetries(boundAnswers(new SageMakerClient(at(connection.sagemakerEndpoint)), bounds), attempts),
    autoscaling: limitRetries(
      boundAnswers(new ApplicationAutoScalingClient(at(connection.applicationAutoScalingEndpoint)), bounds),
      attempts,
    ),
    cloudwatch: limitRetries(boundAnswers(new CloudWatchClient(at(connection.cloudwatchEndpoint)), bounds), attempts),
  };
}

const defaultRequestTimeout = 30_000;

function attemptsOf({ maxAttempts }: AwsConnection) {
  return { unanswered: maxAttempts ?? 6, throttled: maxAttempts ?? 24 };
}

/** The settings that every service's client takes. */
interface ClientSettings extends Pick<AwsConnection, "region" | "profile" | "credentials"> {
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/**
 * The settings of a service's client.
 *
 * @param connection how to reach AWS
 * @param endpoint the service's address. Default: AWS's, or `AWS_ENDPOINT_URL`
 */
export function clientSettings(connection: AwsConnection, endpoint: string | undefined): ClientSettings {
  const { region, profile, credentials, connectionTimeout = 5000, requestTimeout = defaultRequestTimeout } = connection;
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: Math.max(...Object.values(attemptsOf(connection))),
    requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true },
  };
}

/** A request to AWS that failed or was refused. */
export class AwsError extends Error {}

/**
 * Sends a request to AWS.
 *
 * @param what the request's name, for messages: `DescribeEndpoint of penguins`
 * @param request the request
 * @returns AWS's answer
 * @throws AwsError with one line that includes AWS's own message
 */
export async function ask<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { $metadata } = error as Error & { $metadata?: { attempts?: number } };
    const tries = $metadata?.attempts === undefined ? "" : ` after ${$metadata.attempts} attempts`;
    throw new AwsError(`${what} failed${tries}: ${awsReason(error)}`, { cause: error });
  }
}

/**
 * Passes on the pages of a list, up to a number and a time that none of AWS's own lists needs.
 *
 * @param pages the pages, from one of AWS's paginators
 * @throws CutOff after 500 pages or two minutes
 */
export async function* pagesOf<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const end = performance.now() + 120_000;
  let count = 0;
  for await (const page of pages) {
    yield page;
    count += 1;
    if (count < 500 && performance.now() < end) continue;
    throw new CutOff(
      count < 500 ? "time" : "size",
      `the list goes on after ${count} pages, read at most are 500 and for two minutes: check AWS_ENDPOINT_URL`,
    );
  }
}

/**
 * Whether AWS refused the request with a certain message, for example because something doesn't exist.
 *
 * @param error what `ask` threw
 * @param pattern the pattern of AWS's message
 */
export function isRefusal(error: unknown, pattern: RegExp): boolean {
  return (
    error instanceof AwsError &&
    error.cause instanceof Error &&
    /Validation|NotFound/.test(error.cause.name) &&
    pattern.test(error.cause.message)
  );
}

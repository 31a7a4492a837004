import type { SageMakerClient } from "@aws-sdk/client-sagemaker";

/** The number of attempts of one request. */
export interface Attempts {
  /** For a request that gets no answer, or a server's error. */
  readonly unanswered: number;
  /** For a request that is throttled. */
  readonly throttled: number;
}

type Retries = Pick<SageMakerClient["config"], "retryStrategy">;

/**
 * Lets a client try throttled requests more often than others: an account's request rate recovers within minutes,
 * whereas an address that doesn't answer rarely does. The pauses are those of AWS's own client.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 *
 * @param client the client, made for the larger of the two numbers
 * @param attempts the numbers
 */
export function limitRetries<Client extends { readonly config: Retries }>(client: Client, attempts: Attempts): Client {
  const { retryStrategy } = client.config;
  client.config.retryStrategy = async () => {
    const strategy = await retryStrategy();
    if (!("refreshRetryTokenForRetry" in strategy)) return strategy;
    return Object.assign(Object.create(strategy) as typeof strategy, {
      refreshRetryTokenForRetry: (...[token, error]: Parameters<typeof strategy.refreshRetryTokenForRetry>) => {
        const limit = error.errorType === "THROTTLING" ? attempts.throttled : attempts.unanswered;
        if (token.getRetryCount() + 1 >= limit) return Promise.reject(new Error("no attempts are left"));
        return strategy.refreshRetryTokenForRetry(token, error);
      },
    });
  };
  return client;
}

import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConnection } from "./connection.ts";
import { earlierResources, type EarlierResource } from "./earlierStack.ts";
import { bypassProxies, requireLoopback } from "./loopback.ts";
import { ReleaseGuard, type PlannedRelease } from "./releaseGuard.ts";

/** What watches over an endpoint's releases, for `TritonEndpoint`. */
export interface ReleaseWatch {
  /** What the stack consisted of when this run began. */
  readonly earlier: readonly EarlierResource[];
  /** The region, where the stack's configuration says it. */
  readonly region?: string;
  /**
   * Watches one endpoint.
   *
   * @param unscaledVariants the variants that autoscaling is taken from: their count goes back to the configuration's
   */
  readonly watch: (unscaledVariants: readonly string[]) => EndpointWatch;
}

/** What watches over one endpoint. */
export interface EndpointWatch {
  /** Called by the engine before and after it changes the endpoint. */
  readonly hooks: pulumi.ResourceHookBinding;
  /**
   * Called by the program in every run.
   *
   * @param endpoint the endpoint
   * @param planned the name of the configuration that it is to serve; what the provider says of it may be anything
   * @returns the same name; fails, and the run with it, where the endpoint serves another one
   */
  readonly check: (endpoint: aws.sagemaker.Endpoint, planned: pulumi.Output<string>) => pulumi.Output<string>;
}

/**
 * Watches over an endpoint's releases with AWS's own word. The hooks fail an update that SageMaker took back. They are
 * called only where the endpoint changes, so the check looks at it in every run: a program that fails makes the engine
 * delete nothing, and nothing is what it must delete while an earlier release serves.
 *
 * @param name a name for the hooks, unique in the program
 * @param connection how AWS is reached
 * @throws pulumi.RunError where the stack's earlier state can't be read, or the engine can't call this program
 */
export async function watchReleases(name: string, connection: AwsConnection): Promise<ReleaseWatch> {
  bypassProxies();
  await requireLoopback().catch((error: unknown) => {
    throw new pulumi.RunError((error as Error).message);
  });
  const guard = new ReleaseGuard(connection, undefined, pulumi.getStack());
  const { region } = connection;
  return {
    earlier: await earlierResources(),
    ...(region !== undefined && { region }),
    watch: (unscaledVariants) => watchEndpoint(name, guard, unscaledVariants),
  };
}

function watchEndpoint(name: string, guard: ReleaseGuard, unscaledVariants: readonly string[]): EndpointWatch {
  const release = (args: { readonly newInputs?: unknown }) => ({ ...plannedRelease(args), unscaledVariants });
  const fresh = new pulumi.ResourceHook(`${name}-before-create`, (args) =>
    guard.beforeCreate(release(args).endpointName),
  );
  const before = new pulumi.ResourceHook(`${name}-before-update`, (args) =>
    movesTraffic(args) ? guard.beforeUpdate(release(args)) : guard.makeGood(release(args).endpointName),
  );
  const after = new pulumi.ResourceHook(`${name}-after-release`, (args) => guard.afterUpdate(release(args)));
  const failed = new pulumi.ErrorHook(`${name}-failed-release`, async ({ newInputs, failedOperation }) => {
    if (failedOperation === "delete") return false;
    const planned = release({ newInputs });
    const outcome = await guard
      .afterFailure(planned)
      .catch(
        (error: unknown) =>
          `${(error as Error).message}. The autoscaling of ${planned.endpointName} is not restored yet: the next run restores it`,
      );
    await pulumi.log.error(outcome);
    return false;
  });
  return {
    hooks: {
      beforeCreate: [fresh],
      afterCreate: [after],
      beforeUpdate: [before],
      afterUpdate: [after],
      onError: [failed],
    },
    check: (endpoint, planned) =>
      pulumi.all([endpoint.name, planned]).apply(async ([endpointName, endpointConfigName]) => {
        // A preview promises nothing, and without an engine nothing is deployed.
        if (!pulumi.runtime.isDryRun() && pulumi.runtime.hasEngine()) {
          await guard.check({ endpointName, endpointConfigName, unscaledVariants }).catch((error: unknown) => {
            // It has to be thrown: after an error that is only logged the engine deletes all the same.
            throw failureOf(endpoint, (error as Error).message);
          });
        }
        return endpointConfigName;
      }),
  };
}

/** A failure in the words given: Pulumi would put those of its serialization before them. */
function failureOf(resource: pulumi.Resource, message: string): pulumi.ResourceError {
  const error = new pulumi.ResourceError(message, resource, true);
  return Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
}

function plannedRelease({ newInputs }: { readonly newInputs?: unknown }): PlannedRelease {
  const { name, endpointConfigName } = newInputs as { name: string; endpointConfigName: string };
  return { endpointName: name, endpointConfigName };
}

/** Whether the update is more than tags: SageMaker then makes a new fleet. */
function movesTraffic({ oldInputs, newInputs }: pulumi.ResourceHookArgs): boolean {
  const moving = (inputs: Record<string, unknown> = {}) =>
    JSON.stringify([inputs.endpointConfigName, inputs.deploymentConfig]);
  return moving(oldInputs) !== moving(newInputs);
}

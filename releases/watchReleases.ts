import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConnection } from "./connection.ts";
import { earlierResources, type EarlierResource } from "./earlierStack.ts";
import { bypassProxies, requireLoopback } from "./loopback.ts";
import { otherAccountProblem } from "./otherAccount.ts";
import { OpenOperations } from "./openOperations.ts";
import { ReleaseGuard, type PlannedRelease } from "./releaseGuard.ts";

/** Verifies endpoints' releases for `TritonEndpoint`. */
export interface ReleaseWatch {
  /** The stack's resources at the start of this run. */
  readonly earlier: readonly EarlierResource[];
  /** The region, if the stack's configuration sets it. */
  readonly region?: string;
  /**
   * Watches one endpoint.
   *
   * @param unscaledVariants the variants that no longer have autoscaling; their count is reset to the configuration's
   */
  readonly watch: (unscaledVariants: readonly string[]) => EndpointWatch;
}

/** Verifies the releases of one endpoint. */
export interface EndpointWatch {
  /** Called by the engine before and after it changes the endpoint. */
  readonly hooks: pulumi.ResourceHookBinding;
  /**
   * Called by the program in every run.
   *
   * @param endpoint the endpoint
   * @param planned the name of the planned configuration, whatever the provider reports
   * @returns the same name; fails, and the run with it, if the endpoint serves another one
   */
  readonly check: (endpoint: aws.sagemaker.Endpoint, planned: pulumi.Output<string>) => pulumi.Output<string>;
}

/**
 * Verifies an endpoint's releases by asking AWS. The hooks fail an update that SageMaker rolled back. The engine only
 * calls them if the endpoint changes, so a check also runs each time: if the program fails, the engine deletes nothing,
 * and nothing may be deleted while an earlier release is in service.
 *
 * @param name a name for the hooks, unique in the program
 * @param connection how to reach AWS
 * @throws pulumi.RunError if the stack's earlier state can't be read, its endpoint is in another account or region, or the
 * engine can't call this program
 */
export async function watchReleases(name: string, connection: AwsConnection): Promise<ReleaseWatch> {
  bypassProxies();
  await requireLoopback().catch((error: unknown) => {
    throw new pulumi.RunError((error as Error).message);
  });
  const guard = new ReleaseGuard(connection, undefined, pulumi.getStack());
  const { region } = connection;
  // If AWS doesn't say who we are, the provider reports why with its first resource.
  const [earlier, here] = await Promise.all([earlierResources(), connection.identity?.().catch(() => undefined)]);
  const problem = here && otherAccountProblem(here, earlier);
  if (problem !== undefined) throw new pulumi.RunError(problem);
  return {
    earlier,
    ...(region !== undefined && { region }),
    watch: (unscaledVariants) => watchEndpoint(name, guard, unscaledVariants),
  };
}

function watchEndpoint(name: string, guard: ReleaseGuard, unscaledVariants: readonly string[]): EndpointWatch {
  const release = (args: { readonly newInputs?: unknown }) => ({ ...plannedRelease(args), unscaledVariants });
  const open = new OpenOperations();
  if (pulumi.runtime.hasEngine() && !pulumi.runtime.isDryRun()) {
    open.surviveInterruption(async (endpointName) => pulumi.log.error(await guard.interrupted(endpointName)));
  }
  const fresh = new pulumi.ResourceHook(`${name}-before-create`, (args) => {
    const { endpointName } = release(args);
    return open.begin(endpointName, guard.beforeCreate(endpointName));
  });
  const before = new pulumi.ResourceHook(`${name}-before-update`, (args) => {
    const planned = release(args);
    const { endpointName } = planned;
    return open.begin(endpointName, movesTraffic(args) ? guard.beforeUpdate(planned) : guard.makeGood(endpointName));
  });
  const after = new pulumi.ResourceHook(`${name}-after-release`, (args) => {
    const planned = release(args);
    return open.end(planned.endpointName, guard.afterUpdate(planned));
  });
  const failed = new pulumi.ErrorHook(`${name}-failed-release`, async ({ newInputs, failedOperation }) => {
    if (failedOperation === "delete") return false;
    const planned = release({ newInputs });
    const outcome = await open
      .end(planned.endpointName, guard.afterFailure(planned))
      .catch((error: unknown) => (error as Error).message);
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
      pulumi.all([endpoint.name, planned, endpoint.endpointConfigName]).apply(async (names) => {
        const [endpointName, endpointConfigName, recordedConfigName] = names;
        // A preview deploys nothing, and neither does a run without an engine.
        if (!pulumi.runtime.isDryRun() && pulumi.runtime.hasEngine()) {
          const release = { endpointName, endpointConfigName, recordedConfigName, unscaledVariants };
          await guard.check(release).catch((error: unknown) => {
            // This must throw: after an error that is only logged, the engine would still delete resources.
            throw failureOf(endpoint, (error as Error).message);
          });
        }
        return endpointConfigName;
      }),
  };
}

/** An error with exactly this message: Pulumi would otherwise prefix it with details of its serialization. */
function failureOf(resource: pulumi.Resource, message: string): pulumi.ResourceError {
  const error = new pulumi.ResourceError(message, resource, true);
  return Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
}

function plannedRelease({ newInputs }: { readonly newInputs?: unknown }): PlannedRelease {
  const { name, endpointConfigName } = newInputs as { name: string; endpointConfigName: string };
  return { endpointName: name, endpointConfigName };
}

/** Whether the update changes more than tags, so that SageMaker creates new instances. */
function movesTraffic({ oldInputs, newInputs }: pulumi.ResourceHookArgs): boolean {
  const moving = (inputs: Record<string, unknown> = {}) =>
    JSON.stringify([inputs.endpointConfigName, inputs.deploymentConfig]);
  return moving(oldInputs) !== moving(newInputs);
}

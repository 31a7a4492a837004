import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConnection } from "./connection.ts";
import { earlierResources, type EarlierResource } from "./earlierStack.ts";
import { bypassProxies, requireLoopback } from "./loopback.ts";
import type { PlannedNames } from "./namedResources.ts";
import { ReleaseGuard, type PlannedRelease } from "./releaseGuard.ts";
import { StartWatch } from "./startWatch.ts";
import { existingResources, type ExistingResources } from "./takeOver.ts";

/** Verifies endpoints' releases for `TritonEndpoint`. */
export interface ReleaseWatch {
  /** The stack's resources at the start of this run. */
  readonly earlier: readonly EarlierResource[];
  /** The resources in AWS that have the names of those which this run creates. */
  readonly existing: ExistingResources;
  /** The region, if the stack's configuration sets it. */
  readonly region?: string;
  /**
   * Watches one endpoint.
   *
   * @param unscaledVariants the variants that no longer have autoscaling; their count is reset to the configuration's
   * @param keepReleases whether earlier releases stay in AWS
   */
  readonly watch: (unscaledVariants: readonly string[], keepReleases: boolean) => EndpointWatch;
}

/** Verifies the releases of one endpoint. */
export interface EndpointWatch {
  /** Called by the engine before and after it changes the endpoint. */
  readonly hooks: pulumi.ResourceHookBinding;
  /** Called by the engine before it changes the configuration's tags. */
  readonly configurationHooks: pulumi.ResourceHookBinding;
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
 * @param name the name of the TritonEndpoint
 * @param connection how to reach AWS
 * @param planned the arguments of the TritonEndpoint
 * @throws pulumi.RunError if the stack's earlier state can't be read, the engine can't call this program, or SageMaker
 * doesn't answer
 */
export async function watchReleases(
  name: string,
  connection: AwsConnection,
  planned: PlannedNames,
): Promise<ReleaseWatch> {
  bypassProxies();
  await requireLoopback().catch(endRun);
  const guard = new ReleaseGuard(connection, undefined, pulumi.getStack());
  const { region } = connection;
  const earlier = await earlierResources();
  const existing = pulumi.runtime.hasEngine()
    ? await existingResources(name, connection, planned, earlier).catch(endRun)
    : { imports: new Map<string, string>(), problems: [] };
  return {
    earlier,
    existing,
    ...(region !== undefined && { region }),
    watch: (unscaledVariants, keepReleases) =>
      watchEndpoint(name, guard, new StartWatch(connection, earlier, keepReleases), unscaledVariants),
  };
}

function endRun(error: unknown): never {
  throw new pulumi.RunError((error as Error).message);
}

function watchEndpoint(
  name: string,
  guard: ReleaseGuard,
  start: StartWatch,
  unscaledVariants: readonly string[],
): EndpointWatch {
  let released = false;
  const release = (args: { readonly newInputs?: unknown }) => ({ ...plannedRelease(args), unscaledVariants });
  const before = new pulumi.ResourceHook(`${name}-before-update`, async (args) => {
    const planned = release(args);
    if (!movesTraffic(args)) return guard.makeGood(planned.endpointName);
    await guard.beforeUpdate(planned);
    await start.configuration.beforeUpdate(planned);
  });
  const after = new pulumi.ResourceHook(`${name}-after-release`, async (args) => {
    const planned = release(args);
    await guard.afterUpdate(planned);
    await start.configuration.afterUpdate(planned.endpointName);
    released = true;
  });
  const tagging = new pulumi.ResourceHook(`${name}-before-tagging`, async ({ oldOutputs }) => {
    await start.configuration.describe((oldOutputs as { name: string }).name);
  });
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
      afterCreate: [after],
      beforeUpdate: [before],
      afterUpdate: [after],
      onError: [failed],
    },
    configurationHooks: { beforeUpdate: [tagging] },
    check: (endpoint, planned) =>
      pulumi.all([endpoint.name, planned]).apply(async ([endpointName, endpointConfigName]) => {
        // A preview deploys nothing, and neither does a run without an engine.
        if (!pulumi.runtime.isDryRun() && pulumi.runtime.hasEngine()) {
          const planned = { endpointName, endpointConfigName, unscaledVariants };
          await guard.check(planned).catch((error: unknown) => {
            // This must throw: after an error that is only logged, the engine would still delete resources.
            throw failureOf(endpoint, (error as Error).message);
          });
          if (!released) await start.check(endpoint, planned);
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

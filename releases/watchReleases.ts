import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsConnection } from "./connection.ts";
import { DeletionGuard, type GuardedEndpoint } from "./deletionGuard.ts";
import { isDestroyRun } from "./destroyRun.ts";
import { earlierResources, type EarlierResource } from "./earlierStack.ts";
import { withExactMessage } from "./exactMessage.ts";
import { bypassProxies, requireLoopback } from "./loopback.ts";
import { acceptHooks } from "./mockedHooks.ts";
import type { PlannedNames } from "./namedResources.ts";
import { otherAccountProblem } from "./otherAccount.ts";
import { OpenOperations } from "./openOperations.ts";
import { ReleaseGuard, type PlannedRelease } from "./releaseGuard.ts";
import { log, ResourceError, ResourceHook, RunError } from "../text/pulumi.ts";
import { StartWatch } from "./startWatch.ts";
import { existingResources, noneExisting, type ExistingResources } from "./takeOver.ts";

/** Verifies endpoints' releases for `TritonEndpoint`. */
export interface ReleaseWatch {
  /** The stack's resources at the start of this run. */
  readonly earlier: readonly EarlierResource[];
  /** The resources in AWS that have the names of those which this run creates. */
  readonly existing: ExistingResources;
  /** The region, if the stack's configuration sets it. */
  readonly region?: string;
  /** Whether this run is `npm run destroy`, in which no change of a setting matters. */
  readonly destroys: boolean;
  /** Lets the engine ask before it deletes what may serve; for the children of a component. */
  readonly guardDeletions: pulumi.ResourceTransformation;
  /** Watches one endpoint. */
  readonly watch: (endpoint: WatchedEndpoint) => EndpointWatch;
}

/** The part of an endpoint's arguments that its watch needs. */
export interface WatchedEndpoint extends GuardedEndpoint {
  /** Whether earlier releases stay in AWS. */
  readonly keepReleases: boolean;
  /** The variants that no longer have autoscaling; their count is reset to the configuration's. */
  readonly unscaledVariants: readonly string[];
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
 * @throws pulumi.RunError if the stack's earlier state can't be read, its endpoint is in another account or region, or the
 * engine can't call this program, or SageMaker doesn't answer
 */
export async function watchReleases(
  name: string,
  connection: AwsConnection,
  planned: PlannedNames | object,
): Promise<ReleaseWatch> {
  acceptHooks();
  bypassProxies();
  await requireLoopback().catch(endRun);
  const { region } = connection;
  const destroys = isDestroyRun();
  // If AWS doesn't say who we are, the provider reports why with its first resource.
  const [earlier, here] = await Promise.all([earlierResources(), connection.identity?.().catch(() => undefined)]);
  const problem = here && otherAccountProblem(here, earlier);
  if (problem !== undefined) throw new RunError(problem);
  const existing =
    pulumi.runtime.hasEngine() && !destroys
      ? await existingResources(name, connection, planned, earlier).catch(endRun)
      : noneExisting;
  const guard = new ReleaseGuard(connection, undefined, pulumi.getStack());
  const deletions = new DeletionGuard({
    connect: () => guard.connect(),
    stack: pulumi.getStack(),
    earlier,
    destroys,
  });
  // The state refers to the hook by its name, for ever: without a hook of this name the engine refuses to delete.
  const beforeDelete = new ResourceHook(`${name}-before-delete`, (args) => deletions.check(args), {
    onDryRun: true,
  });
  const beforeUpload = new ResourceHook(`${name}-before-upload`, (args) => deletions.checkUpload(args), {
    onDryRun: true,
  });
  return {
    earlier,
    existing,
    ...(region !== undefined && { region }),
    destroys,
    guardDeletions: deletions.bind(beforeDelete, beforeUpload),
    watch: (endpoint) => {
      deletions.plan(endpoint);
      const start = new StartWatch(connection, earlier, endpoint.keepReleases);
      return watchEndpoint(name, { guard, deletions, start }, { ...endpoint, destroys });
    },
  };
}

function endRun(error: unknown): never {
  throw new RunError((error as Error).message);
}

/** What a run does about one endpoint. */
interface Watchers {
  readonly guard: ReleaseGuard;
  readonly deletions: DeletionGuard;
  readonly start: StartWatch;
}

function watchEndpoint(
  name: string,
  { guard, deletions, start }: Watchers,
  { unscaledVariants, destroys }: WatchedEndpoint & { readonly destroys: boolean },
): EndpointWatch {
  let released = false;
  const release = (args: { readonly newInputs?: unknown }) => ({ ...plannedRelease(args), unscaledVariants });
  const move = async (planned: PlannedRelease) => {
    await guard.beforeUpdate(planned);
    await start.configuration.beforeUpdate(planned);
  };
  const verify = async (planned: PlannedRelease) => {
    deletions.saw(await guard.afterUpdate(planned));
    await start.configuration.afterUpdate(planned.endpointName);
    released = true;
  };
  const open = new OpenOperations();
  if (pulumi.runtime.hasEngine() && !pulumi.runtime.isDryRun()) {
    open.surviveInterruption(async (endpointName) => log.error(await guard.interrupted(endpointName)));
  }
  const fresh = new ResourceHook(`${name}-before-create`, (args) => {
    const { endpointName } = release(args);
    deletions.forget(endpointName);
    return open.begin(endpointName, Promise.resolve());
  });
  const before = new ResourceHook(`${name}-before-update`, (args) => {
    const planned = release(args);
    deletions.forget(planned.endpointName);
    return open.begin(planned.endpointName, movesTraffic(args) ? move(planned) : guard.makeGood(planned.endpointName));
  });
  const after = new ResourceHook(`${name}-after-release`, (args) => {
    const planned = release(args);
    return open.end(planned.endpointName, verify(planned));
  });
  const tagging = new ResourceHook(`${name}-before-tagging`, async ({ oldOutputs }) => {
    await start.configuration.describe((oldOutputs as { name: string }).name);
  });
  const failed = new pulumi.ErrorHook(`${name}-failed-release`, async ({ newInputs, failedOperation }) => {
    if (failedOperation === "delete") return false;
    const planned = release({ newInputs });
    const outcome = await open
      .end(planned.endpointName, guard.afterFailure(planned))
      .catch((error: unknown) => (error as Error).message);
    await log.error(outcome);
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
    configurationHooks: { beforeUpdate: [tagging] },
    check: (endpoint, planned) =>
      pulumi.all([endpoint.name, planned, endpoint.endpointConfigName]).apply(async (names) => {
        const [endpointName, endpointConfigName, recordedConfigName] = names;
        // A preview deploys nothing, and neither does a run without an engine.
        if (!destroys && !pulumi.runtime.isDryRun() && pulumi.runtime.hasEngine()) {
          const release = { endpointName, endpointConfigName, recordedConfigName, unscaledVariants };
          const live = await guard.check(release).catch((error: unknown) => {
            // This must throw: after an error that is only logged, the engine would still delete resources.
            throw withExactMessage(new ResourceError((error as Error).message, endpoint));
          });
          deletions.saw(live);
          if (!released) await start.check(endpoint, release);
        }
        return endpointConfigName;
      }),
  };
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

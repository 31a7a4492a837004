import type { EngineStack, Run, RunOptions, Step } from "./engineStack.ts";
import { registryPassword } from "./provider/lookups.ts";
import { secretValue } from "./stacks.ts";
import { rollbackProblems } from "./readability.ts";
import { servingProblems, type ServedEndpoint } from "./served.ts";
import { types } from "./types.ts";

/** A change of a stack, from its preview to the run after it. */
export interface Change {
  /** What the preview announced. */
  readonly preview: Run;
  /** What the update did. */
  readonly update: Run;
  /** What the program said where it refused the change before anything was done; otherwise absent. */
  readonly refusal?: string;
  /** Which laws it broke, in words. */
  readonly problems: readonly string[];
}

/** Previews what the stack is configured for, brings it up, brings it up again, and judges all of it by the laws. */
export async function makeChange(stack: EngineStack): Promise<Change> {
  const preview = await stack.preview();
  const update = await stack.up();
  const problems = [...update.violations, ...(await lastingProblems(stack, [preview, update]))];
  if (update.code !== 0) {
    if (update.operations.length === 0) return { preview, update, refusal: reasonOf(update), problems };
    return { preview, update, problems: [...problems, `the update failed: ${reasonOf(update)}`] };
  }
  problems.push(...previewProblems(preview, update));
  problems.push(...(await unrestProblems(stack)));
  return { preview, update, problems };
}

/**
 * What is wrong however a run ended: an endpoint serves, and could start another instance; no secret is in plain.
 *
 * @param stack the stack
 * @param runs what was run
 */
export async function lastingProblems(stack: EngineStack, runs: readonly Run[]): Promise<string[]> {
  const endpoints = await stack.serves();
  const { clients } = stack.emulator;
  const serving = await Promise.all(endpoints.map((endpoint) => servingProblems(clients, stack.cloud, endpoint)));
  return [
    ...(endpoints.length === 0 ? ["no endpoint serves"] : []),
    ...[...serving.flat(), ...endpoints.flatMap((one) => endingProblems(stack, one))].map((one) => `in the end ${one}`),
    ...secretProblems(stack, runs),
  ];
}

/** What an update may put aside, but not leave so. */
function endingProblems({ cloud }: EngineStack, { name, models }: ServedEndpoint): string[] {
  const served = models.flatMap((model) => cloud.get(types.model, model) ?? []);
  return [...new Set(rollbackProblems(cloud, name, served))];
}

/**
 * Brings a stack in order by one run: it then serves what it is configured for, and nothing is left over.
 *
 * @param stack the stack
 * @param options the run's
 * @returns what is against that, in words
 */
export async function problemsAfter(stack: EngineStack, options: RunOptions): Promise<string[]> {
  const run = await stack.up(options);
  if (run.code !== 0) return [...run.violations, `it failed: ${reasonOf(run)}`];
  const [endpoint] = await stack.serves();
  const planned = stack.workspace
    .state(stack.name)
    .resources?.find(({ type, delete: old }) => type === types.configuration && old !== true);
  return [
    ...run.violations,
    ...(await lastingProblems(stack, [run])),
    ...stateProblems(stack),
    ...(endpoint?.configuration === planned?.id ? [] : [`${endpoint?.configuration} serves, not ${planned?.id}`]),
  ];
}

/** What another run would do to a stack that is in order. */
export async function unrestProblems(stack: EngineStack): Promise<string[]> {
  const again = await stack.up();
  return [
    ...again.operations.map(({ kind, name }) => `another run would ${kind} ${name}`),
    ...(again.code === 0 ? [] : [`another run failed: ${reasonOf(again)}`]),
  ];
}

/**
 * Whether the state and what is there agree: each AWS resource of the state is there. What Docker has of an image may go.
 *
 * @param stack the stack
 */
function stateProblems(stack: EngineStack): string[] {
  return stack
    .madeResources()
    .filter(({ type, id }) => type.startsWith("aws:") && !stack.cloud.get(type, id))
    .map(({ name }) => `the state has ${name}, which is gone`);
}

/** The error that a run ended with, on one line. */
export function reasonOf({ output }: Run): string {
  const lines = output.split("\n").filter((line) => /^\s*error: /.test(line) && !line.includes("update failed"));
  return (lines[0] ?? output.slice(-500)).trim().replace(/^error: /, "");
}

/** Whatever is done to a resource must have been announced, and whatever is announced must be done. */
function previewProblems(preview: Run, update: Run): string[] {
  const [announced, done] = [preview, update].map(({ steps }) => new Set(steps.filter(changes).map(inWords)));
  return [
    ...[...(done ?? [])].filter((step) => !announced?.has(step)).map((step) => `the preview did not tell: ${step}`),
    ...[...(announced ?? [])]
      .filter((step) => !done?.has(step))
      .map((step) => `the preview told, and it was not done: ${step}`),
  ];
}

function changes({ op, type }: Step): boolean {
  return op !== "same" && op !== "read" && !type.startsWith("pulumi:");
}

/** What happens to a copied image is open until the registry to sign in to is known: that it changes has to be told. */
function inWords({ op, name, type }: Step): string {
  return `${type.startsWith("docker:") ? "change" : op} ${name}`;
}

function secretProblems(stack: EngineStack, runs: readonly Run[]): string[] {
  const places = {
    "Pulumi's state": stack.workspace.stored(),
    "the output": runs.map(({ output }) => output).join("\n"),
  };
  return Object.entries(places).flatMap(([place, text]) =>
    [secretValue, registryPassword]
      .filter((secret) => text.includes(secret))
      .map((secret) => `${place} has ${secret} in plain`),
  );
}

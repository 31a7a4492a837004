import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { previewStack, type Plan, type PlannedResource } from "../../preview/plan.ts";

const plans = new Map<string, Promise<Plan>>();
let last: Promise<unknown> = Promise.resolve();

/** What a stack plans; each configuration is planned once in a run. Pulumi's mocks are global, so one after another. */
export function planOf(stack: string, config: Readonly<Record<string, string>> = {}): Promise<Plan> {
  const key = JSON.stringify([stack, config]);
  const planned = plans.get(key) ?? last.catch(() => undefined).then(() => previewStack({ stack, config }));
  plans.set(key, planned);
  last = planned;
  return planned;
}

/** The one resource of a plan whose name ends so. */
export function resourceOf(plan: Plan, name: string): PlannedResource {
  const found = plan.resources.filter((resource) => resource.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources are named ${name}`);
  return found[0]!;
}

/**
 * The names of resources whose inputs or options differ between two plans, or that only one of them has. The component's
 * own inputs are its arguments, and differ with them.
 */
export function differences(before: Plan, after: Plan): string[] {
  const names = new Set(
    [...before.resources, ...after.resources].flatMap(({ name, type }) =>
      type === "sagemaker-triton:index:TritonEndpoint" ? [] : [name],
    ),
  );
  const text = (plan: Plan, name: string) =>
    JSON.stringify(plan.resources.filter((resource) => resource.name === name));
  return [...names].filter((name) => text(before, name) !== text(after, name)).sort();
}

/** The names, and those of every resource that refers to one of them, directly or through others. */
export function withDependents(plan: Plan, names: readonly string[]): string[] {
  const all = new Set(names);
  for (let size = 0; size !== all.size;) {
    size = all.size;
    for (const { name, inputs } of plan.resources) {
      if ([...all].some((other) => JSON.stringify(inputs).includes(`\${${other}.`))) all.add(name);
    }
  }
  return [...all].sort();
}

/** A policy document among a resource's inputs, as text and parsed. */
export function statementsOf(document: unknown): PolicyStatements {
  return (JSON.parse(document as string) as { Statement: PolicyStatements }).Statement;
}

type PolicyStatements = {
  Effect: string;
  Action: string | string[];
  Resource?: string | string[];
  Principal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}[];

/** A folder made for one test and removed after it. */
export async function inTemporaryFolder<T>(test: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), "sagemaker-triton-"));
  try {
    return await test(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Writes files below a folder; a path that ends in `/` is an empty folder. */
export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(name.endsWith("/") ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(file, content);
  }
}

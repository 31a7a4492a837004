import { existsSync } from "node:fs";
import type { Problem } from "../../triton/repository/problem.ts";
import type { Plan, PlannedResource } from "../plan.ts";
import { factChanges, type FactChange } from "./imageChange.ts";
import { modelContents, type FileVersion } from "./modelContents.ts";

/** A file that an archive has gained, lost, or with another content. */
export interface FileChange {
  /** Its path in the archive. */
  readonly path: string;
  /** Its content before; absent if it is new. */
  readonly before?: FileVersion;
  /** The same after; absent if it has gone. */
  readonly after?: FileVersion;
}

/** A tensor that a model takes or answers with, and that differs. */
export interface TensorChange {
  /** For example `penguins input x`. */
  readonly tensor: string;
  /** Its type and dimensions before, for example `FP32 [4]`; absent if it is new. */
  readonly before?: string;
  /** The same after; absent if it has gone. */
  readonly after?: string;
}

/** How a packed model differs. */
export interface ModelChange {
  /** The name in Pulumi of the object that it is uploaded as. */
  readonly object: string;
  /** Files, by path. */
  readonly files: readonly FileChange[];
  /** Tensors of each model, as completed by Triton. */
  readonly tensors: readonly TensorChange[];
  /** Backends, versions and operator sets. */
  readonly facts: readonly FactChange[];
  /** What the check finds that it didn't find before. */
  readonly newProblems: readonly Problem[];
  /** What the check no longer finds. */
  readonly goneProblems: readonly Problem[];
}

const objectType = "aws:s3/bucketObjectv2:BucketObjectv2";

/**
 * Compares the packed models of two plans whose archives are on this machine.
 *
 * @param before the plan of what is deployed
 * @param after the plan of what is to be deployed
 * @returns a change for each archive that differs; none for archives that aren't here, or of one plan only
 */
export async function modelChanges(before: Plan, after: Plan): Promise<ModelChange[]> {
  const pairs = after.resources.flatMap((resource) => {
    const old = before.resources.find(({ type, name }) => type === objectType && name === resource.name);
    return old && old.inputs.key !== resource.inputs.key ? [[resource.name, old, resource] as const] : [];
  });
  const compared = pairs.map(async ([object, old, now]) => {
    const [was, is] = [archiveOf(old), archiveOf(now)];
    return was !== undefined && is !== undefined ? [await compareArchives(object, was, is)] : [];
  });
  return (await Promise.all(compared)).flat();
}

function archiveOf({ inputs }: PlannedResource): string | undefined {
  const file = (inputs.source as { readonly path?: string } | undefined)?.path;
  return file?.endsWith(".tar.gz") && existsSync(file) ? file : undefined;
}

async function compareArchives(object: string, was: string, is: string): Promise<ModelChange> {
  const [before, after] = [await modelContents(was), await modelContents(is)];
  const [had, has] = [before, after].map(({ problems }) => new Set(problems.map(problemKey)));
  return {
    object,
    files: differing(before.files, after.files, (version) => version.digest).map(([path, change]) => ({
      path,
      ...change,
    })),
    tensors: differing(before.tensors, after.tensors, (shape) => shape).map(([tensor, change]) => ({
      tensor,
      ...change,
    })),
    facts: factChanges(before.facts, after.facts),
    newProblems: after.problems.filter((problem) => !had?.has(problemKey(problem))),
    goneProblems: before.problems.filter((problem) => !has?.has(problemKey(problem))),
  };
}

function differing<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  identity: (value: Value) => string,
): [string, { readonly before?: Value; readonly after?: Value }][] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    if (old !== undefined && now !== undefined && identity(old) === identity(now)) return [];
    return [[key, { ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) }]];
  });
}

function problemKey({ code, path, message }: Problem): string {
  return `${code} ${path} ${message}`;
}

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Change } from "./laws.ts";
import { types } from "./types.ts";
import { projectFolder } from "./workspace.ts";

/** What is done with a setting. */
export type Step = "set" | "change" | "take out";

/** What came of it on one stack. */
export interface Result {
  readonly stack: string;
  readonly setting: string;
  readonly step: Step;
  /** What the program said where it refused. */
  readonly refusal?: string;
  /** What was done, in this order: `create triton-server-model`. */
  readonly operations: readonly string[];
  /** Whether the endpoint went over to another configuration. */
  readonly released: boolean;
  /** Which laws were broken. */
  readonly problems: readonly string[];
}

const folder = path.join(projectFolder, ".cache", "engine");

/** Keeps what came of a change, for docs/changes.md. */
export function record(stack: string, setting: string, step: Step, change: Change): void {
  const { operations } = change.update;
  const result: Result = {
    stack,
    setting,
    step,
    ...(change.refusal !== undefined && { refusal: change.refusal }),
    operations: operations.map(({ kind, name }) => `${kind} ${name}`),
    released: operations.some(({ kind, type }) => kind === "create" && type === types.configuration),
    problems: change.problems,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${stack}.${setting}.${step}.json`), JSON.stringify(result));
}

/** What came of every change that was made on this machine. */
export function results(): Result[] {
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Result);
}

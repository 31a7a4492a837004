import { createHash } from "node:crypto";
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

/** How a test ended. */
export interface TestResult {
  /** Its file, without folder and extension. */
  readonly file: string;
  /** Its title, with those of its suites. */
  readonly title: string;
  /** How many tests the file has. */
  readonly of: number;
  /** Whether it passed. */
  readonly passed: boolean;
}

const folder = path.join(projectFolder, ".cache", "engine");
const testsFolder = path.join(folder, "tests");

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

/** Keeps how a test ended, for docs/changes.md. */
export function recordTest(result: TestResult): void {
  mkdirSync(testsFolder, { recursive: true });
  const name = createHash("sha256").update(result.title).digest("hex").slice(0, 16);
  writeFileSync(path.join(testsFolder, `${result.file}.${name}.json`), JSON.stringify(result));
}

/** What came of every change that was made on this machine. */
export function results(): Result[] {
  return readAll<Result>(folder);
}

/** How every test ended that was last run on this machine. */
export function testResults(): TestResult[] {
  return readAll<TestResult>(testsFolder);
}

function readAll<Item>(from: string): Item[] {
  const files = readdirSync(from).filter((file) => file.endsWith(".json"));
  return files.map((file) => JSON.parse(readFileSync(path.join(from, file), "utf8")) as Item);
}

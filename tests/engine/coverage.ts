import type { TestResult } from "./results.ts";

/** Runs that docs/changes.md promises something of, and the files of tests that make them. */
interface Tried {
  /** What is done, on stacks that serve. */
  readonly what: string;
  /** The files' names without `.test.ts`. */
  readonly files: readonly string[];
}

const tried: readonly Tried[] = [
  {
    what: "each setting set, changed and removed, and several at once",
    files: ["settings.dev", "settings.prod", "severalSettings"],
  },
  { what: "each way of serving changed into each other one", files: ["waysOfServing"] },
  { what: "sequences that once went wrong, and refused ones", files: ["faults", "refusals"] },
  { what: "the upgrade from the last release, in each way of serving", files: ["upgrades"] },
  { what: "`--target`, `--exclude` and `--replace` of each resource", files: ["targets.dev", "targets.prod"] },
  { what: "the stack, the project and both renamed", files: ["renames"] },
  { what: "each resource deleted by hand", files: ["handDeletions"] },
  { what: "a failure, or a lost answer, at each operation of a release", files: ["failures"] },
  { what: "a release killed at twenty moments", files: ["kills"] },
];

/** A list of what was tried, each with the number of its tests. */
export function coverage(results: readonly TestResult[]): string {
  return tried
    .map(({ what, files }) => {
      const count = results.filter(({ file }) => files.includes(file)).length;
      return `- ${what} (${count} ${count === 1 ? "test" : "tests"})`;
    })
    .join("\n");
}

/** What keeps the promises from being made: tests that did not run, or did not pass. */
export function coverageProblems(results: readonly TestResult[]): string[] {
  return tried
    .flatMap(({ files }) => files)
    .flatMap((name) => {
      const own = results.filter(({ file }) => file === name);
      const total = own.at(0)?.of ?? 0;
      const failed = own.filter(({ passed }) => !passed).map(({ title }) => `${name} failed: ${title}`);
      return own.length === total && total > 0
        ? failed
        : [...failed, `${name}: results of ${own.length} of ${total} tests; delete .cache/engine and run it whole`];
    });
}

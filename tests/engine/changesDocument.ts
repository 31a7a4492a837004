import { coverage, coverageProblems } from "./coverage.ts";
import type { Result, Step, TestResult } from "./results.ts";
import { settingChanges } from "./settingChanges.ts";

const stacks = ["dev", "prod"];
const steps: readonly Step[] = ["set", "change", "take out"];

/**
 * docs/changes.md, from what came of every change.
 *
 * @param results what came of them
 * @param tests how the tests ended that the document's promises rest on
 * @param partial whether changes and tests may be missing; the cells say so. Default: false
 * @throws Error naming every change and test that is missing or failed, and every law that was broken
 */
export function changesDocument(results: readonly Result[], tests: readonly TestResult[], partial = false): string {
  const rows = Object.entries(settingChanges).map(([setting, { change, notice }]) => {
    const own = results.filter((result) => result.setting === setting);
    const cells = steps.map((step) =>
      step === "change" && change === undefined ? "–" : cell(own.filter((result) => result.step === step)),
    );
    return [`\`${setting}\``, ...cells, notice ?? noticed(own)];
  });
  const problems = [...(partial ? [] : [...missing(results), ...coverageProblems(tests)]), ...broken(results)];
  if (problems.length > 0) throw new Error(`docs/changes.md can't be written:\n  ${problems.join("\n  ")}`);
  const table = [
    ["setting", "set", "change", "remove", "what callers notice"],
    Array.from({ length: 5 }, () => "---"),
    ...rows,
  ];
  return `${introduction(tests)}\n${table.map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
}

const introduction = (
  tests: readonly TestResult[],
) => `<!-- Written by npm run changes from the results of npm run test:engine; don't edit it. -->

# What a change does to a running endpoint

Each setting was set, changed and removed on a running \`dev\` and a running \`prod\` stack, with the real Pulumi engine, a
stand-in for AWS and SageMaker's own refusals (\`npm run test:engine\`). Where the stacks differ, both results are given.

- **a release**: a new configuration, and a new Model if needed, is created first; the endpoint moves to it and serves
  throughout; what was replaced is deleted last, or stays with \`keepReleases\`. \`keepReleases\` protects from the run
  after it: an update that both sets it and replaces a Model still deletes that Model once the endpoint has moved.
- **in place**: the named resources are changed, and the endpoint isn't touched.
- **refused**: the program says why, and what to do instead, before anything is changed.
- **nothing**: no resource changes.

## What holds, and what was tried

${coverage(tests)}

In all of these,

- what an endpoint serves (configuration, Models, model data, image, role and policies, key, log group) was never
  deleted or made unreadable by the program or the engine before the endpoint had moved;
- a second run changed nothing (not tried after a run restricted to some resources);
- a run that failed, was killed or was restricted to some resources left a serving endpoint;
- \`npm run up -- --stack <stack> --refresh\` brought everything in order in one run after a failure, a kill (after
  \`pulumi cancel --stack <stack>\` if the engine says that the stack is locked) and a deletion by hand, and so did a
  plain \`npm run up\` after a run restricted to some resources.

What this doesn't cover:

- \`pulumi destroy\` deletes what it is asked to; \`pulumi refresh\` and \`pulumi state delete\` change only the state,
  which nothing guards;
- what somebody deletes by hand is made anew from the stack's files. Models, model data and images of earlier releases,
  which are in no file, stay lost;
- after a killed run the engine may keep listing a resource whose creation was interrupted:
  \`pulumi refresh --clear-pending-creates --stack <stack>\` clears it;
- AWS itself: the stand-in has the refusals of SageMaker that are documented, and answers at once.

## What each setting does
`;

function cell(results: readonly Result[]): string {
  const texts = new Map(results.map((result) => [result.stack, inWords(result)]));
  const distinct = [...new Set(texts.values())];
  if (distinct.length === 0) return "not tried";
  return distinct.length === 1 && texts.size === stacks.length
    ? distinct.join("")
    : [...texts]
        .sort()
        .map(([stack, text]) => `${stack}: ${text}`)
        .join("; ");
}

function inWords({ refusal, released, operations }: Result): string {
  if (refusal !== undefined) return "refused";
  const made = Object.entries(newParts)
    .filter(([name]) => operations.includes(`create ${name}`))
    .map(([, words]) => words);
  if (released) return ["a release", ...made].join(", with ");
  if (operations.length === 0) return "nothing";
  const names = [...new Set(operations.map((operation) => operation.replace(/^\w+ triton-/, "")))].sort();
  return `in place: ${names.length > 4 ? `${names.length} resources` : names.join(", ")}`;
}

/** What a release may need first. */
const newParts: Readonly<Record<string, string>> = {
  "triton-storage-bucket": "a new bucket",
  "triton-registry-repository": "a new repository",
  "triton-encryption-key": "a new key",
};

function noticed(results: readonly Result[]): string {
  return results.some(({ released }) => released) ? "nothing but the new release's answers" : "nothing";
}

function missing(results: readonly Result[]): string[] {
  return Object.entries(settingChanges).flatMap(([setting, { change }]) =>
    stacks.flatMap((stack) =>
      steps
        .filter((step) => step !== "change" || change !== undefined)
        .filter((step) => !results.some((one) => one.setting === setting && one.stack === stack && one.step === step))
        .map((step) => `${setting} was not tried on ${stack}: ${step}`),
    ),
  );
}

function broken(results: readonly Result[]): string[] {
  return results.flatMap(({ stack, setting, step, problems }) =>
    problems.map((problem) => `${setting}, ${step} on ${stack}: ${problem}`),
  );
}

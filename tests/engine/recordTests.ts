import * as path from "node:path";
import type { Context, RootHookObject, Suite } from "mocha";
import { recordTest } from "./results.ts";

/** Mocha calls them around every test, also with `--parallel`. */
export const mochaHooks: RootHookObject = {
  afterEach(this: Context) {
    const test = this.currentTest;
    if (test?.file === undefined || test.parent === undefined) return;
    recordTest({
      file: path.basename(test.file, ".test.ts"),
      title: test.fullTitle(),
      of: testsOf(rootOf(test.parent), test.file),
      passed: test.state === "passed",
    });
  },
};

function rootOf(suite: Suite): Suite {
  return suite.parent ? rootOf(suite.parent) : suite;
}

function testsOf({ suites, tests }: Suite, file: string): number {
  return suites.reduce(
    (count, suite) => count + testsOf(suite, file),
    tests.filter((test) => test.file === file).length,
  );
}

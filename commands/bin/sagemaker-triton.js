#!/usr/bin/env node
// The command `sagemaker-triton`, which every npm script calls. Plain JavaScript, so that a Node.js that can't run
// TypeScript can still say so.
import { setFlagsFromString } from "node:v8";
import { protectCache } from "../../packing/cacheDirectory.js";
import { cacheCompiledCode } from "./compiledCode.js";
import { installationProblem } from "./installation.js";
import { nodeProblem } from "./nodeVersion.js";

const problem = installationProblem() ?? nodeProblem();
if (problem === undefined) {
  cacheCompiledCode();
  protectCache();
  // Loading Pulumi creates much garbage: with a small young generation, a plan takes 150 MB instead of 200, for 5 %
  // more time. Cached code is only valid for the same flags, so this one is always set.
  setFlagsFromString("--semi-space-growth-factor=1");
  await import("../index.ts");
} else {
  console.error(`error: ${problem}`);
  process.exitCode = 1;
}

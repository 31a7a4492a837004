#!/usr/bin/env node
// The command `sagemaker-triton`, of which every npm script is a name. Plain JavaScript, so that a Node.js that can't run
// TypeScript gets as far as saying so.
import * as nodeModule from "node:module";
import { setFlagsFromString } from "node:v8";
import { cacheDirectory } from "../packing/cacheDirectory.js";
import { installationProblem } from "./installation.js";
import { nodeProblem } from "./nodeVersion.js";

const problem = installationProblem() ?? nodeProblem();
if (problem === undefined) {
  // Compiled code is kept from run to run. Where the folder can't be written, Node.js goes on without.
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? cacheDirectory("compiled"));
  // Loading Pulumi leaves much garbage: with its room for young objects kept small, a plan takes 150 MB and not 200, for 5 %
  // more time. A flag changes what compiled code is good for, so it is always set.
  setFlagsFromString("--semi-space-growth-factor=1");
  await import("../commands/index.ts");
} else {
  console.error(`error: ${problem}`);
  process.exitCode = 1;
}

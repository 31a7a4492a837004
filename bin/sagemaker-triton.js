#!/usr/bin/env node
// The command `sagemaker-triton`, of which every npm script is a name. Plain JavaScript, so that a Node.js that can't run
// TypeScript gets as far as saying so.
import * as nodeModule from "node:module";
import { cacheDirectory } from "../packing/cacheDirectory.js";
import { nodeProblem } from "./nodeVersion.js";

const problem = nodeProblem();
if (problem === undefined) {
  // Compiled code is kept from run to run. Where the folder can't be written, Node.js goes on without.
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? cacheDirectory("compiled"));
  await import("../commands/index.ts");
} else {
  console.error(`error: ${problem}`);
  process.exitCode = 1;
}

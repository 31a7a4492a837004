#!/usr/bin/env node
// The command `sagemaker-triton`, of which every npm script is a name. Plain JavaScript, so that a Node.js that can't run
// TypeScript gets as far as saying so.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import { cacheDirectory } from "../packing/cacheDirectory.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  // Compiled code is kept from run to run. Where the folder can't be written, Node.js goes on without.
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? cacheDirectory("compiled"));
  await import("../commands/index.ts");
} else {
  console.error(`error: this is Node.js ${process.versions.node}, and Node.js 22.18 or newer is needed: ${remedy()}`);
  process.exitCode = 1;
}

function remedy() {
  const bundled = fileURLToPath(new URL("../node_modules/node", import.meta.url));
  return existsSync(bundled) && !existsSync(`${bundled}/bin/node`)
    ? 'the bundled one is missing, because npm ran no install scripts (--ignore-scripts): run "npm rebuild node"'
    : "install it from https://nodejs.org";
}

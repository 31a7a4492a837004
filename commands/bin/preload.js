// Preloaded by Pulumi.yaml into the process that runs the program: a third of an unchanged update's time is Node.js
// compiling Pulumi's own packages, which are loaded before the program. Plain JavaScript, because `nodeProblem` isn't
// asked yet.
import * as nodeModule from "node:module";
import { cacheCompiledCode } from "./compiledCode.js";

cacheCompiledCode();

// Pulumi takes a stack trace for each promise and maps it to its TypeScript sources, for which it parses their source
// maps: a tenth of the time. This program's own sources need no map, since they are what runs, so what registers the
// mapping counts as loaded.
const required = nodeModule.createRequire(import.meta.url);
const mapping = nodeModule.createRequire(required.resolve("@pulumi/pulumi")).resolve("source-map-support/register");
required.cache[mapping] = Object.assign(new nodeModule.Module(mapping), { loaded: true });

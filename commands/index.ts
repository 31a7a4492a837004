import type { Command } from "commander";
import { runCommand, type Define } from "./run.ts";

// How to add a command: write commands/<name>.ts, which exports `define(command)` (description, arguments, options,
// action, as commander takes them), and add a line here. In package.json, `"<name>": "node commands/bin/sagemaker-triton.js
// <name>"` makes it an npm script. The file is only loaded when its command runs, and should import anything heavy as
// late as possible. An action - prints its result to standard output and everything else to standard error, which
// commands/output.ts makes safe for a terminal; - throws an Error whose message tells the user everything;
// commands/run.ts prints it and exits with 1; - uses relative paths as they are, relative to the user's working
// directory. The project is `projectDirectory()`; - calls `interruption()` (commands/run.ts) once there is something to
// clean up, and ends when that signal aborts: on Ctrl-C, or when the output is closed.
const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Define> }>> = {
  check: {
    summary: "check a model repository, folder or archive, as Triton would",
    load: async () => (await import("./check.ts")).define,
  },
  init: {
    summary: "write what a model repository lacks: config.pbtxt, request.json, a stack",
    load: async () => (await import("./init.ts")).define,
  },
  adopt: {
    summary: "describe an endpoint that other tools made as a stack, which takes it over",
    load: async () => (await import("./adopt.ts")).define,
  },
  plan: {
    summary: "print what a stack would register, without AWS",
    load: async () => (await import("./plan.ts")).define,
  },
  permissions: {
    summary: "print the policy of a role that previews or deploys a stack",
    load: async () => (await import("./permissions.ts")).define,
  },
  start: {
    summary: "serve a stack's model with a real Triton, send one request and exit",
    load: async () => (await import("./start.ts")).define,
  },
  serve: {
    summary: "serve a stack's model with a real Triton until Ctrl-C",
    load: async () => (await import("./start.ts")).defineServe,
  },
  invoke: {
    summary: "send a request to an endpoint or a server and print the answer",
    load: async () => (await import("./invoke.ts")).define,
  },
  load: {
    summary: "send requests at a rate, and measure latency, throughput and capacity",
    load: async () => (await import("./load.ts")).define,
  },
  replay: {
    summary: "send captured traffic to a candidate and report the answers that change",
    load: async () => (await import("./replay.ts")).define,
  },
  smoke: {
    summary: "after a deployment: check that the endpoint serves what the stack says",
    load: async () => (await import("./smoke.ts")).define,
  },
  status: {
    summary: "show an endpoint's status, and what to do next",
    load: async () => (await import("./status.ts")).define,
  },
  logs: {
    summary: "print the container's log, with known failures explained",
    load: async () => (await import("./logs.ts")).define,
  },
  preview: {
    summary: "pulumi preview: what an update would change",
    load: async () => (await import("./deploy.ts")).defineDeploy("preview"),
  },
  up: {
    summary: "pulumi up: deploy a stack",
    load: async () => (await import("./deploy.ts")).defineDeploy("up"),
  },
  destroy: {
    summary: "pulumi destroy: delete what a stack deployed",
    load: async () => (await import("./deploy.ts")).defineDeploy("destroy"),
  },
};

const [name = "", ...args] = process.argv.slice(2);
const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (known) await runCommand(name, await known.load(), args);
else await runCommand("", overview, process.argv.slice(2));

function overview(command: Command): void {
  command.description("NVIDIA Triton models on Amazon SageMaker AI.").helpCommand(false).usage("<command> [options]");
  for (const [name, { summary }] of Object.entries(commands)) command.command(name).description(summary);
}

import type { Command } from "commander";
import * as path from "node:path";
import { hideSecrets } from "../preview/hideSecrets.ts";
import { previewStack } from "../preview/plan.ts";
import { renderPlan } from "../preview/renderPlan.ts";
import { fitted } from "./fitted.ts";
import { projectDirectory } from "./project.ts";
import { withModelProgress } from "./progress.ts";
import { runCommand } from "./run.ts";

interface Options {
  readonly stack: string;
  readonly configFile?: string;
  readonly json?: boolean;
}

/** `plan` */
export function define(command: Command): void {
  command
    .description("Print what a stack would register. Needs no AWS account, no Pulumi CLI and no Docker.")
    .option("--stack <name>", "the stack, as in Pulumi.<name>.yaml", "dev")
    .option("--config-file <file>", "the stack's configuration file, instead of Pulumi.<name>.yaml", absolute)
    .option("--json", "print one JSON document")
    .action(async ({ stack, configFile, json }: Options) => {
      const options = { stack, configFile, directory: projectDirectory() };
      const plan = hideSecrets(await withModelProgress(() => previewStack(options)));
      console.log(json ? JSON.stringify(plan, undefined, 2) : fitted(renderPlan(plan)));
    });
}

function absolute(file: string): string {
  return path.resolve(file);
}

if (import.meta.main) await runCommand("plan", define);

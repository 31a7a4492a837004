import { Option, type Command } from "commander";
import * as path from "node:path";
import { renderChangeAsMarkdown } from "../preview/changes/changeMarkdown.ts";
import type { PlanChange } from "../preview/changes/planChange.ts";
import { renderChange } from "../preview/changes/renderChange.ts";
import { hideSecrets } from "../preview/hideSecrets.ts";
import { previewStack } from "../preview/plan.ts";
import { renderPlan } from "../preview/renderPlan.ts";
import { fitted } from "./fitted.ts";
import { projectDirectory } from "./project.ts";
import { planAndChange, type Comparison } from "./planComparison.ts";
import { withModelProgress } from "./progress.ts";
import { runCommand } from "./run.ts";

interface Options extends Comparison {
  readonly stack: string;
  readonly configFile?: string;
  readonly markdown?: boolean;
  readonly exitCode?: boolean;
  readonly json?: boolean;
}

/** `plan` */
export function define(command: Command): void {
  const others = ["against", "againstStack", "againstFile"];
  const against = (flags: string, description: string, index: number) =>
    new Option(flags, description).conflicts(others.toSpliced(index, 1));
  command
    .description(
      "Print what a stack would register, or how that differs from a commit, another stack or a saved plan. Needs no AWS account, no Pulumi CLI and no Docker.",
    )
    .option("--stack <name>", "the stack, as in Pulumi.<name>.yaml", "dev")
    .option("--config-file <file>", "the stack's configuration file, instead of Pulumi.<name>.yaml", absolute)
    .addOption(against("--against <ref>", "print the difference to this commit, branch or tag", 0))
    .addOption(against("--against-stack <name>", "print the difference to another stack", 1))
    .addOption(
      against("--against-file <file>", "print the difference to a plan saved with --json", 2).argParser(absolute),
    )
    .addOption(
      new Option(
        "--markdown",
        "print the difference as Markdown for a pull request, below 65,536 characters",
      ).conflicts("json"),
    )
    .option("--exit-code", "exit with 2 if there is a difference")
    .option("--json", "print one JSON document")
    .action(plan);
}

async function plan(options: Options): Promise<void> {
  const { stack, configFile, json, markdown, exitCode } = options;
  const planned = { stack, directory: projectDirectory(), ...(configFile !== undefined && { configFile }) };
  const compares = options.against ?? options.againstStack ?? options.againstFile;
  if (compares === undefined) {
    if (markdown || exitCode) {
      throw new Error(
        `${markdown ? "--markdown" : "--exit-code"}: is about a difference: add --against, --against-stack or --against-file`,
      );
    }
    const made = hideSecrets(await withModelProgress(() => previewStack(planned)));
    console.log(json ? JSON.stringify(made, undefined, 2) : fitted(renderPlan(made)));
    return;
  }
  const { change } = await withModelProgress(() => planAndChange(planned, options));
  if (json) console.log(JSON.stringify(change, undefined, 2));
  else console.log(markdown ? renderChangeAsMarkdown(change) : fitted(renderChange(change)));
  if (exitCode && isAnyChange(change)) process.exitCode = 2;
}

function isAnyChange({ resources, meaning }: PlanChange): boolean {
  return resources.length > 0 || meaning.some((sentence) => sentence.startsWith("Refused"));
}

function absolute(file: string): string {
  return path.resolve(file);
}

if (import.meta.main) await runCommand("plan", define);

import { Option, type Command } from "commander";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { planChange, refusedChange, type PlanChange } from "../preview/changes/planChange.ts";
import { planOfRef } from "../preview/changes/planOfRef.ts";
import { renderChange, renderChangeAsMarkdown } from "../preview/changes/renderChange.ts";
import { hideSecrets } from "../preview/hideSecrets.ts";
import type { Plan } from "../preview/plan.ts";
import { renderPlan } from "../preview/renderPlan.ts";
import { fitted } from "./fitted.ts";
import { plannedStack } from "./plannedStack.ts";
import { projectDirectory } from "./project.ts";
import { withModelProgress } from "./progress.ts";
import { interruption, runCommand, takeAsTold } from "./run.ts";

interface Options {
  readonly stack: string;
  readonly configFile?: string;
  readonly against?: string;
  readonly againstStack?: string;
  readonly againstFile?: string;
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
    .option("--markdown", "print the difference as Markdown for a pull request, below 65,536 characters")
    .option("--exit-code", "exit with 2 if there is a difference")
    .option("--json", "print one JSON document")
    .action(plan);
}

async function plan(options: Options): Promise<void> {
  const { stack, configFile, againstStack, json, markdown, exitCode } = options;
  const planned = { stack, directory: projectDirectory(), ...(configFile !== undefined && { configFile }) };
  const other = othersOf(options, planned.directory);
  if (!other) {
    if (markdown || exitCode) {
      throw new Error(
        `${markdown ? "--markdown" : "--exit-code"}: is about a difference: add --against, --against-stack or --against-file`,
      );
    }
    const made = hideSecrets(await withModelProgress(() => plannedStack(planned)));
    console.log(json ? JSON.stringify(made, undefined, 2) : fitted(renderPlan(made)));
    return;
  }
  const before = await withModelProgress(other.plan);
  const change = await withModelProgress(() =>
    againstStack === undefined
      ? changeFrom(before, planned, other.name)
      : plannedStack(planned).then((after) => planChange(before, after, other.name)),
  );
  if (json) console.log(JSON.stringify(change, undefined, 2));
  else console.log(markdown ? renderChangeAsMarkdown(change) : fitted(renderChange(change)));
  const refused = change.meaning.some((sentence) => sentence.startsWith("Refused"));
  if (exitCode && (change.resources.length > 0 || refused)) process.exitCode = 2;
}

/** What the program refuses is an answer about the change, unless it would refuse the stack by itself too. */
async function changeFrom(
  before: Plan,
  planned: Parameters<typeof plannedStack>[0],
  against: string,
): Promise<PlanChange> {
  try {
    return await planChange(before, await plannedStack({ ...planned, deployed: before }), against);
  } catch (error) {
    takeAsTold(error);
    await plannedStack(planned);
    return refusedChange(before, against, (error as Error).message);
  }
}

interface Other {
  readonly name: string;
  readonly plan: () => Promise<Plan>;
}

function othersOf(options: Options, directory: string): Other | undefined {
  const { stack, against, againstStack, againstFile } = options;
  if (against !== undefined) {
    return { name: against, plan: () => planOfRef(directory, against, stack, interruption()) };
  }
  if (againstStack !== undefined) {
    return { name: `the stack ${againstStack}`, plan: () => plannedStack({ stack: againstStack, directory }) };
  }
  if (againstFile === undefined) return undefined;
  return { name: againstFile, plan: () => Promise.resolve(savedPlan(againstFile)) };
}

function savedPlan(file: string): Plan {
  const text = readFileSync(file, "utf8");
  try {
    const saved = JSON.parse(text) as Partial<Plan>;
    if (Array.isArray(saved.resources)) return saved as Plan;
  } catch {
    // Told below.
  }
  throw new Error(`${file}: isn't a plan: save one with npm run --silent plan -- --json > ${path.basename(file)}`);
}

function absolute(file: string): string {
  return path.resolve(file);
}

if (import.meta.main) await runCommand("plan", define);

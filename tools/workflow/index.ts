import { execFile } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { InvalidArgumentError, type Command } from "commander";
import { runCommand } from "../../commands/run.ts";
import { fromFork, pullRequestOf, renewComment } from "./comment.ts";
import { differenceOf, mergeBase, planAgainst } from "./difference.ts";
import { driftIn, reportDrift } from "./drift.ts";
import { Github } from "./github.ts";

await runCommand("workflow", (command) => {
  command.description("The steps of .github/workflows that are more than one command.");
  defineDifference(command.command("difference"));
  defineComment(command.command("comment"));
  defineWayBack(command.command("way-back"));
  defineDrift(command.command("drift"));
});

function defineDifference(command: Command): void {
  command
    .description("Write what a change means for the stacks into the job's summary. Needs the whole history.")
    .option("--stacks <names>", "the stacks, separated by commas", (given: string) => given.split(","), ["dev", "prod"])
    .option("--base <commit>", "the commit that the change is merged into")
    .option("--deployed <environment>", "instead: the commit that was last deployed to this environment")
    .option("--output <file>", "also write it to this file")
    .action(async ({ stacks, base, deployed, output }: DifferenceOptions) => {
      const against =
        deployed === undefined ? await mergeBase(required(base)) : await github().deployedCommit(deployed);
      if (against === undefined) {
        summarize(
          `${deployed ?? ""} was never deployed by this workflow: all of ${stacks.join(", ")} is new.\n`,
          output,
        );
        return;
      }
      const { markdown, failed } = await differenceOf(stacks, planAgainst(against));
      summarize(markdown, output);
      if (failed.length > 0) throw new Error(`the difference of ${failed.join(" and ")} can't be made: see above`);
    });
}

interface DifferenceOptions {
  readonly stacks: readonly string[];
  readonly base?: string;
  readonly deployed?: string;
  readonly output?: string;
}

function required(base: string | undefined): string {
  if (base !== undefined) return base;
  throw new Error("add --base <commit> or --deployed <environment>");
}

function defineComment(command: Command): void {
  command
    .description("Write the comment of a pull request, or renew the one that is there.")
    .requiredOption("--file <file>", "the comment, as Markdown")
    .option("--pull-request <number>", "the pull request", positive)
    .option("--head <owner:branch>", "instead: a fork's branch, whose text is made harmless")
    .option("--commit <sha>", "the commit of that branch that wrote the text")
    .action(async ({ file, pullRequest, head, commit = "" }: CommentOptions) => {
      const markdown = readFileSync(file, "utf8");
      if (pullRequest !== undefined) {
        await renewComment(github(), pullRequest, markdown);
        return;
      }
      const [, owner, branch] = /^([^:]+):(.+)$/.exec(head ?? "") ?? [];
      if (owner === undefined || branch === undefined)
        throw new Error("add --pull-request <number> or --head <owner:branch>");
      const found = await pullRequestOf(github(), { owner, branch, commit });
      if (found === undefined) console.error(`no open pull request has ${commit} as its newest commit`);
      else await renewComment(github(), found, fromFork(markdown));
    });
}

interface CommentOptions {
  readonly file: string;
  readonly pullRequest?: number;
  readonly head?: string;
  readonly commit?: string;
}

function defineWayBack(command: Command): void {
  command
    .description("Say the command that brings a stack back to what was last deployed with success.")
    .requiredOption("--stack <name>", "the stack, whose environment has its name")
    .action(async ({ stack }: { readonly stack: string }) => {
      const commit = await github().deployedCommit(stack);
      summarize(
        commit === undefined
          ? `\`${stack}\` doesn't do what it is to do, and nothing was deployed before that did.\n`
          : `\`${stack}\` doesn't do what it is to do. Back to what was deployed before:\n\n    gh workflow run deploy.yml -f stack=${stack} -f commit=${commit}\n`,
      );
    });
}

function defineDrift(command: Command): void {
  command
    .description("Preview a stack with a refresh, and open, renew or close the issue about its drift.")
    .requiredOption("--stack <name>", "the stack, with its organization if it has one")
    .action(async ({ stack }: { readonly stack: string }) => {
      const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = process.env;
      const args = ["run", "--silent", "preview", "--", "--stack", stack, "--refresh", "--json", "--non-interactive"];
      const { stdout } = await promisify(execFile)("npm", args, { maxBuffer: 2 ** 28 }).catch((error: unknown) => {
        const { stderr = "", stdout: printed = "" } = error as { readonly stderr?: string; readonly stdout?: string };
        throw new Error(`the preview of ${stack} failed:\n${stderr}${printed}`.trim());
      });
      const run = `${server ?? ""}/${repository ?? ""}/actions/runs/${id ?? ""}`;
      summarize(`${await reportDrift(github(), stack.split("/").at(-1) ?? stack, driftIn(stdout), run)}\n`);
    });
}

function github(): Github {
  return new Github(process.env);
}

/** Prints, and puts into the job's summary if there is one. */
function summarize(markdown: string, file?: string): void {
  process.stdout.write(markdown);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) appendFileSync(summary, `${markdown}\n`);
  if (file !== undefined) writeFileSync(file, markdown);
}

function positive(given: string): number {
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new InvalidArgumentError("use a number above 0.");
}

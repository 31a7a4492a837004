import type { Command } from "commander";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { stringify } from "yaml";
import { projectName, readStackConfig } from "../preview/stackConfig.ts";
import { defaultInstanceType } from "../sagemaker/instanceTypes.ts";
import { subfolders } from "../triton/servedModel.ts";
import { renderCheckReport } from "./checkReport.ts";
import { fitted } from "./fitted.ts";
import { initPlan, type InitFile } from "./initFiles.ts";
import { invocationOf } from "./npm.ts";
import { printable, printableLine } from "./printable.ts";
import { projectDirectory } from "./project.ts";
import { readRepository } from "./repository.ts";
import { runCommand } from "./run.ts";

interface Options {
  readonly stack?: string;
  readonly defaultModel?: string;
  readonly json?: boolean;
}

/** What was written, with paths as the user would type them. */
interface InitReport {
  readonly stack: string;
  readonly written: readonly { readonly path: string; readonly origin: string }[];
  readonly kept: readonly string[];
  readonly open: readonly string[];
}

/** `init <folder>` */
export function define(command: Command): void {
  command
    .description(
      "Write what a model repository lacks to be served: config.pbtxt, request.json and a stack's configuration. Nothing that is there is changed.",
    )
    .argument("<folder>", "the folder with the model repository")
    .option("--stack <name>", "the stack to write Pulumi.<name>.yaml for (default: the folder's name)")
    .option("--default-model <name>", "the model that requests go to (default: the one that runs the others)")
    .option("--json", "print one JSON document")
    .action(async (folder: string, options: Options) => {
      const report = await init(folder, options);
      console.log(options.json ? printable(JSON.stringify(report, undefined, 2)) : fitted(rendered(report)));
    });
}

async function init(folder: string, options: Options): Promise<InitReport> {
  const { archive, contents } = await readRepository(folder);
  if (archive) throw new Error(`"${folder}" is an archive: give the folder that it is made from`);
  const { files, kept, open, defaultModelName, problems } = initPlan(contents, options.defaultModel);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    const models = subfolders(contents, "");
    const found = { source: folder, models, leftOut: [], errors: errors.length, warnings: 0, problems: errors };
    const colours = process.stderr.isTTY && process.stderr.hasColors();
    console.error(fitted(renderCheckReport(found, colours), process.stderr.columns));
    throw new Error("nothing was written: fix the errors above first");
  }
  const stackFile = stackFileFor(folder, defaultModelName, options);
  const inFolder = files.map((file) => ({ ...file, path: path.join(folder, file.path) }));
  const missing = [...inFolder, ...(stackFile.file ? [stackFile.file] : [])];
  await writeAll(missing);
  return {
    stack: stackFile.stack,
    written: missing.map(({ path: file, origin }) => ({ path: file, origin })),
    kept: [...kept.map((name) => path.join(folder, name)), ...(stackFile.kept === undefined ? [] : [stackFile.kept])],
    open,
  };
}

function stackFileFor(
  folder: string,
  defaultModelName: string | undefined,
  { stack: named }: Options,
): { stack: string; file?: InitFile; kept?: string } {
  const project = projectDirectory();
  const stack = named ?? path.basename(path.resolve(folder)).replace(/[^\w.-]+/g, "-");
  if (!/^[\w.-]{1,100}$/.test(stack)) {
    throw new Error(
      `--stack: "${stack}" is not allowed: use up to 100 letters, digits, hyphens, underscores and periods`,
    );
  }
  const file = path.join(project, `Pulumi.${stack}.yaml`);
  const shown = path.relative(process.cwd(), file);
  if (existsSync(file)) {
    const { project: name, config } = readStackConfig(project, stack);
    if (path.resolve(project, config[`${name}:modelRepository`] ?? "") === path.resolve(folder)) {
      return { stack, kept: shown };
    }
    throw new Error(`nothing was written: ${shown} is there already and serves other models: give another --stack`);
  }
  const name = projectName(project);
  const config = {
    "aws:region": "us-east-1",
    [`${name}:modelRepository`]: path.relative(project, path.resolve(folder)) || ".",
    ...(defaultModelName !== undefined && { [`${name}:defaultModelName`]: defaultModelName }),
    [`${name}:instanceType`]: defaultInstanceType,
  };
  const schema = "docs/stack.schema.json";
  const comment = existsSync(path.join(project, schema)) ? `# yaml-language-server: $schema=./${schema}\n` : "";
  return { stack, file: { path: shown, text: comment + stringify({ config }), origin: `the stack ${stack}` } };
}

/** All of them, or none. */
async function writeAll(files: readonly InitFile[]): Promise<void> {
  const written: string[] = [];
  try {
    for (const { path: file, text } of files) {
      await writeFile(file, text, { flag: "wx" });
      written.push(file);
    }
  } catch (error) {
    await Promise.all(written.map((file) => rm(file)));
    throw new Error(`nothing was written: ${(error as Error).message}`, { cause: error });
  }
}

function rendered({ stack, written, kept, open }: InitReport): string {
  const width = Math.max(0, ...written.map(({ path: file }) => file.length));
  const start = invocationOf("init", process.env).script ? "npm start --" : "npx sagemaker-triton start";
  return [
    ...(written.length === 0 ? ["Nothing is missing."] : ["Written:"]),
    ...written.map(({ path: file, origin }) => `  ${printableLine(file.padEnd(width))}  ${printableLine(origin)}`),
    ...(kept.length === 0 ? [] : ["Left as it is:"]),
    ...kept.map((file) => `  ${printableLine(file)}`),
    ...(open.length === 0 ? [] : ["Left to you:"]),
    ...open.map((sentence) => `  ${printableLine(sentence)}`),
    `Next: ${start} --stack ${stack}`,
  ].join("\n");
}

if (import.meta.main) await runCommand("init", define);

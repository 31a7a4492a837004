import type { Command } from "commander";
import { rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { describeSystemError } from "../text/systemError.ts";
import { projectName, readStackConfig } from "../preview/stackConfig.ts";
import { defaultInstanceType } from "../sagemaker/instanceTypes.ts";
import { subfolders } from "../triton/repository/servedModel.ts";
import { renderCheckReport } from "./checkReport.ts";
import { fitted } from "./fitted.ts";
import { initPlan, type InitFile, type InitPlan } from "./initFiles.ts";
import { layoutAdvice } from "./layoutAdvice.ts";
import { typedName } from "./npm.ts";
import { terminal } from "./output.ts";
import { printableLine } from "../text/printable.ts";
import { projectDirectory } from "./project.ts";
import { quoted } from "./quoted.ts";
import { readRepository } from "./repository.ts";
import { runCommand } from "./run.ts";
import { stackFile, stackFileText } from "./stackFile.ts";

interface Options {
  readonly stack?: string;
  readonly defaultModel?: string;
  readonly json?: boolean;
}

/** The result, with paths as the user would type them. */
interface InitReport {
  readonly stack: string;
  readonly written: readonly { readonly path: string; readonly origin: string }[];
  readonly kept: readonly string[];
  readonly open: readonly string[];
  readonly next: string;
}

/** `init <folder>` */
export function define(command: Command): void {
  command
    .description(
      "Write what a model repository lacks to be served: config.pbtxt, request.json and a stack's configuration. Existing files aren't changed.",
    )
    .argument("<folder>", "the folder with the model repository")
    .option("--stack <name>", "the stack to write Pulumi.<name>.yaml for (default: the folder's name)")
    .option("--default-model <name>", "the model that requests go to (default: the one that runs the others)")
    .option("--json", "print one JSON document")
    .action(async (folder: string, options: Options) => {
      const report = await init(folder, options);
      console.log(options.json ? JSON.stringify(report, undefined, 2) : fitted(rendered(report)));
    });
}

async function init(folder: string, options: Options): Promise<InitReport> {
  const { archive, contents } = await readRepository(folder);
  if (archive)
    throw new Error(`"${folder}" is no folder: give the folder with the model repository; unpack an archive first`);
  const advice = layoutAdvice(folder, contents, typedName("init", process.env));
  if (advice !== undefined) throw new Error(`nothing was written: ${advice}`);
  const plan = initPlan(contents, options.defaultModel);
  const { files, kept, open, lacksConfig, problems } = plan;
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    const models = subfolders(contents, "");
    const found = { source: folder, models, leftOut: [], errors: errors.length, warnings: 0, problems: errors };
    const colours = process.stderr.isTTY && process.stderr.hasColors();
    terminal(process.stderr).write(`${fitted(renderCheckReport(found, colours), process.stderr.columns)}\n`);
    throw new Error("nothing was written: fix the errors above first");
  }
  const target = stackFileFor(folder, plan, options);
  const inFolder = files.map((file) => ({ ...file, path: path.join(folder, file.path) }));
  const missing = [...inFolder, ...(target.file ? [target.file] : [])];
  await writeAll(missing);
  return {
    stack: target.stack,
    written: missing.map(({ path: file, origin }) => ({ path: file, origin })),
    kept: [...kept.map((name) => path.join(folder, name)), ...(target.kept === undefined ? [] : [target.kept])],
    open,
    next: lacksConfig
      ? `write what is left to you, and then ${typedName("init", process.env)} ${quoted(folder)} --stack ${target.stack}`
      : `${typedName("start", process.env)} --stack ${target.stack}`,
  };
}

function stackFileFor(
  folder: string,
  { defaultModelName, loadModels, inferenceType }: InitPlan,
  { stack: named }: Options,
): { stack: string; file?: InitFile; kept?: string } {
  const project = projectDirectory();
  const stack = named ?? path.basename(path.resolve(folder)).replace(/[^\w.-]+/g, "-");
  const { shown, exists } = stackFile(project, stack);
  if (exists) {
    const { project: name, config } = readStackConfig(project, stack);
    if (path.resolve(project, config[`${name}:modelRepository`] ?? "") === path.resolve(folder)) {
      return { stack, kept: shown };
    }
    throw new Error(`nothing was written: ${shown} already exists and serves other models: use another --stack`);
  }
  const name = projectName(project);
  const modelServer = {
    ...(inferenceType !== undefined && { inferenceType }),
    ...(loadModels.length > 0 && { loadModels }),
  };
  const config = {
    "aws:region": "us-east-1",
    [`${name}:modelRepository`]: path.relative(project, path.resolve(folder)) || ".",
    ...(defaultModelName !== undefined && { [`${name}:defaultModelName`]: defaultModelName }),
    [`${name}:instanceType`]: defaultInstanceType,
    ...(Object.keys(modelServer).length > 0 && { [`${name}:modelServer`]: modelServer }),
  };
  return { stack, file: { path: shown, text: stackFileText(project, config), origin: `the stack ${stack}` } };
}

/** Writes all files or none. */
async function writeAll(files: readonly InitFile[]): Promise<void> {
  const written: string[] = [];
  try {
    for (const { path: file, text } of files) {
      await writeFile(file, text, { flag: "wx" });
      written.push(file);
    }
  } catch (error) {
    await Promise.all(written.map((file) => rm(file)));
    throw new Error(`nothing was written: ${describeSystemError(error) ?? (error as Error).message}`, { cause: error });
  }
}

function rendered({ written, kept, open, next }: InitReport): string {
  const width = Math.max(0, ...written.map(({ path: file }) => file.length));
  return [
    ...(written.length === 0 ? ["Nothing is missing."] : ["Written:"]),
    ...written.map(({ path: file, origin }) => `  ${printableLine(file.padEnd(width))}  ${printableLine(origin)}`),
    ...(kept.length === 0 ? [] : ["Unchanged:"]),
    ...kept.map((file) => `  ${printableLine(file)}`),
    ...(open.length === 0 ? [] : ["Left to you:"]),
    ...open.flatMap((text) => text.split("\n").map((line) => `  ${printableLine(line)}`)),
    `Next: ${next}`,
  ].join("\n");
}

if (import.meta.main) await runCommand("init", define);

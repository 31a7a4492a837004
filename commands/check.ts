import type { Command } from "commander";
import { stat } from "node:fs/promises";
import { commonHardware, instanceTypeProblem } from "../sagemaker/instanceTypes.ts";
import { readModelFolder } from "../packing/folder.ts";
import { readModelArchive } from "../packing/modelArchive.ts";
import { checkModelRepository, type CheckOptions } from "../triton/modelRepository.ts";
import type { RepositoryContents } from "../triton/repositoryContents.ts";
import { renderCheckReport, type CheckReport } from "./checkReport.ts";
import { printable } from "./printable.ts";
import { runCommand } from "./run.ts";

interface Options {
  readonly defaultModel?: string;
  readonly instanceType?: string;
  readonly json?: boolean;
}

/** `check <source>` */
export function define(command: Command): void {
  command
    .description("Check a Triton model repository as SageMaker's start and Triton would. Exits 1 on errors.")
    .argument("<source>", "a folder with the repository, or an archive of it (.tar.gz)")
    .option(
      "--default-model <name>",
      "the model that requests go to, as defaultModelName (default: the one that runs the others)",
    )
    .option("--instance-type <type>", "the instance type, to check what needs a GPU")
    .option("--json", "print one JSON document")
    .action(async (source: string, options: Options) => {
      const report = await check(source, options);
      const colours = process.stdout.isTTY && process.stdout.hasColors();
      console.log(options.json ? printable(JSON.stringify(report, undefined, 2)) : renderCheckReport(report, colours));
      if (report.errors > 0) process.exitCode = 1;
    });
}

async function check(source: string, options: Options): Promise<CheckReport> {
  const checkOptions = readOptions(options);
  const contents = await readRepository(source);
  const problems = checkModelRepository(contents, checkOptions);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return {
    source,
    models: [...contents.directories].filter((folder) => !folder.includes("/")).sort(),
    errors,
    warnings: problems.length - errors,
    problems,
  };
}

function readOptions({ defaultModel, instanceType }: Options): CheckOptions {
  const problem = instanceType === undefined ? undefined : instanceTypeProblem(instanceType);
  if (problem !== undefined) throw new Error(`--instance-type: "${String(instanceType)}" ${problem}`);
  return {
    inferenceType: "infer",
    ...(defaultModel === undefined ? { assumeDefaultModel: true } : { defaultModelName: defaultModel }),
    ...(instanceType !== undefined && commonHardware([instanceType])),
  };
}

async function readRepository(source: string): Promise<RepositoryContents> {
  const entry = await stat(source).catch(() => undefined);
  if (!entry) throw new Error(`"${source}" is neither a folder nor an archive: there is nothing of that name`);
  return entry.isDirectory() ? readModelFolder(source) : readModelArchive(source);
}

if (import.meta.main) await runCommand("check", define);

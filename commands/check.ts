import type { Command } from "commander";
import { checkOptionsFor, type CheckTarget } from "../sagemaker/checkTarget.ts";
import { describeImage } from "../sagemaker/image.ts";
import { imageTagPattern } from "../sagemaker/imageReleases.ts";
import { instanceTypeProblem } from "../sagemaker/instanceTypes.ts";
import { publishedReleaseProblem } from "../sagemaker/publishedImages.ts";
import { withPythonReadings } from "../packing/pythonReading.ts";
import { regionProblem } from "../sagemaker/region.ts";
import { checkModelRepository } from "../triton/repository/modelRepository.ts";
import { checkTargetModel } from "../triton/repository/multiModel.ts";
import { checkReportJson, checkReportOf, renderCheckReport, type CheckReport } from "./checkReport.ts";
import { loadedConfigs, renderConfigs } from "./loadedConfigs.ts";
import { fitted } from "./fitted.ts";
import { terminal } from "./output.ts";
import { projectDirectory } from "./project.ts";
import { readRepository } from "./repository.ts";
import { runCommand } from "./run.ts";
import type { StackCheck } from "./stackCheck.ts";

interface Options {
  readonly stack?: string;
  readonly defaultModel?: string;
  readonly imageTag?: string;
  readonly instanceType?: string;
  readonly region?: string;
  readonly showConfig?: boolean;
  readonly json?: boolean;
}

/** `check [source]` */
export function define(command: Command): void {
  command
    .description("Check a Triton model repository as SageMaker's start script and Triton would. Exits 1 on errors.")
    .argument("[source]", "a folder with the repository, or an archive of it (.tar.gz) (default: the model of --stack)")
    .option("--stack <name>", "check for this stack's image, instances, environment and region")
    .option(
      "--default-model <name>",
      "the model that requests go to, as defaultModelName (default: the one that runs the others)",
    )
    .option("--image-tag <tag>", "the release of AWS's Triton image, for example 26.05-py3")
    .option("--instance-type <type>", "the instance type: GPUs, memory, volume")
    .option("--region <region>", "the region, to check whether AWS publishes the image there")
    .option(
      "--show-config",
      "print the config.pbtxt that Triton ends up with for each model; problems go to standard error",
    )
    .option("--json", "print one JSON document")
    .action(async (source: string | undefined, options: Options) => {
      const report = await check(source, options);
      const stream = options.showConfig ? process.stderr : process.stdout;
      if (options.json) console.log(checkReportJson(report));
      else {
        if (report.configs) console.log(renderConfigs(report.configs));
        const text = renderCheckReport(report, stream.isTTY && stream.hasColors());
        terminal(stream).write(`${fitted(text, stream.isTTY ? stream.columns : undefined)}\n`);
      }
      if (report.errors > 0) process.exitCode = 1;
    });
}

async function check(given: string | undefined, options: Options): Promise<CheckReport> {
  const stack = options.stack === undefined ? undefined : await readStack(options.stack);
  const source = given ?? stack?.source;
  if (source === undefined) throw new Error("name a model repository, as a folder or an archive");
  const target = targetOf(options, stack?.target);
  const assumed = target.server.defaultModelName === undefined && stack === undefined;
  const checkOptions = { ...checkOptionsFor(target), ...(assumed && { assumeDefaultModel: true }) };
  const serverMetrics = target.server.serverMetrics !== undefined;
  const { contents: read } = await readRepository(source, { serverMetrics });
  const contents = await withPythonReadings(read, checkOptions.release);
  const problems = (stack?.multiModel ? checkTargetModel : checkModelRepository)(contents, checkOptions);
  return {
    ...checkReportOf(source, contents, target, problems),
    ...(options.showConfig && { configs: loadedConfigs(contents, checkOptions) }),
  };
}

async function readStack(stack: string): Promise<StackCheck> {
  // Loading the code that reads a stack's settings takes longer than everything else.
  const { readStackCheck } = await import("./stackCheck.ts");
  return readStackCheck(projectDirectory(), stack);
}

/** The options override the stack's settings. */
function targetOf({ defaultModel, imageTag, instanceType, region }: Options, stack?: CheckTarget): CheckTarget {
  const tag =
    imageTag ??
    (region === undefined || describeImage(stack?.image).publisher !== "AWS" ? undefined : stack?.image.imageTag);
  refuse("--region", region, region === undefined ? undefined : regionProblem(region));
  refuse("--image-tag", tag, tag === undefined ? undefined : imageTagProblem(tag, region ?? stack?.region));
  refuse(
    "--instance-type",
    instanceType,
    instanceType === undefined ? undefined : instanceTypeProblem(instanceType, imageKind(stack)),
  );
  return {
    image: imageTag === undefined ? (stack?.image ?? {}) : { imageTag },
    server: {
      environment: {},
      ...stack?.server,
      ...(defaultModel !== undefined && { defaultModelName: defaultModel }),
    },
    places: instanceType === undefined ? stack?.places : [{ instanceType }],
    region: region ?? stack?.region,
  };
}

function imageKind(stack: CheckTarget | undefined) {
  return { ownImage: describeImage(stack?.image).publisher !== "AWS", architecture: stack?.image.imageArchitecture };
}

function imageTagProblem(imageTag: string, region: string | undefined): string | undefined {
  const { release } = describeImage({ imageTag });
  return release !== undefined && imageTagPattern.test(imageTag)
    ? publishedReleaseProblem(release, region)
    : "is not allowed: use <year>.<month>-py3, for example 26.05-py3";
}

function refuse(option: string, value: string | undefined, problem: string | undefined): void {
  if (problem !== undefined) throw new Error(`${option}: "${value ?? ""}" ${problem}`);
}

if (import.meta.main) await runCommand("check", define);

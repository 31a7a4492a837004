import type { Command } from "commander";
import { adoptionOf, type Adoption } from "../operations/adopt/adoption.ts";
import { readSource } from "../operations/adopt/readSource.ts";
import { projectName } from "../preview/stackConfig.ts";
import { renderAdoption } from "./adoptReport.ts";
import { downloadModels } from "./adoptDownload.ts";
import { renderCheckReport } from "./checkReport.ts";
import { fitted } from "./fitted.ts";
import { typedName } from "./npm.ts";
import { projectDirectory } from "./project.ts";
import { runCommand } from "./run.ts";
import { stackFile, stackFileText, writeNew } from "./stackFile.ts";

interface Options {
  readonly stack: string;
  readonly endpoint?: string;
  readonly parameter: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly download?: string;
  readonly json?: boolean;
}

/** `adopt [source]` */
export function define(command: Command): void {
  command
    .description(
      "Describe an endpoint that CloudFormation, CDK or other tools made as a stack of this program, whose first update takes it over without interruption. Writes Pulumi.<name>.yaml and changes nothing in AWS: see docs/adopt.md.",
    )
    .argument("[source]", "a CloudFormation template (YAML or JSON, cdk.out/*.template.json), or a deployed stack")
    .requiredOption("--stack <name>", "the new stack, to write Pulumi.<name>.yaml for")
    .option("--endpoint <name>", "an endpoint as it serves, or one of several in the source")
    .option(
      "--parameter <key=value>",
      "a parameter of the template, also AWS::AccountId; may be repeated",
      parameter,
      {},
    )
    .option("--region <name>", "the region (default: the stack's, or AWS's own default)")
    .option("--download <folder>", "unpack the model into a new folder, check it, and serve it from there")
    .option("--json", "print one JSON document")
    .action(adopt);
}

function parameter(text: string, others: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new Error(`--parameter: "${text}" has no value: write KEY=VALUE`);
  return { ...others, [key]: value };
}

async function adopt(
  source: string | undefined,
  { stack, endpoint, download, json, ...options }: Options,
): Promise<void> {
  const project = projectDirectory();
  const { file, shown, exists } = stackFile(project, stack);
  if (exists) throw new Error(`nothing was written: ${shown} already exists: use another --stack, or remove the file`);
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = [options.region, AWS_REGION, AWS_DEFAULT_REGION].find((one) => one !== undefined && one !== "");
  const connection = region === undefined ? {} : { region };
  const old = await readSource({ source, endpoint, parameters: options.parameter, connection });
  const adoption = adoptionOf(old, endpoint);
  const possible = adoption.problems.length === 0;
  if (!json) console.log(fitted(renderAdoption(adoption, old.source)));
  if (!possible) {
    if (json) console.log(JSON.stringify({ source: old.source, stack, ...adoption }, undefined, 2));
    process.exitCode = 1;
    const count = adoption.problems.length === 1 ? "the problem" : `the ${adoption.problems.length} problems`;
    if (!json) throw new Error(`nothing was written: solve ${count} above first`);
    return;
  }
  const place = { project, connection: { ...connection, region: adoption.region ?? "" } };
  const { settings, reports } = download
    ? await downloadModels(adoption.settings, download, place)
    : { settings: adoption.settings, reports: [] };
  await writeNew(file, stackFileText(project, configOf({ ...adoption, settings }, projectName(project))));
  const next = `npx pulumi stack init ${stack}, and then ${typedName("preview", process.env)} --stack ${stack}`;
  if (json) {
    const checks = download && { checks: reports };
    const outcome = { source: old.source, stack, ...adoption, settings, ...checks, written: shown, next };
    console.log(JSON.stringify(outcome, undefined, 2));
    return;
  }
  for (const report of reports) console.log(`\n${fitted(renderCheckReport(report, false))}`);
  if (reports.some(({ errors }) => errors > 0)) console.log(`\n${fitted(errorsInServedModel)}`);
  console.log(`\nWritten: ${shown}\nNext: ${next}`);
}

const errorsInServedModel =
  "The model serves all the same, but the first update refuses errors: correct them in the folder, or adopt without --download, which leaves the model in S3 as it is.";

function configOf(
  { settings, region }: Pick<Adoption, "settings" | "region">,
  project: string,
): Record<string, unknown> {
  return {
    "aws:region": region,
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${project}:${key}`, value])),
  };
}

if (import.meta.main) await runCommand("adopt", define);

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import * as path from "node:path";
import { checkSettings } from "../endpoint/settings/checkSettings.ts";
import { servingTarget } from "../endpoint/servingTarget.ts";
import { wholeVariants } from "../endpoint/wholeVariants.ts";
import { downloadModel, withFolders } from "../operations/adopt/download.ts";
import { textOf } from "../operations/adopt/template.ts";
import type { Values } from "../operations/adopt/variants.ts";
import { readModelFolder } from "../packing/folder.ts";
import type { AwsConnection } from "../releases/connection.ts";
import { checkOptionsFor } from "../sagemaker/checkTarget.ts";
import { checkModelRepository } from "../triton/repository/modelRepository.ts";
import { checkReportOf, type CheckReport } from "./checkReport.ts";
import { withProgress } from "./progress.ts";

/** Models that are now on this machine. */
export interface DownloadedModels {
  /** The settings that serve them. */
  readonly settings: Values;
  /** What the check finds, by folder. */
  readonly reports: readonly CheckReport[];
}

/**
 * Downloads the models of an endpoint that is taken over, and checks them for what it serves them with.
 *
 * @param settings the settings, with the models' places in S3
 * @param folder the folder for the models, as the user names it
 * @param at the project's folder, and how to reach S3
 * @throws Error if the folder exists, or a model can't be downloaded or unpacked; no folder is left then
 */
export async function downloadModels(
  settings: Values,
  folder: string,
  { project, connection }: { readonly project: string; readonly connection: AwsConnection },
): Promise<DownloadedModels> {
  if (existsSync(folder)) throw new Error(`--download: "${folder}" already exists: name a new folder`);
  const local = withFolders(settings, path.relative(project, path.resolve(folder)));
  try {
    for (const [url, at] of local.folders) {
      await withProgress(`Downloading ${url}`, (onProgress) =>
        downloadModel(connection, url, path.resolve(project, at), onProgress),
      );
    }
    return { settings: local.settings, reports: await check(local.settings, project, connection.region) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function check(values: Values, project: string, region: string | undefined): Promise<CheckReport[]> {
  const raw = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, textOf(value)]));
  const { settings } = checkSettings(raw, { directory: project, name: "triton", region });
  const reports = (settings ? wholeVariants(settings) : []).map(async ({ values: served }) => {
    const source = served.modelRepository ?? "";
    const target = servingTarget(served, [served], region);
    const contents = await readModelFolder(path.resolve(project, source));
    const problems = checkModelRepository(contents, checkOptionsFor(target));
    return checkReportOf(source, contents, target, problems);
  });
  return Promise.all(reports);
}

import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { runCommand } from "../../commands/run.ts";
import { pricesFile } from "../../preview/costs/prices.ts";
import { regionProblem } from "../../sagemaker/region.ts";
import { factFiles, outdated } from "./ages.ts";
import { hostingInstances, hostingInstancesFile } from "./hostingInstances.ts";
import { priceListUrl, pricesIn } from "./prices.ts";
import { readFromNetwork } from "./sources.ts";
import { updateTritonReleases } from "./tritonReleases.ts";

await runCommand("facts", (command) => {
  command
    .description(
      "Bring the facts up to date: EC2's about hosting instance types from PyPI, Triton's releases from its repository; name those that are older than 90 days.",
    )
    .action(async () => {
      const today = new Date();
      const { files, notes } = await updateTritonReleases(await texts(), readFromNetwork, today);
      for (const [file, text] of Object.entries(files)) await writeFile(file, text);
      console.log([...notes, ...outdated(await texts(), today)].join("\n"));
      await writeFile(hostingInstancesFile, await hostingInstances());
    });
  command
    .command("prices")
    .description("Write what hosting costs in a region, from AWS's public price list, for npm run plan to show.")
    .requiredOption("--region <name>", "the region")
    .option("--file <file>", "the price list, if it was fetched already (default: AWS's)")
    .action(async ({ region, file }: { readonly region: string; readonly file?: string }) => {
      const problem = regionProblem(region);
      if (problem !== undefined) throw new Error(`--region: "${region}" ${problem}`);
      const text = file === undefined ? await fetched(priceListUrl(region)) : await readFile(file, "utf8");
      if (text === undefined) throw new Error(`AWS has no price list for ${region}: ${priceListUrl(region)}`);
      const prices = pricesIn(text, region);
      const target = pricesFile(region);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, JSON.stringify(prices, undefined, 2));
      console.log(`${Object.keys(prices.usd).length} prices of ${prices.published} in ${target}`);
    });
});

async function texts(): Promise<Record<string, string>> {
  const read = async (file: string) => [file, await readFile(file, "utf8")] as const;
  return Object.fromEntries(await Promise.all(factFiles.map(read)));
}

async function fetched(url: string): Promise<string | undefined> {
  try {
    return await readFromNetwork(url);
  } catch (error) {
    throw new Error(`${url} can't be reached (${(error as Error).message}): fetch it elsewhere, and add --file`, {
      cause: error,
    });
  }
}

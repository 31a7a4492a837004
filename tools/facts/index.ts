import { readFile, writeFile } from "node:fs/promises";
import { runCommand } from "../../commands/run.ts";
import { factFiles, outdated } from "./ages.ts";
import { hostingInstances, hostingInstancesFile } from "./hostingInstances.ts";
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
});

async function texts(): Promise<Record<string, string>> {
  const read = async (file: string) => [file, await readFile(file, "utf8")] as const;
  return Object.fromEntries(await Promise.all(factFiles.map(read)));
}

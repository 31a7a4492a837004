import { Command } from "commander";
import { writeFile } from "node:fs/promises";
import { run } from "../commands/run.ts";
import { hostingInstances, hostingInstancesFile } from "./hostingInstances.ts";

new Command("npm run facts")
  .description("Write what EC2 says of hosting instance types into sagemaker/, from packages on PyPI.")
  .parse();

await run(async () => {
  await writeFile(hostingInstancesFile, await hostingInstances());
});

import { writeFile } from "node:fs/promises";
import { runCommand } from "../../commands/run.ts";
import { hostingInstances, hostingInstancesFile } from "./hostingInstances.ts";

await runCommand("facts", (command) => {
  command
    .description("Write EC2's facts about hosting instance types to sagemaker/, from packages on PyPI.")
    .action(async () => {
      await writeFile(hostingInstancesFile, await hostingInstances());
    });
});

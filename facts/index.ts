import { writeFile } from "node:fs/promises";
import { runCommand } from "../commands/run.ts";
import { hostingInstances, hostingInstancesFile } from "./hostingInstances.ts";

await runCommand("facts", (command) => {
  command
    .description("Write what EC2 says of hosting instance types into sagemaker/, from packages on PyPI.")
    .action(async () => {
      await writeFile(hostingInstancesFile, await hostingInstances());
    });
});

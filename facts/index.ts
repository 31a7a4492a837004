import { writeFile } from "node:fs/promises";
import { run } from "../commands/run.ts";
import { hostingInstances, hostingInstancesFile } from "./hostingInstances.ts";

await run(async () => {
  await writeFile(hostingInstancesFile, await hostingInstances());
});

// Preloaded into the program that the engine runs: writes down how long its process took and how much of that it
// computed, in milliseconds. Plain JavaScript: stripping types would count too.
import { appendFileSync } from "node:fs";

const { PROCESS_TIMES } = process.env;
if (PROCESS_TIMES !== undefined && process.argv.some((argument) => argument.includes("@pulumi/pulumi/cmd/run"))) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    appendFileSync(PROCESS_TIMES, `${performance.now()} ${(user + system) / 1000}\n`);
  });
}

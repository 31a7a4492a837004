// Loaded before a measured command: reports the most memory that it had and the time on a processor that it took, to
// whoever gave it a third output.
import { readFileSync, writeSync } from "node:fs";

process.on("exit", () => {
  try {
    // Not resourceUsage().maxRSS, which begins with the memory of the process that started this one.
    const [, kilobytes = "0"] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    const { user, system } = process.cpuUsage();
    writeSync(3, `${kilobytes} ${user + system}`);
  } catch {
    // A process that the command started has no such output.
  }
});

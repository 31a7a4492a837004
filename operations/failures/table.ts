import { backendRows } from "./backends.ts";
import { gpuRows } from "./gpu.ts";
import { memoryRows } from "./memory.ts";
import { pythonRows } from "./python.ts";
import { requestRows } from "./requests.ts";
import { serverRows } from "./server.ts";
import { sagemakerRows } from "./sagemaker.ts";
import type { FailureRow } from "./row.ts";

/** The groups of the table, by their headings in the documents. The first row that fits decides, so specific groups come first. */
export const failureGroups: Readonly<Record<string, readonly FailureRow[]>> = {
  "GPUs and drivers": gpuRows,
  "Memory and disks": memoryRows,
  "Python models": pythonRows,
  "Model files and backends": backendRows,
  "Repository, configuration and server": serverRows,
  Requests: requestRows,
  "SageMaker's reasons": sagemakerRows,
};

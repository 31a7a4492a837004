import { parentPort } from "node:worker_threads";
import { compressPiece } from "./compression.ts";
import type { CompressionTask } from "./compressors.ts";

/** Compresses what it is sent, in order, until it is sent nothing. */
parentPort?.on("message", (task: CompressionTask | undefined) => {
  if (task) parentPort?.postMessage(compressPiece(task.piece, task.output));
  else parentPort?.close();
});

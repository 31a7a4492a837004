import { constants } from "node:os";
import type { EndedModel } from "./launchTriton.ts";

/**
 * Describes the end of a model's process, and what follows from it here and on the endpoint. Triton stopped to restart
 * such processes with release 24.06, and its readiness doesn't depend on them.
 * Source: https://github.com/triton-inference-server/server/issues/8604
 *
 * @param ended how it ended
 * @param crash what Python printed of it. Default: nothing
 * @returns some lines
 */
export function describeEndedModel(ended: EndedModel, crash?: string): string {
  const { model, bytes, machineBytes } = ended;
  const memory = `It had ${gigabytes(bytes)} GB of memory, of this machine's ${gigabytes(machineBytes)} GB.`;
  return [
    `The process of model ${model} ${endOf(ended)} ${memory}`,
    ...(crash === undefined ? [] : [crash]),
    "Every request that needs it now fails with status 500, and /ping goes on answering 200. It is the same on the endpoint with Triton 24.06 or newer: SageMaker sees a healthy container and starts no other one until you update the endpoint.",
  ].join("\n");
}

function endOf({ status, outOfMemory }: EndedModel): string {
  const signal = status & 0x7f;
  if (signal === 0) return `ended by itself with exit code ${status >> 8}: something in it called os._exit or exit.`;
  const [name = `signal ${signal}`] = Object.entries(constants.signals).find(([, number]) => number === signal) ?? [];
  if (signal !== constants.signals.SIGKILL) return `was ended by ${name}.`;
  return outOfMemory
    ? `was ended by ${name}, by the system, because memory ran out.`
    : `was ended by ${name}: something killed it, but not this system for want of memory.`;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(2);
}

import { availableParallelism, cpus, release } from "node:os";

/** Describes this machine in a sentence. */
export function describeMachine(): string {
  const model = cpus().at(0)?.model.trim() ?? "unknown processor";
  return `${availableParallelism()} cores (${model}), ${process.platform} ${release()}, Node ${process.versions.node}.`;
}

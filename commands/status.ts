import { InvalidArgumentError, type Command } from "commander";
import { setTimeout as pause } from "node:timers/promises";
import { readEndpointStatus } from "../operations/endpointStatus.ts";
import { statusAdvice } from "../operations/statusAdvice.ts";
import type { TargetOptions } from "../operations/target.ts";
import { connect } from "../releases/connection.ts";
import { failureAdvice, isFailing } from "../operations/failures/endpointFailures.ts";
import { endpointOf, stackSays, withEndpoint } from "./endpoint.ts";
import { contextsOf, logsOf } from "./failureContexts.ts";
import { fitted } from "./fitted.ts";
import { runCommand } from "./run.ts";
import { renderStatus } from "./statusReport.ts";

interface Options extends TargetOptions {
  readonly for?: number;
  readonly json?: boolean;
}

/** `status` */
export function define(command: Command): void {
  withEndpoint(command)
    .description(
      "Show an endpoint's release, variants, alarms and scaling, and what to do next. Exits 1 if anything is wrong.",
    )
    .option("--for <minutes>", "look again every half minute for this long, until something is wrong", positive)
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      const target = await endpointOf(options);
      const clients = await connect(target);
      const end = performance.now() + (options.for ?? 0) * 60_000;
      for (;;) {
        const endpoint = await readEndpointStatus(clients, target.endpointName);
        const contexts = contextsOf(endpoint.variants, options.stack);
        const advice = [...statusAdvice(endpoint, stackSays(target, options.stack), contexts())];
        const left = end - performance.now();
        if (advice.length === 0 && left > 0) {
          await pause(Math.min(left, 30_000));
          continue;
        }
        if (isFailing(endpoint)) advice.push(...(await failureAdvice(await logsOf(target), endpoint, contexts)));
        console.log(
          options.json ? JSON.stringify({ ...endpoint, advice }, undefined, 2) : fitted(renderStatus(endpoint, advice)),
        );
        if (advice.length > 0) process.exitCode = 1;
        return;
      }
    });
}

function positive(given: string): number {
  const number = Number(given);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("use a number of minutes above 0.");
}

if (import.meta.main) await runCommand("status", define);

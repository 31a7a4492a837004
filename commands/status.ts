import type { Command } from "commander";
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
  readonly json?: boolean;
}

/** `status` */
export function define(command: Command): void {
  withEndpoint(command)
    .description(
      "Show an endpoint's release, variants, alarms and scaling, and what to do next. Exits 1 if anything is wrong.",
    )
    .option("--json", "print one JSON document")
    .action(async (options: Options) => {
      const target = await endpointOf(options);
      const endpoint = await readEndpointStatus(await connect(target), target.endpointName);
      const contexts = contextsOf(endpoint.variants, options.stack);
      const advice = [
        ...statusAdvice(endpoint, stackSays(target, options.stack), contexts()),
        ...(isFailing(endpoint) ? await failureAdvice(await logsOf(target), endpoint, contexts) : []),
      ];
      console.log(
        options.json ? JSON.stringify({ ...endpoint, advice }, undefined, 2) : fitted(renderStatus(endpoint, advice)),
      );
      if (advice.length > 0) process.exitCode = 1;
    });
}

if (import.meta.main) await runCommand("status", define);

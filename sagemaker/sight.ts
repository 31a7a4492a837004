import { budgetProblems, type BudgetOptions } from "./budget.ts";
import { dataCaptureProblems, type DataCaptureOptions } from "./dataCapture.ts";
import { monitoringProblems, type MonitoringOptions } from "./monitoring.ts";

/** What is seen of an endpoint; what is absent is not looked at. */
export interface Sight {
  /** What is kept of its logs, and who is told of its alarms. Default: nothing is watched. */
  readonly monitoring?: MonitoringOptions;
  /** What is kept of requests and answers. Default: nothing. */
  readonly dataCapture?: DataCaptureOptions;
  /** What the service, by its CostService tag, may cost in a month. Default: nobody looks. */
  readonly budget?: BudgetOptions;
}

/**
 * Everything that speaks against what is to be seen of an endpoint.
 *
 * @param sight what is to be seen, each value by itself sound
 * @param costService the CostService tag; absent where there is none
 * @returns the problems: what to change, and what is wrong, to be read after its name; empty where there is none
 */
export function sightProblems(
  { monitoring, dataCapture, budget }: Sight,
  costService: string | undefined,
): { key: keyof Sight; message: string }[] {
  const told = (key: keyof Sight, messages: readonly string[]) => messages.map((message) => ({ key, message }));
  return [
    ...told("monitoring", monitoring ? monitoringProblems(monitoring) : []),
    ...told("dataCapture", dataCapture ? dataCaptureProblems(dataCapture) : []),
    ...told("budget", budget ? budgetProblems(budget, { monitored: monitoring !== undefined, costService }) : []),
  ];
}

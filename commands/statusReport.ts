import type { EndpointStatus, VariantStatus } from "../operations/endpointStatus.ts";
import { fittingTable } from "./fittingTable.ts";
import { printableLine } from "../text/printable.ts";

/**
 * Formats an endpoint's status on one screen.
 *
 * @param endpoint the endpoint
 * @param advice what is wrong and what to do next
 */
export function renderStatus(endpoint: EndpointStatus, advice: readonly string[]): string {
  const { endpointName, status, endpointConfigName, pendingConfigName, previousConfigName, changedAt } = endpoint;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["endpoint", endpointName],
    ["status", status ?? "doesn't exist"],
    ["changed", changedAt?.toISOString().slice(0, 19).replace("T", " ").concat(" UTC")],
    ["serves", endpointConfigName],
    ["updating to", pendingConfigName],
    ["before", previousConfigName],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value ? [`${name.padEnd(14)}${printableLine(value)}`] : [])),
    ...(endpoint.variants.length > 0 ? ["", variantTable(endpoint.variants), ...origins(endpoint.variants)] : []),
    ...endpoint.variants.flatMap(serverLine),
    ...(endpoint.alarms.length > 0 ? ["", alarmLine(endpoint)] : []),
    ...scalingLines(endpoint),
    "",
    ...(advice.length > 0 ? advice.map((line) => `→ ${printableLine(line)}`) : ["Nothing is wrong."]),
  ].join("\n");
}

function variantTable(variants: readonly VariantStatus[]): string {
  const rows = variants.map((variant) => {
    const { variantName, shadow, instanceType, currentInstanceCount, desiredInstanceCount } = variant;
    return {
      variant: printableLine(variantName) + (shadow ? " (shadow)" : ""),
      type: instanceType ?? "serverless",
      instances: changing(currentInstanceCount, desiredInstanceCount),
      weight: changing(variant.currentWeight, variant.desiredWeight),
    };
  });
  return fittingTable(rows, "variant");
}

function changing(current: number | undefined, desired: number | undefined): string {
  if (current === undefined) return "";
  return desired === undefined || current === desired ? String(current) : `${current} → ${desired}`;
}

/** Long names have their own lines, so that the table fits a narrow terminal. */
function origins(variants: readonly VariantStatus[]): string[] {
  return variants.flatMap(({ variantName, modelName, image, modelDataUrl }) =>
    [
      ["Model", modelName],
      ["image", image],
      ["model data", modelDataUrl],
    ].flatMap(([name = "", value]) =>
      value === undefined ? [] : [`${printableLine(variantName)} ${name}: ${printableLine(value)}`],
    ),
  );
}

/** What a variant's servers last reported of themselves. */
function serverLine({ variantName, server }: VariantStatus): string[] {
  if (!server) return [];
  const { at, requests, failures, queueTimeInMilliseconds: queue, computeTimeInMilliseconds: compute } = server;
  const parts = [
    queue === undefined ? [] : `queue ${number(queue)} ms`,
    compute === undefined ? [] : `compute ${number(compute)} ms`,
    server.pendingRequests === undefined ? [] : `${number(server.pendingRequests)} waiting`,
    requests === undefined ? [] : `${number(requests)} answered`,
    failures === undefined ? [] : `${number(failures)} failed`,
  ].flat();
  return [`${printableLine(variantName)} Triton: ${parts.join(", ")} (${at.toISOString().slice(11, 16)} UTC)`];
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function alarmLine({ alarms }: EndpointStatus): string {
  const count = (state: string) => alarms.filter((alarm) => alarm.state === state).length;
  const on = count("ALARM");
  const unsure = count("INSUFFICIENT_DATA");
  return `alarms        ${alarms.length}: ${on} on, ${count("OK")} off${unsure > 0 ? `, ${unsure} without data` : ""}`;
}

function scalingLines({ scaling }: EndpointStatus): string[] {
  return scaling.map(
    ({ at, status, description }, index) =>
      `${(index === 0 ? "scaling" : "").padEnd(14)}${at?.toISOString().slice(0, 16).replace("T", " ") ?? ""} ${printableLine(`${status}: ${description}`)}`,
  );
}

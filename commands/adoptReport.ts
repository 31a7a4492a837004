import type { Adoption } from "../operations/adopt/adoption.ts";
import type { Finding } from "../operations/adopt/findings.ts";
import { listed, messageLine, printableLine } from "../text/printable.ts";
import { fittingTable } from "./fittingTable.ts";

/**
 * Formats what becomes of everything that runs today.
 *
 * @param adoption how it is taken over
 * @param source where it was read, for example `the template original.yaml`
 */
export function renderAdoption(adoption: Adoption, source: string): string {
  const { endpointName, region, rows, undescribed, stricter, problems, leftOver } = adoption;
  const table = rows.map(({ what, resource, line, why }) => ({
    becomes: what,
    resource: printableLine(resource),
    line: line === undefined ? "" : String(line),
    why: printableLine(why),
  }));
  return [
    `The endpoint ${printableLine(endpointName)}${region === undefined ? "" : ` in ${region}`}, as ${printableLine(source)} describes it`,
    "",
    ...(table.length > 0 ? [fittingTable(table, "resource")] : []),
    ...section("What the settings can't describe:", undescribed),
    ...section("What is stricter than before:", stricter),
    ...section("What prevents the move:", problems),
    ...(problems.length === 0 ? remains(leftOver) : []),
  ].join("\n");
}

function section(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.map(({ resource, line, message }) =>
    messageLine(`${line === undefined ? "" : `line ${line}: `}${resource}: ${message}`),
  );
  return ["", title, ...listed(lines, "--json prints all").map((line) => `  ${line}`)];
}

/** What is to be deleted by hand: after the move nobody needs it. */
function remains(leftOver: readonly string[]): string[] {
  if (leftOver.length === 0) return [];
  return [
    "",
    "What is left over after the move, to delete by hand:",
    ...leftOver.map((one) => `  ${printableLine(one)}`),
  ];
}

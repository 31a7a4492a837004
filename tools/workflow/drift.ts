import { shortType } from "../../preview/renderPlan.ts";
import { printableLine } from "../../text/printable.ts";
import type { Github, GithubText } from "./github.ts";

/** A resource that is no longer as the stack describes it. */
export interface DriftedResource {
  /** What an update would do with it, for example `update`. */
  readonly op: string;
  /** Its type and name, for example `aws.sagemaker.Endpoint triton-server-endpoint`. */
  readonly resource: string;
  /** The properties that differ. */
  readonly properties: readonly string[];
}

interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly diffReasons?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/**
 * Reads what `pulumi preview --refresh --json` would change.
 *
 * @param output what it printed
 * @throws Error if that is no preview
 */
export function driftIn(output: string): DriftedResource[] {
  const { steps } = parsed(output) as { readonly steps?: readonly PreviewStep[] };
  if (!Array.isArray(steps))
    throw new Error(`pulumi preview --json printed no preview: ${printableLine(output.slice(0, 300))}`);
  return (steps as readonly PreviewStep[])
    .filter(({ op, urn }) => !unchanged.includes(op) && !/^pulumi:pulumi:Stack$/.test(typeIn(urn)))
    .map(({ op, urn, diffReasons, detailedDiff }) => ({
      op,
      resource: `${shortType(typeIn(urn))} ${urn.split("::").slice(3).join("::")}`,
      properties: Object.keys(detailedDiff ?? {}).length > 0 ? Object.keys(detailedDiff ?? {}) : (diffReasons ?? []),
    }));
}

const unchanged: readonly string[] = ["same", "read", "refresh", "discard"];

/** Whatever npm or the CLI print before the document isn't part of it. */
function parsed(output: string): object {
  try {
    return JSON.parse(output.slice(Math.max(output.indexOf("{"), 0))) as object;
  } catch {
    return {};
  }
}

function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/**
 * Opens the issue about a stack's drift, renews it, or closes it once there is none.
 *
 * @param github the repository
 * @param stack the stack
 * @param drift what drifted
 * @param run the address of this run
 * @returns what was done, in a line
 */
export async function reportDrift(
  github: Github,
  stack: string,
  drift: readonly DriftedResource[],
  run: string,
): Promise<string> {
  const marker = `<!-- sagemaker-triton: drift of ${stack} -->`;
  const open = await github.list<GithubText>("/issues?state=open");
  const own = open.find(
    ({ body, user, pull_request: isPull }) => !isPull && user?.type === "Bot" && body?.startsWith(marker),
  );
  if (drift.length === 0) {
    if (!own) return `${stack} has no drift.`;
    await github.create(`/issues/${own.number}/comments`, { body: `There is no drift any more: ${run}` });
    await github.change(`/issues/${own.number}`, { state: "closed", state_reason: "completed" });
    return `${stack} has no drift any more: closed issue ${own.number}.`;
  }
  const content = { title: `Drift of the stack ${stack}`, body: `${marker}\n${describe(stack, drift, run)}` };
  if (own) {
    await github.change(`/issues/${own.number}`, content);
    return `${stack} drifted in ${drift.length} resources: renewed issue ${own.number}.`;
  }
  await github.create("/issues", content);
  return `${stack} drifted in ${drift.length} resources: opened an issue.`;
}

/** An issue has room for 65,536 characters. */
const mostRows = 200;

function describe(stack: string, drift: readonly DriftedResource[], run: string): string {
  const cell = (text: string) =>
    printableLine(text)
      .replace(/[|<>&@]/g, (character) => `&#${character.charCodeAt(0)};`)
      .slice(0, 200);
  const rows = drift
    .slice(0, mostRows)
    .map(({ op, resource, properties }) => `| ${cell(op)} | ${cell(resource)} | ${cell(properties.join(", "))} |`);
  const left = drift.length - rows.length;
  return [
    `What AWS has differs from what the stack \`${stack}\` describes. An update would change it back:`,
    "",
    `    npm run up -- --stack ${stack} --refresh`,
    "",
    "| update would | resource | because of |",
    "| --- | --- | --- |",
    ...rows,
    ...(left > 0 ? ["", `${left} more.`] : []),
    "",
    `Seen by ${run}. This issue is renewed as long as there is drift, and then closed.`,
  ].join("\n");
}

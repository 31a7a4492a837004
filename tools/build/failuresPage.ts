import { failureGroups } from "../../operations/failures/table.ts";
import type { FailureRow } from "../../operations/failures/row.ts";

/** The page that lists what is known about lines of the log and SageMaker's reasons. */
export function failuresPage(): string {
  const groups = Object.entries(failureGroups).map(([title, rows]) =>
    [
      `## ${title}`,
      "",
      "| what is wrong | where | what to do | source |",
      "| --- | --- | --- | --- |",
      ...rows.map(line),
    ].join("\n"),
  );
  return `${[introduction, ...groups].join("\n\n")}\n`;
}

const introduction = `# Failures

\`npm run logs\`, \`status\` and \`smoke\` explain these lines of the container's log and reasons of SageMaker's; \`npm start\`
explains those of the local Triton. \`npm run docs\` writes this page from \`operations/failures/\`. *Harmless* lines only look
like failures. Lines that are *general* report a failure whose reason is in another line.`;

function line({ cause, when, remedy, kind, source }: FailureRow): string {
  const what = kind === undefined ? cause : `*${kind}*: ${cause}`;
  return `| ${cell(what)} | ${when ?? ""} | ${cell(remedy)} | [source](${source}) |`;
}

function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll("$", "\\$")
    .replace(/[<{](\w+)[>}]/g, "&lt;$1&gt;");
}

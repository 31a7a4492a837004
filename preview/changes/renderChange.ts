import { printableLine, shortened } from "../../text/printable.ts";
import { describeStatement, isStatement, shortType } from "../renderPlan.ts";
import type { InputChange } from "./inputChanges.ts";
import type { FileVersion, ModelChange } from "./modelChange.ts";
import type { PlanChange } from "./planChange.ts";
import type { ResourceChange } from "./resourceChanges.ts";

/**
 * Renders a change for people: first what it means, then each resource with the inputs that cause it.
 *
 * @param change the change
 * @returns lines without colours, ready to print
 */
export function renderChange(change: PlanChange): string {
  const sections = [...change.resources.map(resourceLines), ...change.models.map(modelLines)];
  return [
    `stack ${change.stack} of ${change.project}, against ${printableLine(change.against)}`,
    "",
    ...change.meaning.map(printableLine),
    "",
    summaryOf(change),
    ...sections.flatMap(([heading, ...lines]) => ["", heading ?? "", ...lines.map((line) => `  ${line}`)]),
    ...(change.resources.length > 0 ? ["", ...change.unknown] : []),
  ].join("\n");
}

/** The most characters that GitHub takes in a comment. */
const mostCharacters = 65_536;

/**
 * Renders a change as Markdown for a pull request's comment. What is beyond GitHub's limit of 65,536 characters is left
 * out and counted.
 *
 * @param change the change
 */
export function renderChangeAsMarkdown(change: PlanChange): string {
  const heading = [
    `### Stack \`${change.stack}\` of \`${change.project}\`, against \`${cell(change.against)}\``,
    "",
    ...change.meaning.map((sentence) => `- ${cell(sentence)}`),
    "",
    summaryOf(change),
  ].join("\n");
  const sections = [...change.resources.map(resourceLines), ...change.models.map(modelLines)].map(
    ([title = "", ...lines]) =>
      lines.length === 0
        ? `- ${cell(title)}`
        : `<details><summary>${cell(title)}</summary>\n\n${lines.map((line) => `    ${printableLine(line)}`).join("\n")}\n\n</details>`,
  );
  const footer = change.resources.length > 0 ? change.unknown.map(cell).join("\n") : "";
  const room = mostCharacters - heading.length - footer.length - 100;
  const lengths = sections.map((_, index) => sections.slice(0, index + 1).join("\n\n").length);
  const fitting = lengths.filter((length) => length < room).length;
  const left = sections.length - fitting;
  const more = left === 0 ? [] : [`${left} more of ${sections.length} don't fit into a comment.`];
  return [heading, ...sections.slice(0, fitting), ...more, footer].filter((part) => part !== "").join("\n\n");
}

function summaryOf({ resources, unchanged }: PlanChange): string {
  const words = { replace: "replaced", update: "changed in place", create: "added", delete: "removed" };
  const counted = Object.entries(words).flatMap(([kind, word]) => {
    const count = resources.filter((resource) => resource.kind === kind).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `Resources: ${[...counted, `${unchanged} unchanged`].join(", ")}`;
}

function resourceLines(change: ResourceChange): string[] {
  const because = change.because.length > 0 ? ` because of ${change.because.join(", ")}` : "";
  return [
    printableLine(`${fateOf(change)}: ${shortType(change.type)} ${change.name}${because}`),
    ...change.inputs.map(inputLine),
  ];
}

function fateOf({ kind, deleteBeforeReplace, retained, protected: refused }: ResourceChange): string {
  const stays = retained ? ", the old one stays in AWS" : "";
  const refusal = refused ? " (refused by the engine: protected)" : "";
  switch (kind) {
    case "create":
      return "added";
    case "update":
      return "changed in place";
    case "delete":
      return `${retained ? "leaves the stack, stays in AWS" : "removed"}${refusal}`;
    case "replace":
      return `replaced, ${deleteBeforeReplace ? "old one deleted first" : "new one created first"}${stays}${refusal}`;
  }
}

function inputLine({ path, before, after, follows }: InputChange): string {
  if (follows !== undefined && JSON.stringify(before) === JSON.stringify(after)) {
    return printableLine(`${path}: follows ${follows}`);
  }
  if (isStatement(before ?? after)) {
    const statement = (value: unknown) => (isStatement(value) ? describeStatement(value) : "");
    return printableLine(
      `${path}: ${after === undefined ? "loses" : "gains"} ${shortened(statement(after ?? before))}`,
    );
  }
  return printableLine(
    `${path}: ${valueOf(before)} → ${valueOf(after)}${follows === undefined ? "" : `, follows ${follows}`}`,
  );
}

function valueOf(value: unknown): string {
  return value === undefined ? "(not set)" : shortened(JSON.stringify(value));
}

function modelLines({ object, files, tensors, newProblems, goneProblems }: ModelChange): string[] {
  return [
    printableLine(`model of ${object}: ${files.length} ${files.length === 1 ? "file differs" : "files differ"}`),
    ...files.map(({ path, before, after }) => printableLine(`${path}: ${versionOf(before)} → ${versionOf(after)}`)),
    ...tensors.map(({ tensor, before = "(none)", after = "(none)" }) =>
      printableLine(`${tensor}: ${before} → ${after}`),
    ),
    ...newProblems.map(({ severity, path, message }) => printableLine(`new ${severity} ${path}: ${message}`)),
    ...goneProblems.map(({ severity, path, message }) => printableLine(`gone ${severity} ${path}: ${message}`)),
  ];
}

function versionOf(version: FileVersion | undefined): string {
  return version ? `${version.size.toLocaleString("en")} bytes (${version.digest})` : "(none)";
}

/** Text from settings and models, in which Markdown and HTML mean nothing. */
function cell(text: string): string {
  return printableLine(text).replace(/[<>&|]/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { printableLine, shortened } from "../../text/printable.ts";
import { changeSections, changeSummary } from "./changeLines.ts";
import type { PlanChange } from "./planChange.ts";

/** The most characters that GitHub takes in a comment. */
const mostCharacters = 65_536;

/** Kept for the number of what is left out, and for what stands above and below. */
const roomForMore = 200;

/**
 * Renders a change as Markdown for a pull request's comment. What is beyond GitHub's limit of 65,536 characters is left
 * out and counted.
 *
 * @param change the change
 */
export function renderChangeAsMarkdown(change: PlanChange): string {
  const heading = `### ${cell(`Stack ${change.stack} of ${change.project}, against ${shortened(change.against)}`)}`;
  const sections = changeSections(change);
  const footer = sections.length > 0 ? change.unknown.map(cell).join("\n") : "";
  const room = mostCharacters - heading.length - footer.length - roomForMore;
  const meaning = fitting(
    change.meaning.map((sentence) => `- ${cell(shortened(sentence))}`),
    room / 2,
  );
  const above = [heading, meaning.join("\n"), ...left(meaning, change.meaning), cell(changeSummary(change))];
  const shown = fitting(
    sections.map(({ heading: title, lines }) => sectionOf(title, lines)),
    room - above.join("\n\n").length,
  );
  return [...above, ...shown, ...left(shown, sections), footer].filter((part) => part !== "").join("\n\n");
}

/** As many from the beginning as have room, with the empty lines between them. */
function fitting(texts: readonly string[], room: number): string[] {
  let length = 0;
  const tooFar = texts.findIndex((text) => (length += text.length + 2) > room);
  return tooFar < 0 ? [...texts] : texts.slice(0, tooFar);
}

function left(shown: readonly unknown[], all: readonly unknown[]): string[] {
  const more = all.length - shown.length;
  return more === 0 ? [] : [`${more} more of ${all.length} don't fit into a comment.`];
}

function sectionOf(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return `- ${cell(title)}`;
  const shown = lines.map((line) => `    ${printableLine(line)}`).join("\n");
  return `<details><summary>${cell(title)}</summary>\n\n${shown}\n\n</details>`;
}

/** Text from settings and models, in which nothing of Markdown or HTML means anything, and nobody is mentioned. */
function cell(text: string): string {
  return printableLine(text).replace(/[&<>|`*_[\]!#@~$\\]/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { shortened } from "../../text/printable.ts";
import { describeStatement, isStatement, shortType } from "../renderPlan.ts";
import { saidOfAlarms } from "./alarmSentence.ts";
import type { FactChange, ImageChange } from "./imageChange.ts";
import type { InputChange } from "./inputChanges.ts";
import type { ModelChange } from "./modelChange.ts";
import type { FileVersion } from "./modelContents.ts";
import type { PlanChange } from "./planChange.ts";
import type { ResourceChange } from "./resourceChanges.ts";

/** A resource, image or model that differs, and how. The text isn't escaped. */
export interface ChangeSection {
  /** For example `changed in place: aws.s3.Bucket triton-storage-bucket`. */
  readonly heading: string;
  /** One line for each difference. */
  readonly lines: readonly string[];
}

/**
 * Puts a change in lines that people read: images and models after the resources.
 *
 * @param change the change
 */
export function changeSections(change: PlanChange): ChangeSection[] {
  return [
    ...change.resources.map((resource) => resourceSection(change, resource)),
    ...change.images.map(imageSection),
    ...change.models.map(modelSection),
  ];
}

/**
 * Counts the resources by what happens to them.
 *
 * @param change the change
 */
export function changeSummary(change: PlanChange): string {
  const { resources, unchanged, besides } = change;
  const counted = (["replace", "update", "create", "delete"] as const).flatMap((kind) => {
    const count = resources.filter((resource) => resource.kind === kind).length;
    return count === 0 ? [] : [`${count} ${wordOf(change, kind)}`];
  });
  return `Resources: ${[...counted, `${unchanged} ${besides ? "the same" : "unchanged"}`].join(", ")}`;
}

/** What is said of a kind of change; of stacks beside each other, where it is. */
function wordOf({ besides, stack, against }: PlanChange, kind: ResourceChange["kind"]): string {
  const changing = { replace: "replaced", update: "changed in place", create: "added", delete: "removed" };
  const beside = {
    replace: "different",
    update: "different",
    create: `only in ${stack}`,
    delete: `only in ${against}`,
  };
  return (besides ? beside : changing)[kind];
}

function resourceSection(change: PlanChange, resource: ResourceChange): ChangeSection {
  const { type, name, because, alarm = {}, inputs } = resource;
  const causes = because.length > 0 ? ` because of ${because.join(", ")}` : "";
  const { before, after } = alarm;
  const said =
    before === undefined || after === undefined
      ? [before ?? after].flatMap((sentence) => (sentence === undefined ? [] : [shortened(sentence)]))
      : before === after
        ? []
        : [`before: ${shortened(before)}`, `after: ${shortened(after)}`];
  const isSaid = ({ path, follows }: InputChange) =>
    follows === undefined && said.length > 0 && saidOfAlarms.has(/^\w+/.exec(path)?.[0] ?? "");
  return {
    heading: `${fateOf(change, resource)}: ${shortType(type)} ${name}${causes}`,
    lines: [...said, ...inputs.filter((input) => !isSaid(input)).map(inputLine)],
  };
}

function fateOf(
  change: PlanChange,
  { kind, deleteBeforeReplace, retained, protected: refused }: ResourceChange,
): string {
  const refusal = refused ? " (refused by the engine: protected)" : "";
  const word = wordOf(change, kind);
  if (kind === "delete") return `${retained ? "leaves the stack, stays in AWS" : word}${refusal}`;
  if (kind !== "replace") return word;
  const order = deleteBeforeReplace ? "old one deleted first" : "new one created first";
  return `${word}, ${order}${retained ? ", the old one stays in AWS" : ""}${refusal}`;
}

function inputLine({ path, before, after, follows }: InputChange): string {
  if (follows !== undefined && JSON.stringify(before) === JSON.stringify(after)) return `${path}: follows ${follows}`;
  if (isStatement(before ?? after)) {
    const statement = (value: unknown) => (isStatement(value) ? describeStatement(value) : "");
    return `${path}: ${after === undefined ? "loses" : "gains"} ${shortened(statement(after ?? before))}`;
  }
  return `${path}: ${valueOf(before)} → ${valueOf(after)}${follows === undefined ? "" : `, follows ${follows}`}`;
}

function valueOf(value: unknown): string {
  return value === undefined ? "(not set)" : shortened(JSON.stringify(value));
}

function imageSection({ endpoint, facts }: ImageChange): ChangeSection {
  return { heading: `image of ${endpoint}`, lines: facts.map(factLine) };
}

function modelSection({ object, files, tensors, facts, newProblems, goneProblems }: ModelChange): ChangeSection {
  return {
    heading: `model of ${object}: ${files.length} ${files.length === 1 ? "file differs" : "files differ"}`,
    lines: [
      ...files.map(({ path, before, after }) => `${path}: ${versionOf(before)} → ${versionOf(after)}`),
      ...tensors.map(({ tensor, ...values }) => factLine({ fact: tensor, ...values })),
      ...facts.map(factLine),
      ...newProblems.map(({ severity, path, message }) => `new ${severity} ${path}: ${message}`),
      ...goneProblems.map(({ severity, path, message }) => `gone ${severity} ${path}: ${message}`),
    ],
  };
}

function factLine({ fact, before = "(none)", after = "(none)" }: FactChange): string {
  return `${fact}: ${before} → ${after}`;
}

function versionOf(version: FileVersion | undefined): string {
  return version ? `${version.size.toLocaleString("en")} bytes (${version.digest})` : "(none)";
}

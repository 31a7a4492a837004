import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";

/** A command as a document or a message has it. */
export interface Mention {
  /** The text from the command's first word to the end of its line; what a message fills in is `{}`. */
  readonly text: string;
  /** The file and the line. */
  readonly place: string;
}

/** A block of code in a document. */
export interface Snippet {
  /** Its language; empty for an indented block. */
  readonly language: string;
  readonly text: string;
  readonly place: string;
}

/** The programs that users are told to run, with the words that make it a command and not prose. */
const command = new RegExp(
  [
    String.raw`npm (?:ci|start|test|run [\w:]+)`,
    String.raw`npx [\w-]+`,
    String.raw`(?<!npx |npm run )sagemaker-triton (?=[a-z{])[\w|{]+`,
    String.raw`(?<!npx |the |CLI )pulumi (?:up|preview|destroy|new|login|cancel|refresh|config|stack|state|import)\b`,
    String.raw`aws [a-z][a-z0-9-]+ [a-z][a-z-]+`,
    String.raw`docker (?:login|pull|run|build)\b`,
    String.raw`git (?:lfs \w+|revert|clone)`,
    String.raw`(?:tar c|curl -|mkdir -|gzip <|gunzip <|apt-get install|uv venv|pip (?:install|download)|python3? [\w/-]+\.py)`,
  ]
    .map((each) => String.raw`(?<![\w/-])${each}`)
    .join("|"),
  "g",
);

/** The folders of the program whose texts reach its users. */
const rooms = [
  ...["commands", "components", "endpoint", "inference", "local", "operations", "packing", "policy", "preview"],
  ...["releases", "sagemaker", "text", "triton"],
];

/**
 * Finds all commands in documents and in the texts of the program.
 *
 * @returns each with its place, as often as it occurs
 */
export function commandsInTexts(): Mention[] {
  return [...documents().flatMap(commandsInDocument), ...sources().flatMap(commandsInSource)];
}

/** The blocks of code in the documents. */
export function snippets(): Snippet[] {
  return documents().flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return [...text.matchAll(/^```(\w+)\n(.*?)^```|((?:^ {4}[^\n]*\n(?:\n(?= {4}))?)+)/gms)].map((found) => ({
      language: found[1] ?? "",
      text: (found[2] ?? (found[3] ?? "").replace(/^ {4}/gm, "")).trimEnd(),
      place: placeOf(file, text, found.index),
    }));
  });
}

function documents(): string[] {
  const all = readdirSync("examples", { recursive: true, encoding: "utf8" }).map((file) => path.join("examples", file));
  return [
    ...["README.md", "CONTRIBUTING.md", "SECURITY.md"],
    ...readdirSync("docs").map((file) => path.join("docs", file)),
    ...all.filter((file) => !file.includes("node_modules")),
  ].filter((file) => file.endsWith(".md"));
}

function sources(): string[] {
  return rooms
    .flatMap((room) => readdirSync(room, { recursive: true, encoding: "utf8" }).map((file) => path.join(room, file)))
    .filter((file) => file.endsWith(".ts"));
}

function commandsInDocument(file: string): Mention[] {
  const text = readFileSync(file, "utf8");
  // Commands are continued by a backslash, and text in quotes by the next line.
  const whole = text.replace(/\\\n {4,}/g, (found) => " ".repeat(found.length));
  return [...whole.matchAll(/`[^`\n]+(?:\n[^`\n]+)?`|^(?: {4}|> ).*$|^[^\S\n]*(?:npm|npx) .*$/gm)].flatMap((code) =>
    mentions(code[0].replace(/^`|`$/g, ""), placeOf(file, whole, code.index)),
  );
}

function commandsInSource(file: string): Mention[] {
  const found: Mention[] = [];
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext, true);
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node)) return;
    const text = textOf(node);
    if (text !== undefined) found.push(...mentions(text, placeOf(file, source.text, node.getStart())));
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

/** The text that a node makes. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isCallExpression(node)) return ownCommand(node);
  if (!ts.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map(({ expression, literal }) => `${ownCommand(expression) ?? "{}"}${literal.text}`);
  return node.head.text + spans.join("");
}

/** A command of this program in another one's message, as `typedName` names it. */
function ownCommand(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || node.expression.getText() !== "typedName") return undefined;
  const [name] = node.arguments;
  return name && ts.isStringLiteral(name) ? `npm ${name.text === "start" ? "" : "run "}${name.text} --` : undefined;
}

function mentions(text: string, place: string): Mention[] {
  return [...text.matchAll(command)].map(({ index }) => {
    const [line = ""] = text.slice(index).split("\n");
    return {
      text: line
        .replace(/ {2,}#.*/, "")
        .replace(/\s+/g, " ")
        .trim(),
      place,
    };
  });
}

function placeOf(file: string, text: string, index: number): string {
  return `${file}:${text.slice(0, index).split("\n").length}`;
}

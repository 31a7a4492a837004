import { pythonStatements, type PythonStatement } from "./pythonStatements.ts";

/** A module that Python code imports. */
export interface PythonImport {
  /** The module's top-level name: `torch` for `import torch.nn as nn`. */
  readonly name: string;
  /** The number of leading dots: 0 for `import torch`, 1 for `from .layers import Layer` and `from . import layers`. */
  readonly level: number;
  /** The line of the statement, from 1. */
  readonly line: number;
  /** True if it runs in a method that Triton calls rather than when the file is imported. */
  readonly inMethod: boolean;
}

/**
 * Finds the modules without which a model's code fails: those imported at the top level or in the methods of
 * `TritonPythonModel` that Triton calls. Imports that are only tried (`except ImportError`), conditional, or in other
 * functions are left out, because the code may work without them.
 *
 * @param text the code
 */
export function neededImports(text: string): PythonImport[] {
  const found: { readonly imports: readonly PythonImport[]; readonly blocks: readonly Block[] }[] = [];
  const tries = new Map<number, Block>();
  let open: Block[] = [];
  for (const statement of pythonStatements(text)) {
    // Statements on the same line as a block's head belong to that head.
    if (!statement.inline) open = open.filter(({ indent }) => indent < statement.indent);
    const imports = importsOf(statement);
    if (imports.length > 0) found.push({ imports, blocks: open });
    const kind = blockKind(statement);
    if (kind === undefined) continue;
    const block: Block = { kind, indent: statement.indent, head: statement.code, guarded: false };
    if (kind === "try") tries.set(statement.indent, block);
    const tried = tries.get(statement.indent);
    if (kind === "except" && tried && catchesMissing(statement.code)) tried.guarded = true;
    open = [...open, block];
  }
  return found.flatMap(({ imports, blocks }) => {
    const method = blocks.some(({ kind }) => kind === "def");
    return isNeeded(blocks) ? imports.map((each) => ({ ...each, inMethod: method })) : [];
  });
}

/**
 * Checks whether the code searches for modules in other places than Triton's.
 *
 * @param text the code
 */
export function changesModulePath(text: string): boolean {
  return pythonStatements(text).some(({ code }) => /\bsys\s*\.\s*path\b|\baddsitedir\b/.test(code));
}

/**
 * Checks whether the code installs packages itself.
 *
 * @param text the code
 */
export function installsPackages(text: string): boolean {
  return /["']pip3?["']\s*,\s*["']install["']|["'][^"'\n]*\bpip3?\s+install\b|\bpip\s*\.\s*(?:main|_internal)\b/.test(
    text,
  );
}

interface Block {
  readonly kind: string;
  readonly indent: number;
  readonly head: string;
  /** True if a `try` handles a missing module. */
  guarded: boolean;
}

function blockKind({ code }: PythonStatement): string | undefined {
  return code.endsWith(":") ? /^(?:async\s+)?([a-z]+)\b/.exec(code)?.[1] : undefined;
}

function catchesMissing(head: string): boolean {
  return /^except\s*:|\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/.test(head);
}

/** Source: https://github.com/triton-inference-server/python_backend#usage */
const calledMethods = /^(?:async\s+)?def\s+(?:auto_complete_config|initialize|execute|finalize)\b/;

function isNeeded(blocks: readonly Block[]): boolean {
  return blocks.every(({ kind, head, guarded }, index) => {
    if (kind === "try") return !guarded;
    if (kind === "with") return !/\bsuppress\b/.test(head);
    if (kind === "def") {
      const [outer] = blocks;
      return index === 1 && /^class\s+TritonPythonModel\b/.test(outer?.head ?? "") && calledMethods.test(head);
    }
    return kind === "class" || kind === "finally";
  });
}

const first = /^\s*([\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*)/u;

function importsOf({ code, line }: PythonStatement): PythonImport[] {
  const named = (list: string, level: number) =>
    list.split(",").flatMap((part) => {
      const name = first.exec(part)?.[1];
      return name === undefined ? [] : [{ name, level, line, inMethod: false }];
    });
  if (/^import\s/.test(code)) return named(code.slice("import".length), 0);
  const found = /^from[\s.]/.test(code) ? /(?<![\p{L}\p{N}_])import(?![\p{L}\p{N}_])/u.exec(code) : null;
  if (!found) return [];
  const source = code.slice("from".length, found.index).replace(/\s/g, "");
  const level = source.search(/[^.]|$/);
  const list = code.slice(found.index + "import".length).replace("(", " ");
  return named(level === source.length ? list : source.slice(level), level);
}

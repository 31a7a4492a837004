import { isScalar, LineCounter, parseDocument, visit, type Document, type Node, type YAMLMap } from "yaml";
import { readTextFile } from "../packing/regularFile.ts";
import { listed } from "../text/printable.ts";

/** How large a configuration may be, in bytes. */
const mostBytes = 256 * 1024;
/** How many aliases a file may have: each stands for all that its anchor holds. */
const mostAliases = 100;

/**
 * Reads a YAML file of Pulumi as the engine does, with merge keys. What the library only warns of is refused: an unknown
 * tag or directive would silently mean something else.
 *
 * @param file the path
 * @throws Error naming the file and, for what is wrong inside of it, each line
 */
export function readYamlFile(file: string): unknown {
  const text = readTextFile(file, mostBytes);
  const lineCounter = new LineCounter();
  // The library compares each key of a map with each other one.
  const options = { lineCounter, prettyErrors: false, uniqueKeys: false, stringKeys: true, merge: true } as const;
  try {
    const document = parseDocument(text, { ...options, logLevel: "error" });
    const found = [...document.errors, ...document.warnings];
    // The library has no limit of its own: it ends where the stack does, and what else it finds follows from that.
    if (found.some(({ message }) => message.includes("call stack"))) throw new RangeError();
    const faults = found.map(({ pos, code, message }): Fault => ({ at: pos[0], message: words[code] ?? message }));
    faults.push(...contentFaults(document));
    if (faults.length > 0) throw new YamlError(file, faults, lineCounter);
    return document.toJS() as unknown;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(`${file} is not valid YAML: it nests too many levels`, { cause: error });
  }
}

/** A fault at a place in the text. */
interface Fault {
  readonly at: number;
  readonly message: string;
}

/** The library's words where they are about its functions. */
const words: Readonly<Record<string, string>> = {
  NON_STRING_KEY: "A key must be a string",
  MULTIPLE_DOCS: "A file holds one document: remove what follows ---",
};

class YamlError extends Error {
  constructor(file: string, faults: readonly Fault[], lines: LineCounter) {
    const inOrder = faults.toSorted((one, other) => one.at - other.at);
    const shown = listed(inOrder.map(({ at, message }) => `line ${lines.linePos(at).line}: ${message}`));
    const [only = "", ...others] = shown;
    super(
      `${file} is not valid YAML${others.length === 0 ? `: ${only}` : `:\n${shown.map((line) => `  ${line}`).join("\n")}`}`,
    );
  }
}

/** What the library takes: keys that are there twice, and aliases that lead nowhere, to themselves or to too much. */
function contentFaults(document: Document.Parsed): Fault[] {
  const faults: Fault[] = [];
  let aliases = 0;
  visit(document, {
    Map: (_, map) => void faults.push(...repeatedKeys(map)),
    Alias: (_, alias, above) => {
      aliases += 1;
      const at = placeOf(alias);
      if (aliases > mostAliases) {
        faults.push({ at, message: `There are more than ${mostAliases} aliases: write out what they stand for` });
        return visit.BREAK;
      }
      const target = alias.resolve(document);
      if (!target) faults.push({ at, message: `There is no anchor &${alias.source} before *${alias.source}` });
      else if (above.includes(target)) faults.push({ at, message: `*${alias.source} stands for what it is a part of` });
      return undefined;
    },
  });
  return faults;
}

function repeatedKeys(map: YAMLMap): Fault[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key) || typeof key.value !== "string") return [];
    if (!seen.has(key.value)) {
      seen.add(key.value);
      return [];
    }
    return key.value === "<<" ? [] : [{ at: placeOf(key), message: `"${key.value}" is there twice: remove one` }];
  });
}

function placeOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

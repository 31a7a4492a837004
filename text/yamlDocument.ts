import {
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type DocumentOptions,
  type Node,
  type ParseOptions,
  type SchemaOptions,
  type YAMLMap,
} from "yaml";
import { listed } from "./printable.ts";

/** How many aliases a file may have: each stands for all that its anchor holds. */
const mostAliases = 100;

/** A file that was read, with the places of its nodes. */
export interface YamlDocument {
  /** The document; its nodes have ranges. */
  readonly document: Document.Parsed;
  /** Turns a place in the text into a line. */
  readonly lines: LineCounter;
}

/**
 * Parses YAML, of which JSON is a part. What the library only warns of is refused: an unknown tag or directive would
 * silently mean something else.
 *
 * @param text the file's text
 * @param file its name, for messages
 * @param customTags tags that the file may have beside YAML's own. Default: none
 * @throws Error naming the file and, for what is wrong inside of it, each line
 */
export function parseYaml(text: string, file: string, customTags: SchemaOptions["customTags"] = []): YamlDocument {
  const lines = new LineCounter();
  // The library compares each key of a map with each other one.
  const options: ParseOptions & DocumentOptions & SchemaOptions = {
    ...{ lineCounter: lines, prettyErrors: false, uniqueKeys: false, stringKeys: true, merge: true },
    ...{ logLevel: "error", customTags },
  };
  return withinStack(file, () => {
    const document = parseDocument(text, options);
    const found = [...document.errors, ...document.warnings];
    // The library has no limit of its own: it ends where the stack does, and what else it finds follows from that.
    if (found.some(({ message }) => message.includes("call stack"))) throw new RangeError();
    const faults = found.map(({ pos, code, message }): Fault => ({ at: pos[0], message: words[code] ?? message }));
    faults.push(...contentFaults(document));
    if (faults.length > 0) throw new YamlError(file, faults, lines);
    return { document, lines };
  });
}

/**
 * Does something with a document that recurses into it.
 *
 * @param file its name, for messages
 * @throws Error if it nests more levels than the process's stack has room for
 */
export function withinStack<Result>(file: string, work: () => Result): Result {
  try {
    return work();
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

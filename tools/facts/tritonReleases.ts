import type { ReadSource } from "./sources.ts";

/** A file with facts, as it was and as it should be. */
export interface FactUpdate {
  /** The new text of each file, by its path; a file that stays is absent. */
  readonly files: Readonly<Record<string, string>>;
  /** A line about each thing that was found, or that has to be looked up by hand. */
  readonly notes: readonly string[];
}

/** The files that are brought up to date from Triton's repository. */
export const releasesFile = "triton/releases/releases.json";
export const optionsFile = "triton/releases/serverOptions.json";

const server = "https://raw.githubusercontent.com/triton-inference-server/server";

interface KnownFacts {
  readonly releases: Readonly<Record<string, unknown>>;
  readonly onnxRuntimes: Readonly<Record<string, unknown>>;
  readonly backends: { readonly names: readonly string[] };
}

/**
 * Adds the releases of Triton that came out since the newest known one: their ONNX Runtime and backends from `build.py`, their Python from the
 * compatibility matrix, and new options of `tritonserver`. What stands in neither is left out, so that it counts as unknown,
 * and the date of the releases stays, because it is also that of facts that have to be looked up by hand.
 *
 * @param texts the files as they are, by path
 * @param read reads a page of Triton's repository
 * @param today the date that the options get
 */
export async function updateTritonReleases(
  texts: Readonly<Record<string, string>>,
  read: ReadSource,
  today: Date,
): Promise<FactUpdate> {
  let { [releasesFile]: releases = "", [optionsFile]: options = "" } = texts;
  const notes: string[] = [];
  try {
    const compatibility = (await read(`${server}/main/docs/introduction/compatibility.md`)) ?? "";
    for (const release of monthsAfter(newestRelease(releases), today)) {
      const build = await read(`${server}/r${release}/build.py`);
      if (build === undefined) continue;
      const facts = JSON.parse(releases) as KnownFacts;
      const found = releaseFacts(build, compatibility, release);
      if (typeof found === "string") {
        notes.push(`${release}: ${found}; add it to ${releasesFile} by hand`);
        break;
      }
      notes.push(
        `${release}: ONNX Runtime ${found.onnxRuntime}, Python ${found.python}; look up its TensorRT`,
        ...gaps(build, found, facts, release),
      );
      releases = withRelease(releases, release, found);
      const parser = await read(`${server}/r${release}/src/command_line_parser.cc`);
      options = withOptions(options, optionsIn(parser ?? ""), release, notes);
    }
  } catch (error) {
    notes.push(
      `Triton's repository can't be reached (${String(error instanceof Error ? error.message : error)}): ${releasesFile} and ${optionsFile} stay as they are`,
    );
    return { files: {}, notes };
  }
  return { files: { [releasesFile]: releases, [optionsFile]: dated(options, today) }, notes };
}

/** The months after a release up to today's, `YY.MM`. */
function monthsAfter(release: string, today: Date): string[] {
  const [year = 0, month = 0] = release.split(".").map(Number);
  const last = (today.getUTCFullYear() - 2000) * 12 + today.getUTCMonth();
  const first = year * 12 + month;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const at = first + index;
    return `${Math.floor(at / 12)}.${String((at % 12) + 1).padStart(2, "0")}`;
  });
}

function newestRelease(text: string): string {
  return (
    Object.keys((JSON.parse(text) as KnownFacts).releases)
      .sort()
      .at(-1) ?? ""
  );
}

interface ReleaseFacts {
  readonly triton: string;
  readonly onnxRuntime: string;
  readonly python: string;
}

/** The facts about a release, or the reason why they aren't found. */
function releaseFacts(build: string, compatibility: string, release: string): ReleaseFacts | string {
  const setting = (name: string) => new RegExp(`"${name}": "(\\d+(?:\\.\\d+)+)"`).exec(build)?.[1];
  const triton = setting("release_version");
  const onnxRuntime = setting("ort_version");
  const row = compatibility
    .split("\n")
    .find((line) => line.startsWith(`| ${release} |`) && line.includes("vllm-python"));
  const python = /Python (\d+\.\d+)/.exec(row ?? "")?.[1];
  if (triton === undefined || onnxRuntime === undefined) return "its build.py has another form";
  return python === undefined ? "the compatibility matrix doesn't have its Python" : { triton, onnxRuntime, python };
}

/** The facts that this program can't bring up to date, with their sources. */
function gaps(build: string, { onnxRuntime }: ReleaseFacts, facts: KnownFacts, release: string): string[] {
  const minor = onnxRuntime.replace(/\.\d+$/, "");
  const listed = /all_backends = \[([^\]]*)\]/.exec(build)?.[1] ?? "";
  const backends = [...listed.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name).filter((name) => name !== "ensemble");
  const [gone, added] = [
    facts.backends.names.filter((name) => !backends.includes(name)),
    backends.filter((name) => !facts.backends.names.includes(name)),
  ];
  return [
    ...(minor in facts.onnxRuntimes
      ? []
      : [`${release}: the limits of ONNX Runtime ${minor} aren't known: see sources.onnxRuntimes`]),
    ...(gone.length + added.length === 0
      ? []
      : [`${release}: its backends differ (gone: ${gone.join(", ") || "none"}; new: ${added.join(", ") || "none"})`]),
  ];
}

function withRelease(text: string, release: string, facts: ReleaseFacts): string {
  const line = `    ${JSON.stringify(release)}: { ${Object.entries(facts)
    .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
    .join(", ")} }`;
  return text.replace(
    /(\n {2}"releases": \{\n(?: {4}.*\n)*? {4}.*\})(\n {2}\})/,
    (_, before: string, after: string) => `${before},\n${line}${after}`,
  );
}

/** The options in Triton's parser, with what `--help` calls their values. */
function optionsIn(source: string): ReadonlyMap<string, string | undefined> {
  const found = source.matchAll(/\{\s*OPTION_\w+,\s*"([\w-]+)",\s*(?:Option::Arg(\w+)|"([^"]*)")/g);
  const kinds: Readonly<Record<string, string | undefined>> = {
    Bool: "boolean",
    Int: "integer",
    Float: "float",
    Str: "string",
  };
  return new Map([...found].map(([, name = "", kind = "", form]) => [name, form ?? kinds[kind]]));
}

function withOptions(
  text: string,
  found: ReadonlyMap<string, string | undefined>,
  release: string,
  notes: string[],
): string {
  const facts = JSON.parse(text) as { newest: string; options: Record<string, object> };
  const added = [...found].filter(([name]) => !(name in facts.options));
  notes.push(...added.map(([name]) => `${release}: the new option --${name}`));
  const gone = found.size === 0 ? [] : Object.keys(facts.options).filter((name) => !found.has(name));
  if (gone.length > 0) notes.push(`${release}: options that are gone: ${gone.join(", ")}`);
  const entries = [
    ...Object.entries(facts.options),
    ...added.map(([name, value]) => [name, { since: release, ...(value !== undefined && { value }) }] as const),
  ];
  const options = Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return `${JSON.stringify({ ...facts, ...(found.size > 0 && { newest: release }), options }, null, 2)}\n`;
}

function dated(text: string, today: Date): string {
  return text.replace(/"retrieved": "[^"]*"/, `"retrieved": "${today.toISOString().slice(0, 10)}"`);
}

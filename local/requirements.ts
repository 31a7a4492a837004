/** A requirements file of a model, read. */
export interface Requirements {
  /** The requirements to install, a line each, without comments. */
  readonly lines: readonly string[];
  /** Why it can't be installed: a line each, which starts with the file's name and the line's number. */
  readonly problems: readonly string[];
}

/**
 * Reads the packages that a model's requirements file lists: names with versions, extras, markers and hashes. Whatever makes
 * pip read a path, a URL, another index or another file is a problem, since the file is a stranger's.
 * Sources: https://packaging.python.org/en/latest/specifications/dependency-specifiers/,
 * https://pip.pypa.io/en/stable/reference/requirements-file-format/
 *
 * @param text the file's content
 * @param file its name in problems
 */
export function readRequirements(text: string, file: string): Requirements {
  const [lines, problems]: [string[], string[]] = [[], []];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    // With single spaces, a line can be read in one pass.
    const line = raw
      .replace(/\s+/g, " ")
      .replace(/(^| )#.*$/, "")
      .trim();
    if (line === "") continue;
    if (isRequirement(line) || option.test(line)) lines.push(line);
    else problems.push(`${file}:${index + 1}: ${shown(line)} ${reasonAgainst(line)}`);
  }
  return { lines, problems };
}

const name = String.raw`[a-z\d](?:[a-z\d._-]*[a-z\d])?`;
const extras = ` ?\\[ ?(?:${name}(?: ?, ?${name})*)? ?\\]`;
const version = String.raw`(?:===|[=~!<>]=|<|>) ?[a-z\d.*+!_-]+`;
const versions = `${version}(?: ?, ?${version})*(?: ?,)?`;
const requirement = new RegExp(`^(${name})(?:${extras})? ?(?:${versions}|\\( ?${versions} ?\\))?(?: ?;(.*))?$`, "i");
const hash = /^[= ]sha(?:256|384|512):[\da-f]+$/;
/** The words of a marker: variables, quoted texts, comparisons; their order is left to pip. */
const marker =
  /^(?:[ ()=<>!~]|(?:python_version|python_full_version|os_name|sys_platform|platform_(?:release|system|version|machine|python_implementation)|implementation_(?:name|version)|extra|not|in|and|or)\b|'[\w .*+!<>=,-]*'|"[\w .*+!<>=,-]*")+$/;
/** Options that name neither an index nor a file, and don't allow packages that must be built. */
const option = /^(?:--pre|--prefer-binary|--require-hashes|--only-binary[= ]:all:)$/;
/** Names that pip takes for files. Source: ARCHIVE_EXTENSIONS in pip's utils/filetypes.py */
const archive = /\.(?:zip|whl|tar\.bz2|tbz|tar\.gz|tgz|tar|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

function isRequirement(line: string): boolean {
  const [wanted = "", ...hashes] = line.split(" --hash");
  const [, named = "", condition] = requirement.exec(wanted) ?? [];
  if (named === "" || archive.test(named) || !hashes.every((each) => hash.test(each))) return false;
  return condition === undefined || marker.test(condition);
}

function reasonAgainst(line: string): string {
  if (line.startsWith("-")) return "is an option that names a file, an index, or a package that must be built";
  if (line.endsWith("\\")) return "continues on the next line: put it on one";
  if (line.includes("${")) return "refers to a variable of the environment";
  if (/:\/\/|[/\\]|^\.|\s@|^file:/i.test(line) || archive.test(line)) return "is a path or URL";
  return "is not a package's name with versions";
}

const longestShown = 80;

/** A line as it is, but short, and without a password. */
function shown(line: string): string {
  const safe = line.replace(/\/\/[^/@\s]*@/g, "//***@");
  return JSON.stringify(safe.length > longestShown ? `${safe.slice(0, longestShown)}…` : safe);
}

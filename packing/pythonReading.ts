import { execFile } from "node:child_process";
import type { PythonReading } from "../triton/models/pythonReading.ts";
import { pythonOf } from "../triton/releases/releases.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";

/**
 * Asks this machine's Python what it says of a repository's code: it parses it in a process of its own, isolated from
 * its packages, and runs none of it.
 *
 * @param contents the repository
 * @param release `YY.MM` of Triton, whose Python is asked if this machine has it. Default: `python3`
 * @returns the repository with {@link RepositoryContents.python}; without it if there is no Python, or it takes too long
 */
export async function withPythonReadings(contents: RepositoryContents, release?: string): Promise<RepositoryContents> {
  const code = [...contents.texts].filter(([path]) => path.endsWith(".py") && !contents.undecoded?.has(path));
  if (code.length === 0) return contents;
  const version = release === undefined ? undefined : pythonOf(release);
  for (const command of [...(version === undefined ? [] : [`python${version}`]), "python3", "python"]) {
    const readings = await readWith(
      command,
      code.map(([, text]) => text),
    );
    const paths = code.map(([path]) => path);
    if (readings) return { ...contents, python: new Map(readings.map((reading, at) => [paths[at] ?? "", reading])) };
  }
  return contents;
}

function readWith(command: string, texts: readonly string[]): Promise<readonly PythonReading[] | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: 10_000, killSignal: "SIGKILL", maxBuffer: 2 ** 26 } as const;
    const child = execFile(command, ["-I", "-S", "-B", "-c", script], options, (error, stdout) => {
      if (error) resolve(undefined);
      else resolve(JSON.parse(stdout) as readonly PythonReading[]);
    });
    // A command that isn't there, or ends early, reads nothing.
    child.stdin?.on("error", () => undefined).end(JSON.stringify(texts));
  });
}

/**
 * Says nothing about code that makes names as it runs, or that is too deep for the parser. `feature_version` takes
 * `with (a):` for newer syntax, so what it says about that doesn't count.
 */
const script = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
if sys.version_info < (3, 8):
    sys.exit(1)

def fault(error):
    said = {"message": str(getattr(error, "msg", None) or error)}
    line = getattr(error, "lineno", None)
    return dict(said, line=line) if line else said

def needs(text):
    found = {}
    for minor in range(8, sys.version_info[1]):
        try:
            ast.parse(text, feature_version=(3, minor))
            break
        except SyntaxError as error:
            if "context manager" in str(error):
                break
            found = {"needs": dict(fault(error), version="3.%d" % (minor + 1))}
    return found

def names(nodes):
    for node in nodes:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.alias):
            yield node.asname or node.name

dynamic = {"exec", "eval", "globals", "locals", "vars", "setattr", "__dict__", "modules", "__getattr__", "*"}

def lacks(tree):
    nodes = list(ast.walk(tree))
    known = set(names(nodes))
    used = {node.id for node in nodes if isinstance(node, ast.Name)} | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    if dynamic & (known | used):
        return {}
    if "TritonPythonModel" not in known:
        return {"lacksClass": [node.name for node in tree.body if isinstance(node, ast.ClassDef)]}
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "TritonPythonModel"]
    if len(classes) != 1 or sum(name == "TritonPythonModel" for name in names(nodes)) != 1:
        return {}
    [own] = classes
    plain = not own.decorator_list and not own.keywords and all(isinstance(base, ast.Name) and base.id == "object" for base in own.bases)
    stored = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    return {"lacksExecute": True} if plain and "execute" not in set(names(ast.walk(own))) | stored else {}

def read(text):
    try:
        text = text.lstrip("\ufeff")
        compile(text, "code", "exec", dont_inherit=True)
        return dict(needs(text), **lacks(ast.parse(text)))
    except (SyntaxError, ValueError) as error:
        return {"error": fault(error)}
    except (RecursionError, MemoryError):
        return {}

version = "%d.%d" % sys.version_info[:2]
print(json.dumps([dict(read(text), version=version) for text in json.load(sys.stdin.buffer)]))
`;

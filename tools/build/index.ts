import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

// Builds dist/, the contents of the npm package: JavaScript with source maps, declarations, and files read at run time.

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = path.join(root, "dist");

fs.rmSync(dist, { recursive: true, force: true });
const compiler = path.join(root, "node_modules/typescript/bin/tsc");
execFileSync(process.execPath, [compiler, "--project", path.join(root, "tools/build/tsconfig.json")], {
  stdio: "inherit",
});

// Only the declarations that a program can reach are shipped. tsc rewrites the extension in JavaScript alone.
const declarations = new Map<string, string>();
for (const { types } of Object.values(exported())) reach(path.join(root, types.default));
for (const file of fs.globSync("**/*.d.ts", { cwd: dist })) fs.rmSync(path.join(dist, file));
for (const [file, text] of declarations) {
  write(file, text);
  // With module node16, TypeScript lets a CommonJS program import no ES module, though Node.js does.
  write(path.join(dist, "commonjs", path.relative(dist, file)), text);
}
write(path.join(dist, "commonjs/package.json"), '{ "type": "commonjs" }\n');

// The other files in a compiled folder: Python scripts, tables.
for (const room of fs.readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  for (const file of fs.globSync(`${room.name}/**/*.*`, { cwd: root, exclude: ["**/__pycache__"] })) {
    const target = path.join(dist, file);
    if (!/\.(ts|pyc)$/.test(file) && !fs.existsSync(target)) fs.cpSync(path.join(root, file), target);
  }
}

/** The package's entry points that have declarations. */
function exported(): Record<string, { readonly types: { readonly default: string } }> {
  const { exports } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
    exports: Record<string, { types: { default: string } } | string>;
  };
  return Object.fromEntries(
    Object.entries(exports).flatMap(([name, to]) => (typeof to === "string" ? [] : [[name, to]])),
  );
}

/** Collects a declaration file and all that it imports. */
function reach(file: string): void {
  if (declarations.has(file)) return;
  const text = fs.readFileSync(file, "utf8").replace(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"');
  declarations.set(file, text);
  for (const [, name = ""] of text.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g)) {
    reach(path.join(path.dirname(file), `${name}.d.ts`));
  }
}

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

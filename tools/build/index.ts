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

// tsc only rewrites the extension in JavaScript.
for (const file of fs.globSync("**/*.d.ts", { cwd: dist }).map((name) => path.join(dist, name))) {
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, text.replace(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"'));
}

// The other files in a compiled folder: Python scripts, tables.
for (const room of fs.readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  for (const file of fs.globSync(`${room.name}/**/*.*`, { cwd: root, exclude: ["**/__pycache__"] })) {
    const target = path.join(dist, file);
    if (!/\.(ts|pyc)$/.test(file) && !fs.existsSync(target)) fs.cpSync(path.join(root, file), target);
  }
}

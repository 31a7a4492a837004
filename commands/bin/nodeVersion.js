// Plain JavaScript, so that a Node.js that can't run TypeScript can still say so.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Explains why this Node.js can't run the project: Node.js must run TypeScript without a flag, as it does since 22.18.
 *
 * @returns {string | undefined} the reason and the remedy; `undefined` if it can
 */
export function nodeProblem() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `this is Node.js ${process.versions.node}, and Node.js 22.18 or newer is needed: ${remedy()}`;
}

function remedy() {
  const bundled = fileURLToPath(new URL("../../node_modules/node", import.meta.url));
  if (!existsSync(bundled)) return "install it from https://nodejs.org";
  return existsSync(`${bundled}/bin/node`)
    ? "npm run puts the bundled one on the PATH, as in npm run up"
    : 'the bundled one is missing, because npm ran no install scripts (--ignore-scripts): run "npm rebuild node"';
}

// Plain JavaScript, so that a Node.js that can't run TypeScript gets as far as saying so.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Why this Node.js can't run the project: it runs TypeScript itself, without a flag from 22.18 on.
 *
 * @returns {string | undefined} why, and what helps; `undefined` where it can
 */
export function nodeProblem() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `this is Node.js ${process.versions.node}, and Node.js 22.18 or newer is needed: ${remedy()}`;
}

function remedy() {
  const bundled = fileURLToPath(new URL("../node_modules/node", import.meta.url));
  if (!existsSync(bundled)) return "install it from https://nodejs.org";
  return existsSync(`${bundled}/bin/node`)
    ? "npm run puts the bundled one on the PATH, as in npm run up"
    : 'the bundled one is missing, because npm ran no install scripts (--ignore-scripts): run "npm rebuild node"';
}

import { writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { changesDocument } from "./changesDocument.ts";
import { results, testResults } from "./results.ts";

// Writes docs/changes.md from the results that `npm run test:engine` left in .cache/engine; with --partial also where some are missing.
const file = "docs/changes.md";
try {
  writeFileSync(
    file,
    await format(changesDocument(results(), testResults(), process.argv.includes("--partial")), {
      ...(await resolveConfig(file)),
      filepath: file,
    }),
  );
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

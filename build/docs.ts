import { writeFileSync } from "node:fs";
import { generatedFiles } from "./documents.ts";

// npm run docs: writes what is generated from the endpoint's schema, and what the template has in common with the project.
for (const [file, text] of Object.entries(await generatedFiles())) writeFileSync(file, text);

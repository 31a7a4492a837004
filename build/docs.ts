import { writeFileSync } from "node:fs";
import { generatedFiles } from "./documents.ts";

// npm run docs: writes what is generated from the endpoint's schema.
for (const [file, text] of Object.entries(await generatedFiles())) writeFileSync(file, text);

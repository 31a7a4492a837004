import { writeFileSync } from "node:fs";
import { generatedFiles } from "./documents.ts";

// npm run docs: writes the files generated from the endpoint's schema, and the parts of the template that come from the
// project.
for (const [file, text] of Object.entries(await generatedFiles())) writeFileSync(file, text);

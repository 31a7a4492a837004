import { readFileSync } from "node:fs";
import * as prettier from "prettier";
import { parseDocument } from "yaml";
import { declarations, settingsPage, stackFileSchema } from "../settings/documents.ts";

/**
 * The files that are generated from the endpoint's schema, by path.
 *
 * @returns their contents, as prettier formats them
 */
export async function generatedFiles(): Promise<Record<string, string>> {
  const project = parseDocument(readFileSync("Pulumi.yaml", "utf8"));
  const name = project.get("name") as string;
  const files = {
    "Pulumi.yaml": pulumiYaml(project),
    "docs/settings.md": settingsPage(),
    "docs/stack.schema.json": JSON.stringify(stackFileSchema(name)),
  };
  const formatted = Object.entries(files).map(async ([filepath, text]) => {
    const options = (await prettier.resolveConfig(filepath)) ?? {};
    return [filepath, await prettier.format(text, { ...options, filepath })] as const;
  });
  return Object.fromEntries(await Promise.all(formatted));
}

/** Everything in the file stays but the settings: a key with a namespace is not one of ours. */
function pulumiYaml(project: ReturnType<typeof parseDocument>): string {
  const config = project.get("config") as { items: { key: { value: string } }[] };
  config.items = config.items.filter(({ key }) => key.value.includes(":"));
  for (const [key, declaration] of Object.entries(declarations())) project.setIn(["config", key], declaration);
  return project.toString({ lineWidth: 0 });
}

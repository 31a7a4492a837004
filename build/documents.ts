import { readFileSync } from "node:fs";
import * as prettier from "prettier";
import { parseDocument } from "yaml";
import { declarations, settingsPage, stackFileSchema } from "../settings/documents.ts";

/**
 * The files that are generated, wholly or in part, by path: from the endpoint's schema, and for `template/` from this
 * project's own files.
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
    "template/Pulumi.yaml": templateYaml(project),
    "template/package.json": templateManifest(),
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

/** The template asks for some of the settings, and needs the engine and the providers set up as this project does. */
function templateYaml(project: ReturnType<typeof parseDocument>): string {
  const template = parseDocument(readFileSync("template/Pulumi.yaml", "utf8"));
  const described = declarations();
  for (const key of ["requiredPulumiVersion", "runtime"]) template.set(key, project.get(key));
  template.setIn(["config", ignoredTags], project.getIn(["config", ignoredTags]));
  template.setIn(["template", "description"], project.get("description"));
  const { template: asked } = template.toJS() as { template: { config: object } };
  for (const key of Object.keys(asked.config).filter((name) => Object.hasOwn(described, name))) {
    template.setIn(["template", "config", key, "description"], described[key]?.description);
  }
  return template.toString({ lineWidth: 0 });
}

const ignoredTags = "aws:ignoreTags";

/** What a program of the template depends on: this package, and what it wants beside it. */
function templateManifest(): string {
  const own = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const template = JSON.parse(readFileSync("template/package.json", "utf8")) as Manifest;
  const dependencies = { ...own.peerDependencies, [own.name]: `^${own.version}` };
  return JSON.stringify({ ...template, engines: own.engines, dependencies });
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: object;
  readonly peerDependencies: object;
}

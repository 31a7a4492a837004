import { readFileSync } from "node:fs";
import * as prettier from "prettier";
import { parseDocument, type YAMLMap } from "yaml";
import { endpointArgsModule } from "./endpointArgs.ts";
import { failuresPage } from "./failuresPage.ts";
import { declarations, settingsPage, stackFileSchema } from "../../endpoint/settings/documents.ts";

/**
 * Generates files, completely or in part: from the endpoint's schema and, for examples, from this project's own files.
 *
 * @returns their contents by path, formatted by prettier
 */
export async function generatedFiles(): Promise<Record<string, string>> {
  const project = parseDocument(readFileSync("Pulumi.yaml", "utf8"));
  const name = project.get("name") as string;
  const files = {
    "Pulumi.yaml": pulumiYaml(project),
    "endpoint/endpointArgs.ts": endpointArgsModule(),
    "docs/failures.md": failuresPage(),
    "docs/settings.md": settingsPage(),
    "docs/stack.schema.json": JSON.stringify(stackFileSchema(name)),
    "examples/template/Pulumi.yaml": templateYaml(project),
    "examples/template/package.json": programManifest("examples/template/package.json"),
    "examples/programs/package.json": programManifest("examples/programs/package.json"),
  };
  const formatted = Object.entries(files).map(async ([filepath, text]) => {
    const options = (await prettier.resolveConfig(filepath)) ?? {};
    return [filepath, await prettier.format(text, { ...options, filepath })] as const;
  });
  return Object.fromEntries(await Promise.all(formatted));
}

/** Only replaces the settings in the file; a key with a namespace isn't one of ours. */
function pulumiYaml(project: ReturnType<typeof parseDocument>): string {
  const config = project.get("config") as { items: { key: { value: string } }[] };
  config.items = config.items.filter(({ key }) => key.value.includes(":"));
  for (const [key, declaration] of Object.entries(declarations())) project.setIn(["config", key], declaration);
  return project.toString({ lineWidth: 0 });
}

/** The template asks for some of the settings, and configures the engine and the providers as this project does. */
function templateYaml(project: ReturnType<typeof parseDocument>): string {
  const template = parseDocument(readFileSync("examples/template/Pulumi.yaml", "utf8"));
  const described = declarations();
  template.set("requiredPulumiVersion", project.get("requiredPulumiVersion"));
  template.set("runtime", (project.get("runtime") as YAMLMap).clone());
  // Its file is a part of this project.
  template.deleteIn(["runtime", "options", "nodeargs"]);
  template.setIn(["config", ignoredTags], project.getIn(["config", ignoredTags]));
  template.setIn(["template", "description"], project.get("description"));
  const { template: asked } = template.toJS() as { template: { config: object } };
  for (const key of Object.keys(asked.config).filter((name) => Object.hasOwn(described, name))) {
    template.setIn(["template", "config", key, "description"], described[key]?.description);
  }
  return template.toString({ lineWidth: 0 });
}

const ignoredTags = "aws:ignoreTags";

/** The dependencies of a program that uses the package: it and its peer dependencies. */
function programManifest(file: string): string {
  const own = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const program = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const dependencies = { ...own.peerDependencies, [own.name]: `^${own.version}` };
  return JSON.stringify({ ...program, engines: own.engines, dependencies });
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: object;
  readonly peerDependencies: object;
}

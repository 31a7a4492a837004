import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { UpdateEndpointWeightsAndCapacitiesCommand } from "@aws-sdk/client-sagemaker";
import { EngineStack, type Run } from "./engineStack.ts";
import { addExistingParts } from "./existingParts.ts";
import type { Config } from "./workspace.ts";

/** A secret among the settings of every stack here: it must never be seen in plain. */
export const secretValue = "secret-of-the-environment-in-plain";

const made = new Map<string, Promise<EngineStack>>();

/**
 * A copy of a stack that serves and never served otherwise; all cases of this process copy the same. `prod` serves its
 * second release, so that there is one that was kept, and has been scaled out.
 *
 * @param name the stack
 * @param config what differs from the stack's file. Default: nothing
 */
export async function serving(name: "dev" | "prod", config: Config = {}): Promise<EngineStack> {
  const key = JSON.stringify([name, Object.entries(config)]);
  const original = made.get(key) ?? serve(name, config);
  made.set(key, original);
  return (await original).fork();
}

/**
 * A stack that serves, and is nobody else's.
 *
 * @param name the stack
 * @param config what differs from the stack's file
 * @param program the folder of the program that deploys it. Default: the project's
 */
export async function serve(name: "dev" | "prod", config: Config, program?: string): Promise<EngineStack> {
  const stack = await EngineStack.create(name, program);
  addModels(stack);
  addExistingParts(stack.cloud);
  stack.configure(config);
  await stack.setSecret("environment.TOKEN", secretValue);
  expectSuccess(await stack.up());
  if (name === "prod") {
    changeModel(stack, "second");
    expectSuccess(await stack.up());
    await scaleOut(stack, 4);
  }
  return stack;
}

/** More models and archives, for settings that name some. */
function addModels({ workspace: { project } }: EngineStack): void {
  const at = (...names: string[]) => path.join(project, ...names);
  for (const copy of ["other-models", "many/one", "many/two", "many-more/one", "many-more/three"]) {
    cpSync(at("models"), at(copy), { recursive: true });
    writeFileSync(at(copy, "penguins_classifier/1/note.txt"), copy);
  }
  for (const [archive, folder] of Object.entries({ "model.tar.gz": "many/one", "other.tar.gz": "other-models" })) {
    // The ensemble's version folder is empty: git has none, and an archive that was packed by hand needs it.
    mkdirSync(at(folder, "penguins/1"), { recursive: true });
    execFileSync("tar", ["-czf", at(archive), "-C", at(folder), "."]);
  }
}

/** Changes a file of the stack's model, so that the next run releases it. */
export function changeModel(stack: EngineStack, content: string): void {
  stack.workspace.write("models/penguins_classifier/1/note.txt", content);
}

/** Gives an endpoint as many instances as autoscaling might have. */
export async function scaleOut(stack: EngineStack, count: number): Promise<void> {
  for (const { name, counts } of await stack.serves()) {
    await stack.emulator.clients.sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName: name,
        DesiredWeightsAndCapacities: Object.keys(counts).map((VariantName) => ({
          VariantName,
          DesiredInstanceCount: count,
        })),
      }),
    );
  }
}

function expectSuccess({ code, output }: Run): void {
  if (code !== 0) throw new Error(`pulumi up ended with ${code}:\n${output}`);
}

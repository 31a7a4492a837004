import { createHash } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import * as path from "node:path";
import { executionEnvironment } from "../triton/models/executionEnvironment.ts";
import type { ServedModel } from "../triton/repository/servedModel.ts";
import { MessageError } from "./messageError.ts";
import { readRequirements } from "./requirements.ts";
import { installPythonPackages } from "./pythonPackages.ts";
import type { TritonInstallation } from "./triton.ts";
import { makeVirtualEnvironment } from "./virtualEnvironment.ts";

/** The Python backend of Triton 24.10 doesn't work with numpy 2. */
const constraints = ["numpy<2"];

/**
 * Installs the packages in a Python model's `requirements.txt`, next to model.py or in the model's folder, and points
 * the model to them through an execution environment. The model's own environment takes precedence if it fits this
 * machine's Python. The container installs nothing: there the packages come from such an environment or the image.
 *
 * @param installation a run's Triton
 * @param modelDirectory the unpacked model repository, in which the model's config.pbtxt is extended
 * @param signal ends it early. Default: none
 * @throws MessageError with pip's own message, if `requirements.txt` lists anything but names with versions, or if the model's environment doesn't fit and there are no requirements
 */
export async function provideModelPackages(
  installation: TritonInstallation,
  modelDirectory: string,
  model: ServedModel,
  signal?: AbortSignal,
): Promise<void> {
  const files = [model.name, ...model.loaded.map((version) => `${model.name}/${version}`)]
    .map((folder) => `${folder}/requirements.txt`)
    .filter((file) => model.contents.files.has(file));
  const environment = executionEnvironment(model);
  if (!environment && files.length === 0) return;
  const { python } = installation;
  const pythons = environment?.content?.pythons ?? [];
  // If no Python is found in it, leave the decision to Triton.
  if (environment && (pythons.length === 0 || pythons.includes(python.version))) return;
  if (files.length === 0) {
    throw new MessageError(
      `the execution environment of ${model.name} is for Python ${pythons.join(" and ")}, but this machine's Triton runs models in Python ${python.version}: put a python3 of version ${String(pythons[0])} first on the PATH, or list the packages in ${model.name}/requirements.txt, which is installed here instead`,
    );
  }
  const places = files.map((file) => path.join(modelDirectory, file));
  const packages = await install(installation, places, files, signal);
  const made = path.join(path.dirname(installation.backendDirectory), "environments", model.name);
  await makeVirtualEnvironment(made, python, packages);
  const parameter = `parameters { key: "EXECUTION_ENV_PATH" value { string_value: "${made}" } }`;
  const backend = model.configPath === undefined ? 'backend: "python"\n' : "";
  await appendFile(path.join(modelDirectory, model.name, "config.pbtxt"), `\n${backend}${parameter}\n`);
}

async function install(
  { python, directory }: TritonInstallation,
  places: readonly string[],
  files: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const read = await Promise.all(
    places.map(async (place, index) => readRequirements(await readFile(place, "utf8"), files[index] ?? "")),
  );
  refuse(read.flatMap(({ problems }) => problems));
  const requirements = read.flatMap(({ lines }) => lines);
  const digest = createHash("sha256")
    .update(JSON.stringify([constraints, requirements]))
    .digest("hex")
    .slice(0, 16);
  try {
    return await installPythonPackages(
      directory,
      python,
      {
        title: `what ${files.join(" and ")} lists`,
        name: `requirements-${digest}-python-${python.version}`,
        installs: [{ requirements, constraints, target: "." }],
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    throw new MessageError(
      `${files.join(" and ")} can't be installed for the Triton of this machine, which runs models in Python ${python.version} with numpy 1 and only installs built packages (wheels):\n${error.message}`,
    );
  }
}

/** More problems are only counted. */
const mostShown = 20;

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const rest = problems.length - mostShown;
  throw new MessageError(
    [
      "requirements.txt may only list names of packages with versions, because it comes with the model and is installed on this machine:",
      ...problems.slice(0, mostShown).map((problem) => `  ${problem}`),
      ...(rest > 0 ? [`  and ${rest} more`] : []),
      "Put your own packages next to model.py, or everything into an execution environment (EXECUTION_ENV_PATH).",
    ].join("\n"),
  );
}

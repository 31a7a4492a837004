import type { CheckOptions } from "../../triton/repository/modelRepository.ts";
import type { ProblemCode } from "../../triton/repository/problemCodes.ts";
import type { RepositoryContents } from "../../triton/repository/repositoryContents.ts";
import type { Pieces } from "./repository.ts";

/** A repository, and what the check has to say about it. */
export interface RepositoryCase {
  /** What is special about it. */
  readonly title: string;
  /** Its files. */
  readonly pieces: Pieces;
  /** What its models' files say of themselves. Default: they are not looked into. */
  readonly models?: RepositoryContents["models"];
  /** What the check is told. `defaultModelName` is `m` where it is not given. */
  readonly options: CheckOptions;
  /** The problems that the check finds, sorted. */
  readonly codes: readonly ProblemCode[];
  /** Why the real Triton of the tests can't be asked. */
  readonly notAsked?: string;
  /** Why its verdict differs. */
  readonly deviates?: string;
  /** Whether the real Triton never answers, so that the test should not wait for it. */
  readonly waits?: boolean;
}

export const noBackend = "Triton from PyPI has the Python backend only";
export const startScript = "SageMaker's start script decides, before Triton runs";
export const otherRelease = "the Triton of the tests is release 24.10";
export const ownImage = "it depends on the image, which may be the user's own";
export const noGpu = "the machine of the tests has no GPU";

export const python = `import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def execute(self, requests):
        return [pb_utils.InferenceResponse(output_tensors=[]) for _ in requests]
`;

export const x = 'input { name: "x" data_type: TYPE_FP32 dims: [ 4 ] }\n';
export const y = 'output { name: "y" data_type: TYPE_FP32 dims: [ 4 ] }\n';
export const head = 'backend: "python"\n';
export const base = `${head}${x}${y}`;

/** One Python model `m` of this configuration. */
export function one(config: string, more: Pieces = {}): Pieces {
  return { "m/config.pbtxt": config, "m/1/model.py": python, ...more };
}

/** A Python model as a step of an ensemble. */
export function step(name: string, config = base, versions = ["1"]): Pieces {
  const files = Object.fromEntries(versions.map((version) => [`${name}/${version}/model.py`, python]));
  return { [`${name}/config.pbtxt`]: config, ...files };
}

export const ensembleHead = `platform: "ensemble"\n${x}${y}`;

export function run(name: string, input: string, output: string, version = "model_version: -1"): string {
  return `step { model_name: "${name}" ${version} input_map { key: "x" value: "${input}" } output_map { key: "y" value: "${output}" } }\n`;
}

/** An ensemble `m` of these steps. */
export function ensemble(steps: string, models: Pieces, config = ensembleHead): Pieces {
  return { "m/config.pbtxt": `${config}ensemble_scheduling {\n${steps}}\n`, "m/1/": "", ...models };
}

export function good(title: string, pieces: Pieces, codes: readonly ProblemCode[] = [], options: CheckOptions = {}) {
  return { title, pieces, codes, options: { defaultModelName: "m", ...options } };
}

export function bad(title: string, codes: readonly ProblemCode[], pieces: Pieces, options: CheckOptions = {}) {
  return good(title, pieces, codes, options);
}

/** The backend's process ends without its file, and Triton waits for it for ever: it never gets ready. */
export function hangs(title: string, codes: readonly ProblemCode[], pieces: Pieces): RepositoryCase {
  return { ...bad(title, codes, pieces), waits: true };
}

export function without(reason: string, cases: readonly RepositoryCase[]): RepositoryCase[] {
  return cases.map((entry) => ({ ...entry, notAsked: reason }));
}

export function deviating(reason: string, cases: readonly RepositoryCase[]): RepositoryCase[] {
  return cases.map((entry) => ({ ...entry, deviates: reason }));
}

export const ab = { ...step("a"), ...step("b") };
export const chain = run("a", "x", "t") + run("b", "t", "y");
export const typed = (name: string, type: string) =>
  `${name} { name: "${name === "input" ? "x" : "y"}" data_type: ${type} dims: [ 4 ] }\n`;
export const sized = (name: string, dims: string) =>
  `${name} { name: "${name === "input" ? "x" : "y"}" data_type: TYPE_FP32 dims: ${dims} }\n`;
export const asks = (name: string) =>
  `${python}\n    def ask(self):\n        return pb_utils.InferenceRequest(model_name="${name}", inputs=[]).exec()\n`;
export const completing =
  python +
  "\n    @staticmethod\n    def auto_complete_config(config):\n        config.add_input({'name': 'x', 'data_type': 'TYPE_FP32', 'dims': [4]})\n        config.add_output({'name': 'y', 'data_type': 'TYPE_FP32', 'dims': [4]})\n        return config\n";
export const control = (text: string) =>
  `${base}max_batch_size: 4\nsequence_batching { control_input { name: "START" control { ${text} } } }\n`;
export const state = (text: string) =>
  `${base}sequence_batching { state { input_name: "i" output_name: "o" data_type: TYPE_FP32 dims: [ 2 ] ${text} } }\n`;
export const states = (...pairs: readonly (readonly [input: string, output: string])[]) =>
  `${base}sequence_batching { ${pairs.map(([input, output]) => `state { input_name: "${input}" output_name: "${output}" data_type: TYPE_FP32 dims: [ 2 ] }`).join(" ")} }\n`;
export const warmup = (inputs: string, batch = 1) =>
  `${base}model_warmup { name: "w" batch_size: ${batch} ${inputs} }\n`;
export const warm = (text: string) => `inputs { key: "x" value { ${text} } }`;
export const environment = (path: string) =>
  `${base}parameters { key: "EXECUTION_ENV_PATH" value { string_value: "${path}" } }\n`;

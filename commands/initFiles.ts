import { InferenceError, encodeRequest } from "../inference/index.ts";
import { generateRequest, isGenerateType, usualInferenceType, type GenerateType } from "../inference/exampleBody.ts";
import { zeroRequest } from "../inference/zeroRequest.ts";
import { checkModelRepository } from "../triton/repository/modelRepository.ts";
import { configTemplate, describesItself, firstConfig } from "../triton/config/firstConfig.ts";
import { configsOf } from "../triton/config/loadedConfig.ts";
import type { Problem } from "../triton/repository/problem.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { readServedModels, type ServedModel } from "../triton/repository/servedModel.ts";
import { startup } from "../triton/repository/startup.ts";
import { stepGraph } from "../triton/stepGraph.ts";
import { loadArguments, unloadedCallees } from "../triton/rules/businessLogic.ts";

/** A file that init writes to a model repository. */
export interface InitFile {
  /** Its path in the repository. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
  /** A description of where its content comes from. */
  readonly origin: string;
}

/** The files that a model repository lacks. */
export interface InitPlan {
  /** The files to write. */
  readonly files: readonly InitFile[];
  /** The paths of existing files. */
  readonly kept: readonly string[];
  /** What only the user knows: a sentence each, and lines of a template below it. */
  readonly open: readonly string[];
  /** Whether a configuration is among it, so that what depends on it can be made only afterwards. */
  readonly lacksConfig: boolean;
  /** The model that requests go to. */
  readonly defaultModelName?: string;
  /** The inference type of its requests, if it isn't the default one. */
  readonly inferenceType?: GenerateType;
  /** The models that Python code calls and only `modelServer.loadModels` loads. */
  readonly loadModels: readonly string[];
  /** The problems of the repository with these files; if there is an error, nothing is written. */
  readonly problems: readonly Problem[];
}

const OWN_VALUES = "replace them with your own values";

/** A file with more zeros than this is of no use; `npm start` generates the request when it runs. */
const MOST_VALUES = 10_000;

/**
 * Finds the files that a model repository lacks, and generates those it can from the models' own files.
 *
 * @param contents the repository
 * @param chosen the model that requests go to. Default: the only one that no other model runs
 */
export function initPlan(contents: RepositoryContents, chosen?: string): InitPlan {
  const models = readServedModels(contents);
  const configs = models.filter(({ configPath }) => configPath === undefined).map(configFile);
  const whole = withFiles(
    contents,
    configs.flatMap(({ file }) => file ?? []),
  );
  const wholeModels = new Map(readServedModels(whole).map((model) => [model.name, model]));
  const options = { defaultModelName: chosen, assumeDefaultModel: chosen === undefined };
  const { answering, loaded } = startup(wholeModels, options);
  const loadModels = answering === undefined ? [] : unloadedCallees(wholeModels, loaded);
  const answerer = answering === undefined ? undefined : wholeModels.get(answering);
  const found = [...configs, ...(answerer ? [requestFile(answerer, wholeModels)] : [])];
  return {
    files: found.flatMap(({ file }) => file ?? []),
    kept: [...models.flatMap(({ configPath }) => configPath ?? []), ...found.flatMap(({ kept }) => kept ?? [])],
    open: found.flatMap(({ open }) => open ?? []),
    ...(answering !== undefined && { defaultModelName: answering }),
    ...(answering !== undefined &&
      stepGraph(wholeModels).decoupled.has(answering) && { inferenceType: "generate_stream" }),
    loadModels,
    lacksConfig: found.some(({ template }) => template),
    // What is left to the user is no mistake.
    problems: checkModelRepository(whole, { ...options, additionalArgs: loadArguments(loadModels) }).filter(
      ({ code, path }) => code !== "backend-needs-config" || path.endsWith("config.pbtxt"),
    ),
  };
}

/**
 * One file that a repository may lack: to be written, already existing, or with the reason why it can't be generated.
 */
interface Found {
  /** Whether the sentence is about a configuration, without which the model can't be asked. */
  readonly template?: boolean;
  readonly file?: InitFile;
  readonly kept?: string;
  readonly open?: string;
}

function configFile(model: ServedModel): Found {
  const text = firstConfig(model);
  const { filename = "", backend = "" } = model.completed ?? {};
  if (text !== undefined) {
    return { file: { path: `${model.name}/config.pbtxt`, text, origin: `tensors as ${filename} has them` } };
  }
  if (backend === "" || describesItself(model)) return {};
  return {
    open: `${model.name}/config.pbtxt: ${filename} does not say what the inputs and outputs are. Write the file with their names, types and shapes, for example:\n${configTemplate(model)}`,
    template: true,
  };
}

/** The repository including the files to write. */
function withFiles(contents: RepositoryContents, files: readonly InitFile[]): RepositoryContents {
  return {
    ...contents,
    files: new Map([...contents.files, ...files.map(({ path, text }) => [path, Buffer.byteLength(text)] as const)]),
    texts: new Map([...contents.texts, ...files.map(({ path, text }) => [path, text] as const)]),
  };
}

function requestFile(model: ServedModel, models: ReadonlyMap<string, ServedModel>): Found {
  const path = `${model.name}/request.json`;
  if (model.contents.files.has(path)) return { kept: path };
  const [config, ...steps] = configsOf(model.name, models);
  if (!config || config.input.length === 0) {
    return describesItself(model)
      ? { open: `${path}: only the running model tells its inputs: add a request of your own.` }
      : {};
  }
  const type = usualInferenceType([config, ...steps]);
  if (isGenerateType(type)) {
    const request = generateRequest(config, type);
    return request
      ? { file: { path, text: `${JSON.stringify(request, undefined, 2)}\n`, origin: `an example: ${OWN_VALUES}` } }
      : {
          open: `${path}: an input has several dimensions, which a request of inferenceType ${type} can't hold: let another model call ${model.name} and answer once.`,
        };
  }
  const request = zeroRequest(config, steps);
  const values = request.inputs.reduce((sum, { data }) => sum + data.length, 0);
  if (values > MOST_VALUES)
    return { open: `${path}: a request has ${values} values, too many to write as zeros: write your own.` };
  try {
    const body = JSON.parse(Buffer.from(encodeRequest(request, "json").body).toString()) as { inputs: unknown[] };
    return { file: { path, text: requestText(body), origin: `zeros: ${OWN_VALUES}` } };
  } catch (error) {
    if (error instanceof InferenceError) return { open: `${path}: ${error.message}.` };
    throw error;
  }
}

/** One line per tensor, so that values are easy to edit. */
function requestText({ inputs, ...rest }: { readonly inputs: readonly unknown[] }): string {
  const parts = [
    `  "inputs": [\n${inputs.map((tensor) => `    ${JSON.stringify(tensor)}`).join(",\n")}\n  ]`,
    ...Object.entries(rest).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`),
  ];
  return `{\n${parts.join(",\n")}\n}\n`;
}

import { enumerated } from "../enumerated.ts";
import type { Finding } from "./finding.ts";
import { reachable, stepGraph } from "../stepGraph.ts";
import type { ServedModel } from "./servedModel.ts";
import { calledModels } from "../rules/businessLogic.ts";
import { isUnread, unreadNames } from "./unread.ts";

/** The models that SageMaker's start script loads from a repository. */
export interface Startup {
  /** The models that it loads: the requested ones, and the steps of ensembles among them. */
  readonly loaded: ReadonlySet<string>;
  /** The model that requests go to; absent if it isn't known. */
  readonly answering?: string;
  /** The problems that it would have. */
  readonly findings: readonly Finding[];
}

/** The environment of the start script. */
export interface StartupOptions {
  /** `SAGEMAKER_TRITON_DEFAULT_MODEL_NAME`. Default: the only model. */
  readonly defaultModelName?: string | undefined;
  /** True to assume the only model that no other one runs as the default. Default: `false`. */
  readonly assumeDefaultModel?: boolean;
  /** `SAGEMAKER_TRITON_ADDITIONAL_ARGS`. Default: none. */
  readonly additionalArgs?: string | undefined;
}

/**
 * Determines what SageMaker's start script loads.
 * Source: https://github.com/triton-inference-server/server/blob/main/docker/sagemaker/serve
 *
 * @param models the repository's models by name
 * @param options the environment of the start script
 * @param strayFolders folders next to the models that it takes for models. Default: none
 */
export function startup(
  models: ReadonlyMap<string, ServedModel>,
  options: StartupOptions,
  strayFolders: readonly string[] = [],
): Startup {
  const { defaultModelName, assumeDefaultModel = false, additionalArgs } = options;
  const names = [...models.keys()];
  const args = (additionalArgs ?? "").split(/\s+/).filter((arg) => arg !== "");
  const requested = argumentValues(args, "--load-model");
  const findings = [
    ...(defaultModelName === undefined && names.length === 1
      ? strayFindings(names, strayFolders, assumeDefaultModel)
      : defaultModelFindings(models, defaultModelName, assumeDefaultModel)),
    ...argumentFindings(names, requested, argumentValues(args, "--model-control-mode")),
  ];
  // If there are several models and none is chosen, we don't know which one it would be, so all must be valid.
  const [first, ...others] = assumeDefaultModel ? candidates(models) : names;
  const chosen = defaultModelName ?? (others.length === 0 ? first : undefined);
  const isOpen = chosen === undefined || !models.has(chosen) || requested.includes("*");
  const roots = isOpen ? names : [chosen, ...requested];
  const named = reachable(roots, stepGraph(models).steps);
  const loaded = new Set([...named].filter((name) => models.has(name)));
  const answering = chosen !== undefined && models.has(chosen) ? { answering: chosen } : {};
  return { loaded, ...answering, findings: [...findings, ...spaceFindings(roots.filter((name) => models.has(name)))] };
}

/** The models that no other one runs as a step or calls from Python. */
function candidates(models: ReadonlyMap<string, ServedModel>): string[] {
  const run = new Set([...[...stepGraph(models).steps.values()].flat(), ...[...models.values()].flatMap(calledModels)]);
  return [...models.keys()].filter((name) => !run.has(name));
}

function defaultModelFindings(
  models: ReadonlyMap<string, ServedModel>,
  name: string | undefined,
  assume: boolean,
): Finding[] {
  const names = [...models.keys()];
  if (names.length === 0) {
    return [
      {
        code: "repository-empty",
        path: ".",
        message: "The repository has no model: there is no folder in it.",
        remedy: "Put each model into its own folder: <model>/config.pbtxt and <model>/1/….",
      },
    ];
  }
  if (name === undefined && names.length > 1) {
    const [first, ...others] = candidates(models);
    const single = others.length === 0 ? first : undefined;
    // Which one runs the others may stand in what can't be read.
    if (assume && single === undefined && [...models.values()].some(isPartOfUnread)) return [];
    if (assume && single !== undefined) {
      return [
        {
          code: "default-model-assumed",
          path: ".",
          message: `There are ${names.length} models and no default one; "${single}", which runs the others, is assumed.`,
          remedy: `Set defaultModelName in the stack, and --default-model here, to "${single}".`,
        },
      ];
    }
    return [
      {
        code: "default-model-ambiguous",
        path: ".",
        message: `There are ${names.length} models and no default one: ${enumerated(names)}.`,
        remedy: `Name the one that requests go to${
          single === undefined ? "" : `, "${single}", which runs the others`
        }: in a stack as defaultModelName, which is SAGEMAKER_TRITON_DEFAULT_MODEL_NAME, for a command as --default-model.`,
      },
    ];
  }
  if (name === undefined || names.includes(name)) return [];
  return [
    {
      code: "default-model-unknown",
      path: ".",
      message: `The default model "${name}" isn't a folder of the repository, which has ${enumerated(names)}.`,
      remedy: "Name one of them: in a stack as defaultModelName, for a command as --default-model.",
      missing: [name],
    },
  ];
}

/** Checks whether the model's configuration, or what may be a model beside it, could not be read. */
function isPartOfUnread({ contents, configPath = "." }: ServedModel): boolean {
  return isUnread(contents, configPath) || unreadNames(contents, ".").length > 0;
}

/** The start script looks for the only folder, including hidden ones. */
function strayFindings(
  [modelName = ""]: readonly string[],
  strayFolders: readonly string[],
  assume: boolean,
): Finding[] {
  if (strayFolders.length === 0) return [];
  const remedy = `Pack the repository without ${strayFolders.length === 1 ? "it" : "them"}, or set defaultModelName to "${modelName}".`;
  const message = `SageMaker's start script takes ${strayFolders.join(" and ")} for a model as well as ${modelName}, and no default model is set.`;
  return [{ code: assume ? "archive-hidden-folder" : "default-model-ambiguous", path: ".", message, remedy }];
}

/** The start script puts the model's name into a shell variable, unquoted, so the shell splits it into words. */
function spaceFindings(loaded: readonly string[]): Finding[] {
  return loaded
    .filter((name) => /\s/.test(name))
    .map((name) => ({
      code: "model-name-space",
      path: name,
      message: `SageMaker's start script splits the name "${name}" into several words.`,
      remedy: "Rename the folder, with - or _ instead of the space.",
    }));
}

function argumentFindings(names: readonly string[], requested: readonly string[], modes: readonly string[]): Finding[] {
  const findings: Finding[] = requested
    .filter((name) => name !== "*" && !names.includes(name))
    .map((name) => ({
      code: "load-model-unknown",
      path: ".",
      message: `SAGEMAKER_TRITON_ADDITIONAL_ARGS loads "${name}", which isn't a folder of the repository.`,
      remedy: "Name an existing model.",
      missing: [name],
    }));
  if (requested.includes("*")) {
    findings.push({
      code: "load-model-conflict",
      path: ".",
      message:
        "--load-model=* can't be combined with another --load-model, and SageMaker's start script adds the default model's.",
      remedy: "Name the models: one --load-model=… for each.",
    });
  }
  if (modes.some((mode) => mode !== "explicit")) {
    findings.push({
      code: "load-model-conflict",
      path: ".",
      message:
        "A --model-control-mode other than explicit can't be combined with the --load-model that SageMaker's start script adds.",
      remedy: "Remove --model-control-mode.",
    });
  }
  return findings;
}

/** The values of an option, given as `--option=value` or as `--option value`. */
function argumentValues(args: readonly string[], option: string): string[] {
  return args.flatMap((arg, index) => {
    if (arg.startsWith(`${option}=`)) return [arg.slice(option.length + 1)];
    return arg === option ? args.slice(index + 1, index + 2) : [];
  });
}

import type { Finding } from "../repository/finding.ts";
import { pythonTexts, type ServedModel } from "../repository/servedModel.ts";
import { stepGraph } from "../stepGraph.ts";

/** A call from a Python model's code to another model. */
interface ModelCall {
  readonly caller: ServedModel;
  readonly callee: string;
  readonly path: string;
  readonly line: number;
}

/**
 * The rules for Python models that call other models ("business logic scripting"): Triton doesn't load those itself,
 * but still reports that it is ready.
 * Source: https://github.com/triton-inference-server/python_backend#business-logic-scripting
 *
 * @param models the repository's models by name
 * @param loaded the models that the start script loads
 */
export function businessLogicRules(
  models: ReadonlyMap<string, ServedModel>,
  loaded: ReadonlySet<string>,
): { readonly caller: ServedModel; readonly callee: string; readonly finding: Finding }[] {
  const calls = callsFrom(models, loaded);
  const missing = unloadedCallees(models, loaded);
  const settingFor = (callee: string) => loadArguments(missing.length > MOST_NAMED ? [callee] : missing);
  return calls.map(({ caller, callee, path, line }) => ({
    caller,
    callee,
    finding: models.has(callee)
      ? {
          code: "bls-model-not-loaded",
          path,
          line,
          message: `The code calls the model "${callee}", which SageMaker's start script doesn't load.`,
          remedy: `Add it to loadModels of modelServer, which is SAGEMAKER_TRITON_ADDITIONAL_ARGS="${settingFor(callee)}".`,
        }
      : {
          code: "bls-model-unknown",
          path,
          line,
          message: `The code calls the model "${callee}", but the repository has no such folder.`,
          remedy: "Add the model, or name an existing one.",
          missing: [callee],
        },
  }));
}

/**
 * The arguments with which the start script loads more models than it does by itself.
 *
 * @param models their names
 */
export function loadArguments(models: readonly string[]): string {
  return models.map((name) => `--load-model=${name}`).join(" ");
}

/**
 * The models that Python code calls and the start script doesn't load, as far as the code names them.
 *
 * @param models the repository's models by name
 * @param loaded the models that the start script loads
 */
export function unloadedCallees(models: ReadonlyMap<string, ServedModel>, loaded: ReadonlySet<string>): string[] {
  return [...new Set(callsFrom(models, loaded).map(({ callee }) => callee))].filter((name) => models.has(name));
}

/**
 * The models that a Python model's code calls, as far as the code names them, without itself.
 *
 * @param model the model
 */
export function calledModels(model: ServedModel): string[] {
  return callsOf(model).flatMap(({ callee }) => (callee === model.name ? [] : [callee]));
}

/** The most models to name in a setting that loads them. */
const MOST_NAMED = 20;

/** The calls to models that are not loaded, from models that are and from those they call in turn. */
function callsFrom(models: ReadonlyMap<string, ServedModel>, loaded: ReadonlySet<string>): ModelCall[] {
  const calls: ModelCall[] = [];
  const { steps } = stepGraph(models);
  const seen = new Set(loaded);
  // The set grows while it is gone through.
  for (const name of seen) {
    const caller = models.get(name);
    if (!caller) continue;
    const own = callsOf(caller);
    for (const call of own.filter(({ callee }) => !loaded.has(callee))) calls.push(call);
    for (const next of [...own.map(({ callee }) => callee), ...(steps.get(name) ?? [])]) seen.add(next);
  }
  return calls;
}

function callsOf(caller: ServedModel): ModelCall[] {
  if (caller.completed?.backend !== "python") return [];
  return pythonTexts(caller).flatMap(({ path, text }) => {
    if (!/\bInferenceRequest\b/.test(text)) return [];
    // A model that loads others itself needs no help.
    const loads = text.matchAll(/\bload_model\(\s*(?:model_name\s*=\s*)?["']([^"']+)["']/g);
    const selfLoaded = new Set([...loads].map(([, name]) => name));
    const lines = text.split("\n");
    const constants = constantsOf(lines);
    return lines.flatMap((line, index) => {
      const code = line.replace(/^\s*#.*/, "");
      const literal = /\bmodel_name\s*=\s*["']([^"']+)["']/.exec(code)?.[1];
      const variable = /\bmodel_name\s*=\s*([A-Za-z_][\w.]*)/.exec(code)?.[1];
      const callee = literal ?? constants.get(variable ?? "");
      if (callee === undefined || selfLoaded.has(callee)) return [];
      return [{ caller, callee, path, line: index + 1 }];
    });
  });
}

/** The values of the names that the code sets once, to a string. */
function constantsOf(lines: readonly string[]): ReadonlyMap<string, string | undefined> {
  const constants = new Map<string, string | undefined>();
  for (const line of lines) {
    const [, name, value] = /^\s*([A-Za-z_][\w.]*)\s*(?::\s*\w+\s*)?=\s*["']([^"']+)["']\s*(?:#.*)?$/.exec(line) ?? [];
    if (name !== undefined) constants.set(name, constants.has(name) ? undefined : value);
  }
  return constants;
}

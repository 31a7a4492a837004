import type { Finding } from "../repository/finding.ts";
import { pythonTexts, type ServedModel } from "../repository/servedModel.ts";
import { stepModels } from "./ensembleModels.ts";

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
  const missing = [...new Set(calls.map(({ callee }) => callee))].filter((name) => models.has(name));
  const setting = missing.map((name) => `--load-model=${name}`).join(" ");
  return calls.map(({ caller, callee, path, line }) => ({
    caller,
    callee,
    finding: models.has(callee)
      ? {
          code: "bls-model-not-loaded",
          path,
          line,
          message: `The code calls the model "${callee}", which SageMaker's start script doesn't load.`,
          remedy: `Add it to loadModels of modelServer, which is SAGEMAKER_TRITON_ADDITIONAL_ARGS="${setting}".`,
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

/** The calls to models that are not loaded, from models that are and from those they call in turn. */
function callsFrom(models: ReadonlyMap<string, ServedModel>, loaded: ReadonlySet<string>): ModelCall[] {
  const calls: ModelCall[] = [];
  const seen = new Set(loaded);
  const queue = [...loaded];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const caller = models.get(name);
    if (!caller) continue;
    for (const call of callsOf(caller).filter(({ callee }) => !loaded.has(callee))) calls.push(call);
    for (const next of [...callsOf(caller).map(({ callee }) => callee), ...stepModels(caller)]) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return calls;
}

function callsOf(caller: ServedModel): ModelCall[] {
  if (caller.completed?.backend !== "python") return [];
  return pythonTexts(caller).flatMap(({ path, text }) => {
    // A model that loads others itself needs no help.
    const selfLoaded = [...text.matchAll(/\bload_model\(\s*(?:model_name\s*=\s*)?["']([^"']+)["']/g)].map(
      ([, name]) => name,
    );
    return text.split("\n").flatMap((line, index) => {
      const code = line.replace(/^\s*#.*/, "");
      const literal = /\bmodel_name\s*=\s*["']([^"']+)["']/.exec(code)?.[1];
      const variable = /\bmodel_name\s*=\s*([A-Za-z_][\w.]*)/.exec(code)?.[1];
      const callee = literal ?? constant(text, variable);
      if (callee === undefined || selfLoaded.includes(callee) || !/\bInferenceRequest\b/.test(text)) return [];
      return [{ caller, callee, path, line: index + 1 }];
    });
  });
}

/** The value of a name that the code sets once, to a string. */
function constant(text: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const values = [...text.matchAll(/^\s*([A-Za-z_][\w.]*)\s*(?::\s*\w+\s*)?=\s*["']([^"']+)["']\s*(?:#.*)?$/gm)]
    .filter(([, set]) => set === name)
    .map(([, , value]) => value);
  return values.length === 1 ? values[0] : undefined;
}

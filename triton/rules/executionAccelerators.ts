import type { ModelConfig } from "../config/modelConfig.ts";
import {
  backendParametersOf,
  isRead,
  type AcceleratorFact,
  type AcceleratorList,
} from "../releases/backendParameters.ts";
import type { Finding } from "../repository/finding.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { mayUseGpu, parameterFindings, type ParameterReader, type Reading } from "./backendParameters.ts";
import { closest } from "../../text/nearest.ts";

/**
 * The rules for the providers that a backend runs a model's operators with, and for their parameters.
 * Source: `LoadModel` in https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
 */
export function* executionAcceleratorRules(
  { config, completed }: ServedModel,
  reader: ParameterReader,
): Generator<Finding> {
  if (!config || !completed || config.ensemble_scheduling) return;
  const reading = { ...reader, reader: completed.backend, onGpu: mayUseGpu(config, reader) };
  for (const { accelerators } of backendParametersOf(completed.backend, completed.platform, config.runtime)) {
    if (accelerators) yield* acceleratorFindings(config, accelerators, reading);
  }
}

function* acceleratorFindings(
  config: ModelConfig,
  lists: Readonly<Record<AcceleratorList, Readonly<Record<string, AcceleratorFact>>>>,
  reading: Pick<Reading, "reader" | "release" | "onGpu">,
): Generator<Finding> {
  for (const list of Object.keys(lists) as AcceleratorList[]) {
    if (list === "gpu_execution_accelerator" && !reading.onGpu) continue;
    const known = lists[list];
    for (const [index, { name, parameters }] of (config.optimization?.execution_accelerators?.[list] ?? []).entries()) {
      const at = ["optimization", "execution_accelerators", list, index];
      const fact = Object.hasOwn(known, name) ? known[name] : undefined;
      const { release } = reading;
      if (!fact || (fact.since !== undefined && release !== undefined && release < fact.since)) {
        yield {
          code: "backend-parameter-invalid",
          at: [...at, "name"],
          message: `The backend ${reading.reader} has no execution accelerator "${name}"${fact?.since === undefined ? "" : ` before ${fact.since}, and the image is ${String(release)}`}.`,
          remedy: `Use ${Object.keys(known).join(" or ")}, or remove it.`,
        };
        continue;
      }
      const own = { ...reading, reader: name, values: parameters, facts: fact.parameters, at: [...at, "parameters"] };
      for (const [parameter, each] of Object.entries(fact.parameters)) {
        // It refuses what it doesn't know yet.
        if (isRead(each, release)) yield* parameterFindings(parameter, each, own);
      }
      if (fact.others === "refused") yield* refused(own);
    }
  }
}

function* refused({ reader, values, facts, at, release }: Reading): Generator<Finding> {
  const known = Object.keys(facts).filter((name) => isRead(facts[name] ?? { kind: "text" }, release));
  for (const name of Object.keys(values)) {
    if (known.includes(name)) continue;
    const since = Object.hasOwn(facts, name) ? facts[name]?.since : undefined;
    yield {
      code: "backend-parameter-invalid",
      at: [...at, name],
      message: `The execution accelerator ${reader} refuses the parameter "${name}"${since === undefined ? "" : `, which it knows from ${since} on, and the image is ${String(release)}`}.`,
      remedy: since === undefined ? `Did you mean ${closest(name, known)}?` : "Remove it, or use a newer image.",
    };
  }
}

import { enumerated } from "../enumerated.ts";
import type { Finding } from "../repository/finding.ts";
import type { SequenceBatching, SequenceControl, SequenceState } from "../config/modelConfigTypes.ts";
import { absence, entryKind, fileSize, type ServedModel } from "../repository/servedModel.ts";
import { byteSize } from "../config/dataTypes.ts";
import { isUnread } from "../repository/unread.ts";
import { preferredBatchSizes } from "./scheduling.ts";

/**
 * The rules for sequence batching: control inputs, implicit state, strategies.
 * Source: `GetBooleanSequenceControlProperties` in https://github.com/triton-inference-server/core/blob/main/src/model_config_utils.cc
 * and `SequenceStates` in https://github.com/triton-inference-server/core/blob/main/src/sequence_state.cc
 * and `GenerateInitialStateData` in https://github.com/triton-inference-server/core/blob/main/src/sequence_batch_scheduler/sequence_batch_scheduler.cc
 */
export function* sequenceRules(model: ServedModel): Generator<Finding> {
  const batching = model.config?.sequence_batching;
  if (!model.config || !batching) return;
  yield* controlFindings(batching);
  yield* stateFindings(batching, model);
  yield* pairFindings(batching);
  if (batching.oldest) {
    yield* preferredBatchSizes(batching.oldest.preferred_batch_size, model.config, ["sequence_batching", "oldest"]);
  }
  const utilization = batching.direct?.minimum_slot_utilization ?? 0;
  if (utilization < 0 || utilization > 1) {
    yield {
      code: "slot-utilization-invalid",
      at: ["sequence_batching", "direct", "minimum_slot_utilization"],
      message: `minimum_slot_utilization is ${utilization}, but must be from 0 to 1.`,
      remedy: "Write the fraction of slots that must be in use.",
    };
  }
}

const correlationTypes = ["TYPE_UINT64", "TYPE_INT64", "TYPE_UINT32", "TYPE_INT32", "TYPE_STRING"];

function* controlFindings({ control_input: inputs }: SequenceBatching): Generator<Finding> {
  const names = new Set<string>();
  const kinds = new Set<string>();
  for (const [index, input] of inputs.entries()) {
    const at = ["sequence_batching", "control_input", index];
    const invalid = (message: string, remedy: string, control?: number): Finding => ({
      code: "sequence-control-invalid",
      at: control === undefined ? at : [...at, "control", control],
      message,
      remedy,
    });
    if (input.name === "") yield invalid("A control_input has no name.", "Set it to the model's input for the signal.");
    else if (names.has(input.name)) {
      yield invalid(`The control_input "${input.name}" appears twice.`, "Use a separate input for each signal.");
    }
    names.add(input.name);
    for (const [position, control] of input.control.entries()) {
      if (kinds.has(control.kind)) {
        yield invalid(`${control.kind} is sent to two inputs.`, "Keep one of them.", position);
      }
      kinds.add(control.kind);
      const problem = controlProblem(control);
      if (problem) yield invalid(`${control.kind} of "${input.name}" ${problem[0]}.`, problem[1], position);
    }
  }
}

function controlProblem(control: SequenceControl): [problem: string, remedy: string] | undefined {
  const values = [control.int32_false_true, control.fp32_false_true, control.bool_false_true].filter(
    ({ length }) => length > 0,
  );
  if (control.kind === "CONTROL_SEQUENCE_CORRID") {
    if (values.length > 0) return ["has values for false and true, which an id doesn't have", "Set data_type instead."];
    return correlationTypes.includes(control.data_type)
      ? undefined
      : [`has data_type ${control.data_type}`, `Use one of ${correlationTypes.join(", ")}.`];
  }
  const remedy = "Set one of int32_false_true, fp32_false_true and bool_false_true, with two values.";
  if (values.length !== 1)
    return [values.length === 0 ? "has no values for false and true" : "has several values", remedy];
  return values[0]?.length === 2 ? undefined : ["doesn't have exactly two values", remedy];
}

function* stateFindings({ state: states }: SequenceBatching, model: ServedModel): Generator<Finding> {
  const initialised = new Set<string>();
  for (const [index, state] of states.entries()) {
    const at = ["sequence_batching", "state", index];
    for (const problem of stateProblems(state, initialised.has(state.input_name), model)) {
      yield {
        code: "sequence-state-invalid",
        at: [...at, ...(state.initial_state.length > 0 ? ["initial_state"] : [])],
        message: `The state "${state.input_name}" ${problem}.`,
        remedy: "Correct it as described in Triton's guide on implicit state, or remove it.",
      };
    }
    if (state.initial_state.length > 0) initialised.add(state.input_name);
  }
}

/**
 * Triton ignores a state that repeats the name of another one's input or output. It sorts the inputs and outputs of the
 * others by name, and passes the first output on to the first input, the second to the second, whatever belongs together.
 */
function* pairFindings({ state: states }: SequenceBatching): Generator<Finding> {
  const pairs = new Map<string, SequenceState>();
  const outputs = new Set<string>();
  for (const [index, state] of states.entries()) {
    const { input_name: input, output_name: output } = state;
    const repeated = pairs.has(input) ? (["input_name", input] as const) : (["output_name", output] as const);
    if (pairs.has(input) || outputs.has(output)) {
      yield {
        code: "sequence-state-ignored",
        at: ["sequence_batching", "state", index, repeated[0]],
        message: `Two states have the ${repeated[0]} "${repeated[1]}", and Triton ignores one of them.`,
        remedy: "Give each state its own input and output.",
      };
      continue;
    }
    pairs.set(input, state);
    outputs.add(output);
  }
  const inputs = [...pairs.keys()].sort(byBytes);
  const sorted = [...outputs].sort(byBytes);
  const wrong = inputs.findIndex((input, place) => {
    const state = pairs.get(input);
    return state?.use_same_buffer_for_input_output === false && state.output_name !== sorted[place];
  });
  const input = inputs[wrong];
  if (input === undefined) return;
  const renamed = inputs.map((name) => `${pairs.get(name)?.output_name ?? ""} → new_${name}`);
  yield {
    code: "sequence-state-order",
    at: ["sequence_batching", "state", states.findIndex(({ input_name: name }) => name === input)],
    message: `Triton pairs states by their sorted names, so from the second request of a sequence on the input "${input}" receives "${sorted[wrong] ?? ""}" instead of "${pairs.get(input)?.output_name ?? ""}".`,
    remedy: `Name the outputs so that they sort as their inputs do, here and in the model: ${enumerated(renamed)}.`,
  };
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function* stateProblems(state: SequenceState, repeated: boolean, model: ServedModel): Generator<string> {
  const initial = state.initial_state.at(0);
  if (!initial) return;
  if (state.initial_state.length > 1) {
    yield "has more than one initial_state";
    return;
  }
  if (repeated) yield "has an initial_state twice";
  if (initial.name === "") yield "has an initial_state without a name";
  if (initial.data_type !== state.data_type)
    yield `is ${state.data_type}, but its initial_state is ${initial.data_type}`;
  if (initial.dims.includes(-1)) yield "has -1 in the dims of its initial_state";
  const matches = state.dims.every(
    (size, axis) => size === -1 || initial.dims[axis] === -1 || size === initial.dims[axis],
  );
  if (initial.dims.length !== state.dims.length || !matches) yield "has an initial_state with other dims";
  if (initial.data_file === undefined) {
    if (initial.zero_data === undefined) yield "has an initial_state with neither zero_data nor data_file";
    return;
  }
  const file = `${model.name}/initial_state/${initial.data_file}`;
  if (isUnread(model.contents, file)) return;
  if (entryKind(model.contents, file) !== "file") {
    yield `begins with the file ${file}, which ${absence(model.contents, file)}`;
    return;
  }
  const wanted = initial.dims.reduce((product, size) => product * size, byteSize(initial.data_type));
  const size = fileSize(model.contents, file);
  if (size < wanted) yield `starts with the file ${file}, which has ${size} of ${wanted} bytes`;
}

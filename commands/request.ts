import { InvalidArgumentError, Option, type Command } from "commander";
import { exampleBody } from "../inference/exampleBody.ts";
import {
  decodeRequest,
  encodeRequest,
  type BodyForm,
  type EncodedBody,
  type InferenceRequest,
} from "../inference/index.ts";
import type { Invocation } from "../operations/invocation.ts";
import type { Target } from "../operations/target.ts";
import type { ModelConfig } from "../triton/config/modelConfigTypes.ts";
import type { DeployedModelOptions } from "./deployedModel.ts";

/** The options for the request to send. */
export interface RequestOptions extends DeployedModelOptions {
  /** Inputs, each as `NAME=1,2,3` or `NAME=@file`. */
  readonly input: readonly string[];
  /** How tensors travel. Default: whichever is smaller. */
  readonly form?: BodyForm;
  /** Marks the request in captured data. */
  readonly inferenceId?: string;
  /** A stateful session. */
  readonly sessionId?: string;
  /** Attributes passed on to the container. */
  readonly customAttributes?: string;
  /** The sequence that the request belongs to, for a model with sequence_batching. */
  readonly sequenceId?: number | string;
  /** Whether the request begins its sequence. */
  readonly sequenceStart?: boolean;
  /** Whether the request ends its sequence. */
  readonly sequenceEnd?: boolean;
}

/**
 * Adds the argument and the options for the request to a command.
 *
 * @param command the command
 */
export function withRequest(command: Command): Command {
  return command
    .argument("[file]", "the request: KServe JSON (-: standard input), .npy or .npz")
    .addOption(
      new Option("--input <name=values>", "an input: x=1,2,3, x=[[1,2],[3,4]], x=@image.jpg, x=@array.npy")
        .argParser(collect)
        .default([], "none"),
    )
    .option("--model-repository <folder>", "where to read the model's configuration (default: the stack's)")
    .option("--default-model <name>", "the model that answers, instead of the stack's defaultModelName")
    .option("--target-model <archive>", "the model that answers, if the endpoint has many")
    .option("--target-variant <name>", "the variant that answers")
    .option("--inference-id <id>", "marks the request in captured data")
    .option("--session-id <id>", "the stateful session; NEW_SESSION starts one")
    .option("--custom-attributes <text>", "attributes passed on to the container")
    .option("--form <form>", "how tensors travel: json or binary (default: whichever is smaller)", form);
}

/**
 * Adds the options for a request of a sequence to a command that sends one request.
 *
 * @param command the command
 */
export function withSequence(command: Command): Command {
  return command
    .option("--sequence-id <id>", "the sequence that the request belongs to: a number from 1, or text", sequenceId)
    .option("--sequence-start", "with --sequence-id: the request begins its sequence")
    .option("--sequence-end", "with --sequence-id: the request ends its sequence");
}

/**
 * The request to send: the user's or, by default, the model's example request.
 *
 * @param file the request's file, if one is given
 * @param options the other options
 * @param target where it goes
 * @throws Error if there is nothing to send, or it doesn't fit the model
 */
export async function invocationOf(
  file: string | undefined,
  options: RequestOptions,
  target: Target,
): Promise<Invocation> {
  return { ...(await bodyOf(file, options, target)), ...sagemakerParts(options) };
}

async function bodyOf(file: string | undefined, options: RequestOptions, target: Target): Promise<EncodedBody> {
  const { input: inputs, form: bodyForm } = options;
  const sequence = sequenceOf(options);
  let known: Promise<KnownModel | undefined> | undefined;
  const model = () => (known ??= modelOf(options, target));
  const ofSequence = (request: InferenceRequest) =>
    encodeRequest(sequence ? { ...request, parameters: { ...request.parameters, ...sequence } } : request, bodyForm);
  if (file === undefined && inputs.length === 0) {
    const example = exampleOf(await model(), target);
    return sequence ? ofSequence(decodeRequest(example.body, example.contentType)) : example;
  }
  const { readRequest } = await import("../operations/readInputs.ts");
  const read = await readRequest({ ...(file !== undefined && { file }), inputs }, async () => (await model())?.config);
  if (read.kind === "tensors") return ofSequence(read.request);
  if (sequence) throw new Error("--sequence-id needs a KServe request, with inputs: give one, or remove the option");
  return read.body;
}

/**
 * The parameters of a request of a sequence; `undefined` if it is of none.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_sequence.md
 */
function sequenceOf({ sequenceId, sequenceStart = false, sequenceEnd = false }: RequestOptions) {
  if (sequenceId !== undefined) {
    return { sequence_id: sequenceId, sequence_start: sequenceStart, sequence_end: sequenceEnd };
  }
  if (!sequenceStart && !sequenceEnd) return undefined;
  throw new Error(`--sequence-${sequenceStart ? "start" : "end"} needs --sequence-id: add it`);
}

/** What a request depends on. */
interface KnownModel {
  readonly config?: ModelConfig;
  readonly example?: EncodedBody;
}

/** The model that answers, as the user's repository describes it or, if none is named, as its server does. */
async function modelOf(options: RequestOptions, target: Target): Promise<KnownModel | undefined> {
  const { stack, modelRepository, defaultModel } = options;
  if (target.kind === "endpoint" || stack !== undefined || modelRepository !== undefined) {
    const { deployedModel } = await import("./deployedModel.ts");
    return deployedModel(options);
  }
  const { askForModel } = await import("../operations/servedModel.ts");
  const model = await askForModel(target.url, defaultModel);
  if (!model) return undefined;
  const { config, steps } = model;
  const example = exampleBody([config, ...steps]);
  return { config, ...(example && { example }) };
}

function exampleOf(model: KnownModel | undefined, target: Target): EncodedBody {
  if (model?.example) return model.example;
  const silent = target.kind === "url" && !model ? `${target.url} doesn't say which model it serves` : undefined;
  throw new Error(
    `${silent === undefined ? "there is nothing to send" : `${silent}, so there is nothing to send`}: name a file, use --input NAME:TYPE[SHAPE]=VALUES, or --stack or --model-repository for a model's example request`,
  );
}

function sagemakerParts(options: RequestOptions): Partial<Invocation> {
  const { targetModel, targetVariant, inferenceId, sessionId, customAttributes } = options;
  const parts = { targetModel, targetVariant, inferenceId, sessionId, customAttributes };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function collect(value: string, values: readonly string[]): string[] {
  return [...values, value];
}

/** Triton takes 0 and an empty text for no sequence. */
function sequenceId(value: string): number | string {
  const id = /^\d+$/.test(value) ? Number(value) : value;
  if (id === 0 || id === "" || (typeof id === "number" && !Number.isSafeInteger(id))) {
    throw new InvalidArgumentError(`Use a number from 1 to ${Number.MAX_SAFE_INTEGER}, or text.`);
  }
  return id;
}

function form(value: string): BodyForm {
  if (value === "json" || value === "binary") return value;
  throw new InvalidArgumentError("Use json or binary.");
}

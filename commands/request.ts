import { InvalidArgumentError, Option, type Command } from "commander";
import { exampleBody } from "../inference/exampleBody.ts";
import { encodeRequest, type BodyForm, type EncodedBody } from "../inference/index.ts";
import type { Invocation } from "../operations/invocation.ts";
import { readRequest } from "../operations/readInputs.ts";
import { askForModel } from "../operations/servedModel.ts";
import type { Target } from "../operations/target.ts";
import type { ModelConfig } from "../triton/config/modelConfigTypes.ts";
import { deployedModel, type DeployedModelOptions } from "./deployedModel.ts";

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
  let known: Promise<KnownModel | undefined> | undefined;
  const model = () => (known ??= modelOf(options, target));
  if (file === undefined && inputs.length === 0) return exampleOf(await model(), target);
  const read = await readRequest({ ...(file !== undefined && { file }), inputs }, async () => (await model())?.config);
  return read.kind === "body" ? read.body : encodeRequest(read.request, bodyForm);
}

/** What a request depends on. */
interface KnownModel {
  readonly config?: ModelConfig;
  readonly example?: EncodedBody;
}

/** The model that answers, as the user's repository describes it or, if none is named, as its server does. */
async function modelOf(options: RequestOptions, target: Target): Promise<KnownModel | undefined> {
  const { stack, modelRepository, defaultModel } = options;
  if (target.kind === "endpoint" || stack !== undefined || modelRepository !== undefined) return deployedModel(options);
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

function form(value: string): BodyForm {
  if (value === "json" || value === "binary") return value;
  throw new InvalidArgumentError("Use json or binary.");
}

import { InvalidArgumentError, type Command } from "commander";
import { Table } from "console-table-printer";
import { invokeAsync } from "../client/asyncInvocation.ts";
import { connectTo } from "../client/connect.ts";
import { contentTypeOf } from "../client/contentType.ts";
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  InferenceError,
  type BodyForm,
  type EncodedBody,
  type InferenceResponse,
} from "../client/inference.ts";
import { longestAnswerInSeconds, type Answer, type Invocation } from "../client/invocation.ts";
import { readRequest } from "../client/readInputs.ts";
import { describeTarget, type Target, type TargetOptions } from "../client/target.ts";
import { answerRows, outputsToRead } from "./answer.ts";
import { deployedModel, type DeployedModel, type DeployedModelOptions } from "./deployedModel.ts";
import { printable, printableLine } from "./printable.ts";
import { runCommand } from "./run.ts";
import { answerJson, saveAnswer } from "./saveAnswer.ts";
import { targetOf, withTarget } from "./target.ts";

interface Options extends TargetOptions, DeployedModelOptions, Pick<Invocation, "inferenceId" | "sessionId"> {
  readonly input: readonly string[];
  readonly form?: BodyForm;
  readonly customAttributes?: string;
  readonly async?: boolean;
  readonly wait: boolean;
  readonly bucket?: string;
  readonly stream?: boolean;
  readonly timeout?: number;
  readonly save?: string;
  readonly json?: boolean;
}

/** `invoke [file]` */
export function define(command: Command): void {
  withTarget(command)
    .description("Send a request to an endpoint or a server and print the answer. Without a request, the model's own.")
    .argument("[file]", "the request: KServe JSON (-: standard input), .npy or .npz")
    .option("--input <name=values>", "an input: x=1,2,3, x=[[1,2],[3,4]], x=@image.jpg, x=@array.npy", collect, [])
    .option("--model-repository <folder>", "where the model's configuration is read (default: the stack's)")
    .option("--default-model <name>", "the model that answers, in place of the stack's defaultModelName")
    .option("--target-model <archive>", "the model that answers, where the endpoint has many")
    .option("--target-variant <name>", "the variant that answers")
    .option("--inference-id <id>", "marks the request in captured data")
    .option("--session-id <id>", "the stateful session; NEW_SESSION begins one")
    .option("--custom-attributes <text>", "what the container gets besides the request")
    .option("--form <form>", "how tensors travel: json or binary (default: whichever is smaller)", form)
    .option("--async", "put the request into the bucket and wait for the answer there")
    .option("--no-wait", "with --async: print where the answer will be, and end")
    .option("--bucket <name>", "with --async: the bucket (default: the stack's)")
    .option("--stream", "print the answer as it comes (inferenceType generate_stream)")
    .option("--timeout <seconds>", "how long to wait (default: 60; with --async 900)", seconds)
    .option("--save <file>", "write the answer to a .json, .npy or .npz file")
    .option("--json", "print one JSON document")
    .action(invoke);
}

async function invoke(file: string | undefined, options: Options): Promise<void> {
  const target = await targetOf(options);
  const invocation = { ...(await bodyOf(file, options, target)), ...sagemakerParts(options) };
  if (options.async) {
    await invokeThroughBucket(target, invocation, options);
    return;
  }
  const sender = await connectTo(target, { timeoutInSeconds: options.timeout ?? longestAnswerInSeconds });
  try {
    if (options.stream) {
      const text = new TextDecoder();
      for await (const piece of sender.stream(invocation)) {
        process.stdout.write(printable(text.decode(piece, { stream: true })));
      }
      process.stdout.write("\n");
      return;
    }
    const began = performance.now();
    const answer = await sender.send(invocation);
    await print(answer, invocation, options, { target, milliseconds: performance.now() - began });
  } finally {
    sender.close();
  }
}

async function bodyOf(file: string | undefined, options: Options, target: Target): Promise<EncodedBody> {
  const { input: inputs, form: bodyForm } = options;
  let deployed: Promise<DeployedModel | undefined> | undefined;
  // npm run serve serves dev, unless it is told otherwise.
  const stack = options.stack ?? (target.kind === "url" ? "dev" : undefined);
  const model = () => (deployed ??= deployedModel({ ...options, ...(stack !== undefined && { stack }) }));
  if (file === undefined && inputs.length === 0) return exampleOf(await model());
  const read = await readRequest({ ...(file !== undefined && { file }), inputs }, async () => (await model())?.config);
  return read.kind === "body" ? read.body : encodeRequest(read.request, bodyForm);
}

function exampleOf(model: DeployedModel | undefined): EncodedBody {
  if (model?.example) return model.example;
  throw new Error(
    "there is nothing to send: give a file or --input NAME=1,2,3, or --stack for the request that comes with its model",
  );
}

function sagemakerParts(options: Options): Partial<Invocation> {
  const { targetModel, targetVariant, inferenceId, sessionId, customAttributes } = options;
  const parts = { targetModel, targetVariant, inferenceId, sessionId, customAttributes };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

async function invokeThroughBucket(target: Target, invocation: Invocation, options: Options): Promise<void> {
  if (target.kind === "url") throw new Error("--async needs an endpoint, and --url names a server: leave one out");
  const bucket = options.bucket ?? target.outputs?.bucketName;
  if (typeof bucket !== "string" || bucket === "") throw new Error("--async needs a bucket: use --stack or --bucket");
  const began = performance.now();
  const { places, answer } = await invokeAsync(target, bucket, invocation);
  if (!options.wait) {
    console.log(
      printable(options.json ? JSON.stringify(places, undefined, 2) : `The answer will be in ${places.output}`),
    );
    return;
  }
  const found = await answer(options.timeout ?? 900);
  await print(found, invocation, options, { target, milliseconds: performance.now() - began });
}

interface Sent {
  readonly target: Target;
  readonly milliseconds: number;
}

async function print(answer: Answer, request: EncodedBody, options: Options, sent: Sent): Promise<void> {
  const response = read(answer);
  if (!response) {
    if (options.save !== undefined) throw new Error(`--save: the answer is no KServe response: ${shortened(answer)}`);
    console.log(printable(shortened(answer)));
    return;
  }
  if (options.save !== undefined) await saveAnswer(options.save, response);
  const variant = answer.variant;
  if (options.json) console.log(printable(answerJson(response, { ...(variant !== undefined && { variant }) })));
  else printTable(response, request, sent, variant);
}

function read({ body, contentType }: Answer): InferenceResponse | undefined {
  try {
    return decodeResponse(body, contentTypeOf(body, contentType));
  } catch (error) {
    if (error instanceof InferenceError) return undefined;
    throw error;
  }
}

function shortened({ body, contentType }: Answer): string {
  const isText = /^(text\/|application\/([\w.-]+\+)?json)/.test(contentType);
  return isText ? Buffer.from(body).toString() : `${body.length} bytes of ${contentType}`;
}

function printTable(response: InferenceResponse, request: EncodedBody, sent: Sent, variant?: string): void {
  const from = variant === undefined ? "" : ` (variant ${printableLine(variant)})`;
  const where = printableLine(describeTarget(sent.target));
  console.log(
    `${printableLine(response.model_name || "the model")} at ${where}${from} answers in ${sent.milliseconds.toFixed(0)} ms:`,
  );
  const rows = answerRows([...inputsOf(request), ...outputsToRead(response)]);
  const table = new Table({ shouldDisableColors: true, defaultColumnOptions: { alignment: "left" } });
  table.addRows(rows.slice(0, MOST_ROWS));
  console.log(table.render());
  if (rows.length > MOST_ROWS) console.log(`… and ${rows.length - MOST_ROWS} rows more: use --json or --save`);
}

function inputsOf({ body, contentType }: EncodedBody) {
  try {
    return decodeRequest(body, contentType).inputs;
  } catch {
    return [];
  }
}

const MOST_ROWS = 40;

function collect(value: string, values: readonly string[]): string[] {
  return [...values, value];
}

function form(value: string): BodyForm {
  if (value === "json" || value === "binary") return value;
  throw new InvalidArgumentError("Use json or binary.");
}

function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && number > 0 && number <= 2_000_000) return number;
  throw new InvalidArgumentError("Use a number of seconds above 0.");
}

if (import.meta.main) await runCommand("invoke", define);

import type { Command } from "commander";
import { isUtf8 } from "node:buffer";
import { invokeAsync } from "../operations/asyncInvocation.ts";
import { connectTo } from "../operations/connect.ts";
import { decodeRequest, type EncodedBody, type InferenceResponse } from "../inference/index.ts";
import { answerReader } from "../operations/kserveAnswer.ts";
import { longestAnswerInSeconds, type Answer, type Invocation } from "../operations/invocation.ts";
import { describeTarget, type Target, type TargetOptions } from "../operations/target.ts";
import { outputsToRead, shortLine } from "./answer.ts";
import { answerTable } from "./answerTable.ts";
import { fitted } from "./fitted.ts";
import { describeBytes } from "../text/describeBytes.ts";
import { printableLine } from "../text/printable.ts";
import { printPieces, readable } from "./printPieces.ts";
import { invocationOf, withRequest, withSequence, type RequestOptions } from "./request.ts";
import { runCommand } from "./run.ts";
import { seconds } from "./numbers.ts";
import { refuseOutputFile } from "./outputFile.ts";
import { answerEndings, answerJson, saveAnswer } from "./saveAnswer.ts";
import { targetOf, withTarget } from "./target.ts";

interface Options extends TargetOptions, RequestOptions {
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
  withSequence(withRequest(withTarget(command)))
    .description("Send a request to an endpoint or a server and print the answer. Without a request, the model's own.")
    .option("--async", "upload the request to the bucket and wait for the answer there")
    .option("--no-wait", "with --async: print where the answer will be, and exit")
    .option("--bucket <name>", "with --async: the bucket (default: the stack's)")
    .option("--stream", "print the answer as it arrives (inferenceType generate_stream)")
    .option("--timeout <seconds>", "how long to wait (default: 60; with --async 900)", seconds)
    .option("--save <file>", "write the answer to a .json, .npy or .npz file")
    .option("--json", "print one JSON document")
    .action(invoke);
}

async function invoke(file: string | undefined, options: Options): Promise<void> {
  refuseContradictions(options);
  const target = await targetOf(options);
  // A streamed answer can only be split into pieces if it is JSON.
  const form = options.form ?? (options.stream ? "json" : undefined);
  const invocation = await invocationOf(file, { ...options, ...(form && { form }) }, target);
  if (options.async) {
    await invokeThroughBucket(target, invocation, options);
    return;
  }
  const sender = await connectTo(target, { timeoutInSeconds: options.timeout ?? longestAnswerInSeconds });
  try {
    if (options.stream) {
      await printPieces(readable(sender.stream(invocation)));
      return;
    }
    const began = performance.now();
    const answer = await sender.send(invocation);
    await print(answer, invocation, options, { target, milliseconds: performance.now() - began });
  } finally {
    sender.close();
  }
}

function refuseContradictions({ stream, async, json, save, wait }: Options): void {
  if (stream && (json ?? save ?? async)) {
    const other = json ? "--json" : save !== undefined ? "--save" : "--async";
    throw new Error(`--stream can't be combined with ${other}, which needs the whole answer: use one of them`);
  }
  if (!wait && !async)
    throw new Error(
      "--no-wait needs --async, because without it the answer comes at once: add --async or remove --no-wait",
    );
  if (!wait && save !== undefined)
    throw new Error("--no-wait can't be combined with --save, because it doesn't wait for an answer: use one of them");
  if (save !== undefined) refuseOutputFile("--save", save, answerEndings);
}

async function invokeThroughBucket(target: Target, invocation: Invocation, options: Options): Promise<void> {
  if (target.kind === "url")
    throw new Error("--async can't be combined with --url, because it needs an endpoint: use --endpoint or --stack");
  const bucket = options.bucket ?? target.outputs?.bucketName;
  if (typeof bucket !== "string" || bucket === "") throw new Error("--async needs a bucket: use --stack or --bucket");
  const began = performance.now();
  const { places, answer } = await invokeAsync(target, bucket, invocation);
  if (!options.wait) {
    console.log(options.json ? JSON.stringify(places, undefined, 2) : `The answer will be in ${places.output}`);
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
  const response = answerReader(request)(answer);
  if (!response) {
    if (options.save !== undefined) throw new Error(`--save: the answer isn't a KServe response: ${shortened(answer)}`);
    await printPieces(options.json ? slices(bodyJson(answer)) : [shortened(answer)]);
    return;
  }
  const variant = answer.variant;
  if (options.json) await printPieces(answerJson(response, { ...(variant !== undefined && { variant }) }));
  else printTable(response, request, sent, variant);
  // Last, so that an answer isn't lost if it can't be saved.
  if (options.save !== undefined) await saveAnswer(options.save, response);
}

/** A text in pieces that don't part what belongs together. */
function* slices(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const last = text.codePointAt(at + SLICE - 1) ?? 0;
    const end = at + SLICE + (last > 0xffff ? 1 : 0);
    yield text.slice(at, end);
    at = end;
  }
}

const SLICE = 2 ** 16;

/** A body that isn't a KServe response, as JSON: the body itself or a description. */
function bodyJson({ body, contentType }: Answer): string {
  const described = (content: object) => JSON.stringify({ contentType, ...content }, undefined, 2);
  if (!isUtf8(body)) return described({ base64: Buffer.from(body).toString("base64") });
  const text = Buffer.from(body).toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    return described({ text });
  }
}

/** How many bytes of an answer that isn't KServe's are shown to people. */
const MOST_SHOWN = 100_000;

function shortened({ body, contentType }: Answer): string {
  const isText = isUtf8(body) && /^(text\/|application\/([\w.-]+\+)?json)/.test(contentType);
  if (!isText) return `${contentType || "no content type"}: ${describeBytes(body)}; use --json for all`;
  // A character that is cut in two is left out.
  const text = new TextDecoder().decode(body.subarray(0, MOST_SHOWN), { stream: true });
  return body.length > MOST_SHOWN ? `${text}\n… and ${body.length - MOST_SHOWN} more bytes: use --json for all` : text;
}

function printTable(response: InferenceResponse, request: EncodedBody, sent: Sent, variant?: string): void {
  const from = variant === undefined ? "" : ` (variant ${printableLine(variant)})`;
  const where = printableLine(describeTarget(sent.target));
  console.log(
    fitted(
      `${shortLine(response.model_name || "the model")} at ${where}${from} answers in ${sent.milliseconds.toFixed(0)} ms:`,
    ),
  );
  console.log(answerTable([...inputsOf(request), ...outputsToRead(response)]));
}

function inputsOf({ body, contentType }: EncodedBody) {
  try {
    return decodeRequest(body, contentType).inputs;
  } catch {
    return [];
  }
}

if (import.meta.main) await runCommand("invoke", define);

import { Command, InvalidArgumentError } from "commander";
import { Table } from "console-table-printer";
import { once } from "node:events";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { exampleRequest, invoke, sameAnswer, type ExampleRequest } from "../local/exampleRequest.ts";
import { refuseMissingBackends } from "../local/missingBackends.ts";
import { plannedModel, withUnpacked } from "../local/plannedModel.ts";
import { startTriton, type RunningTriton } from "../local/startTriton.ts";
import { installTriton } from "../local/triton.ts";
import { previewStack } from "../preview/plan.ts";
import { readStackConfig } from "../preview/stackConfig.ts";
import { renderPlan } from "../preview/renderPlan.ts";
import type { InferenceRequest } from "../triton/inference.ts";
import { answerRows, outputsToRead } from "./answer.ts";
import { run } from "./run.ts";

interface Options {
  readonly stack: string;
  readonly configFile?: string;
  readonly variant?: string;
  readonly modelRepository?: string;
  readonly defaultModel?: string;
  readonly port: number;
  readonly keepServing?: boolean;
}

const options = new Command("npm start --")
  .description("Plan a stack and serve its model on this machine with a real Triton, as SageMaker would.")
  .option("--stack <name>", "the stack, as in Pulumi.<name>.yaml", "dev")
  .option("--config-file <file>", "the stack's configuration, in place of Pulumi.<name>.yaml")
  .option("--variant <name>", "the variant that is served, where the stack has several")
  .option("--model-repository <folder>", "a model repository in place of the stack's")
  .option("--default-model <name>", "the model that answers, in place of the stack's defaultModelName")
  .option("--port <number>", "the port of 127.0.0.1; 0 is any free one", port, 8080)
  .option("--keep-serving", "go on serving until Ctrl-C (npm run serve)")
  .parse()
  .opts<Options>();

await run(async () => {
  await start(options);
});

async function start({ port, keepServing = false, ...chosen }: Options): Promise<void> {
  const { stack, configFile } = chosen;
  const plan = await previewStack({ stack, configFile, config: settingsOf(chosen) });
  console.log(renderPlan(plan));
  const model = plannedModel(plan, chosen.variant);
  const signal = interruption();
  try {
    const installation = await installTriton(undefined, signal);
    await withUnpacked(model, async (modelDirectory) => {
      await refuseMissingBackends(modelDirectory, model.environment);
      console.log(`\nServing ${model.url} with Triton 24.10 ...`);
      const triton = await startTriton({ ...model, installation, modelDirectory, port, signal });
      try {
        await use(triton, modelDirectory, keepServing, signal);
      } finally {
        await triton.stop();
      }
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 130;
  }
}

/** Ctrl-C and the like: from here on there is something to stop and to remove. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => {
      controller.abort();
    });
  }
  return controller.signal;
}

async function use(
  triton: RunningTriton,
  modelDirectory: string,
  keepServing: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { url, isolation, defaultModelName } = triton;
  console.log(`${defaultModelName} is ready at ${url}: GET /ping, POST /invocations`);
  if (!isolation.isolated) {
    console.log(
      `Note: Triton's own port listens on every address of this machine; the system allows no namespaces (${isolation.reason}).`,
    );
  }
  const request = await exampleRequest(modelDirectory, defaultModelName);
  if (request) await answer(url, request);
  else
    console.log(`No request is sent: ${defaultModelName} has no request.json, and its configuration names no inputs.`);
  if (!keepServing) return;
  console.log(`\nServing until Ctrl-C. Try it:\n  ${curl(url, request)}`);
  const code = await Promise.race([triton.ended, once(signal, "abort")]);
  if (!signal.aborted) throw new Error(`Triton ended by itself with exit code ${String(code)}:\n${triton.log.reason}`);
}

async function answer(url: string, request: ExampleRequest): Promise<void> {
  const began = performance.now();
  const response = await invoke(url, request);
  const milliseconds = (performance.now() - began).toFixed(0);
  console.log(`\n${response.model_name} answers the request (${request.origin}) in ${milliseconds} ms:`);
  const inputs =
    request.contentType === "application/json"
      ? (JSON.parse(Buffer.from(request.body).toString()) as InferenceRequest).inputs
      : [];
  const table = new Table({ shouldDisableColors: true, defaultColumnOptions: { alignment: "left" } });
  table.addRows(answerRows([...inputs, ...outputsToRead(response)]));
  console.log(table.render());
  if (!request.expected) return;
  if (!sameAnswer(response, request.expected)) {
    throw new Error(`the answer is not the one in ${path.dirname(request.origin)}/response.json`);
  }
  console.log(`It is the answer that ${path.dirname(request.origin)}/response.json expects.`);
}

function curl(url: string, { file, contentType }: Partial<ExampleRequest> = {}): string {
  const body = file ?? "request.json";
  return `curl -H 'content-type: ${file === undefined ? "application/json" : (contentType ?? "")}' --data-binary @${body} ${url}/invocations`;
}

/** The command's own settings; another repository has other models, so that the stack's default one may not be there. */
function settingsOf({
  stack,
  configFile,
  modelRepository,
  defaultModel,
}: Omit<Options, "port">): Record<string, string> {
  const own: Record<string, string> = defaultModel === undefined ? {} : { defaultModelName: defaultModel };
  if (modelRepository === undefined) return own;
  const { project, config } = readStackConfig(process.cwd(), stack, configFile);
  const stackDefault = config[`${project}:defaultModelName`] ?? "";
  const defaultModelName = existsSync(path.join(modelRepository, stackDefault)) ? stackDefault : "";
  return { modelRepository, modelArchive: "", modelDataUrl: "", modelName: "", defaultModelName, ...own };
}

function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535) throw new InvalidArgumentError("Use a whole number from 0 to 65535.");
  return number;
}

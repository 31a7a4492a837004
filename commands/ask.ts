import * as path from "node:path";
import { answerDifferences } from "../inference/compareAnswers.ts";
import { decodeRequest } from "../inference/index.ts";
import { invoke, type ExampleRequest } from "../local/exampleRequest.ts";
import { httpSender } from "../operations/httpSender.ts";
import { printPieces, readable } from "./printPieces.ts";
import { outputsToRead, shortLine } from "./answer.ts";
import { answerTable } from "./answerTable.ts";
import { fitted } from "./fitted.ts";
import { listed, messageLine, printableLine } from "../text/printable.ts";

/**
 * Sends a request and prints the answer for people.
 *
 * @param url the server's address
 * @param request the request
 * @param targetModel the target model, if there are many
 * @throws Error if the answer isn't the expected one
 */
export async function ask(url: string, request: ExampleRequest, targetModel?: string): Promise<void> {
  if (request.generates) {
    await askToGenerate(url, request);
    return;
  }
  const began = performance.now();
  const response = await invoke(url, request, targetModel);
  const milliseconds = (performance.now() - began).toFixed(0);
  console.log(
    fitted(
      `\n${shortLine(response.model_name)} answers the request (${printableLine(request.origin)}) in ${milliseconds} ms:`,
    ),
  );
  const inputs =
    request.contentType === "application/json" ? decodeRequest(request.body, request.contentType).inputs : [];
  console.log(answerTable([...inputs, ...outputsToRead(response)]));
  if (!request.expected) return;
  const differences = answerDifferences(request.expected, response);
  if (differences.length > 0) {
    const lines = listed(differences).map((line) => `  ${messageLine(line)}`);
    throw new Error(`the answer differs from ${path.dirname(request.origin)}/response.json:\n${lines.join("\n")}`);
  }
  console.log(fitted(`The answer matches ${printableLine(path.dirname(request.origin))}/response.json.`));
}

/** Prints the answer as it arrives, because it may be long. */
async function askToGenerate(url: string, request: ExampleRequest): Promise<void> {
  const sender = httpSender(url);
  console.log(fitted(`\nThe answer to the request (${printableLine(request.origin)}):`));
  try {
    await printPieces(readable(sender.stream(request)));
  } finally {
    sender.close();
  }
}

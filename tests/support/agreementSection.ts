import { readFile, writeFile } from "node:fs/promises";
import * as prettier from "prettier";
import { problemCodes } from "../../triton/repository/problemCodes.ts";
import type { RepositoryCase } from "./casePieces.ts";
import { repositoryCases } from "./repositoryCases.ts";

/** The document whose last section is generated from the tests' repositories. */
export const checksDocument = "docs/checks.md";

const heading = "## How far Triton agrees";

/**
 * `docs/checks.md` with its last section regenerated. Run as a program, this file writes it: `node
 * tests/support/agreementSection.ts`.
 *
 * @returns the whole document
 */
export async function checksDocumentText(): Promise<string> {
  const text = await readFile(checksDocument, "utf8");
  const config = await prettier.resolveConfig(checksDocument);
  const begin = text.slice(0, text.indexOf(heading));
  return prettier.format(`${begin}${heading}\n\n${agreementSection()}`, { ...config, filepath: checksDocument });
}

function agreementSection(): string {
  const asked = repositoryCases.filter(({ notAsked }) => notAsked === undefined);
  const others = repositoryCases.filter(({ notAsked }) => notAsked !== undefined);
  const differing = asked.filter(({ deviates }) => deviates !== undefined);
  const onnx = asked.filter(({ models }) => [...(models?.values() ?? [])].some(({ format }) => format === "onnx"));
  const served = asked.filter((entry) => serves(entry) === (entry.deviates === undefined));
  const reasons = [...Map.groupBy(others, ({ notAsked = "" }) => notAsked)];
  return [
    "`npm run test:local` loads " +
      `${asked.length} of the ${repositoryCases.length} repositories in the tests with a real Triton: ` +
      `${served.length} that it serves and ${asked.length - served.length} that it doesn't. ` +
      "It is release 24.10, as `npm start` uses it, started with the arguments of SageMaker's `serve`. " +
      `${onnx.length} of them are ONNX models, which it loads with the backend of [docs/local.md](local.md#onnx-models). ` +
      `The check agrees on ${asked.length - differing.length} of them. ` +
      `The reasons for the other ${differing.length} are known, and the differences are tested too:`,
    "",
    "| repository | the check would serve it | Triton 24.10 does | why |",
    "| --- | --- | --- | --- |",
    ...differing.map(
      (entry) =>
        `| ${entry.title} | ${yesOrNo(serves(entry))} | ${yesOrNo(!serves(entry))} | ${entry.deviates ?? ""} |`,
    ),
    "",
    `The other ${others.length} are only checked against Triton's source, because`,
    "",
    ...reasons.map(
      ([reason, entries], index) => `- ${reason}: ${entries.length}${index === reasons.length - 1 ? "." : ";"}`,
    ),
    "",
    "The rules were also compared with some 870 `config.pbtxt` files from 72 public projects, including Triton's own test suite.",
    "",
  ].join("\n");
}

function serves({ codes }: RepositoryCase): boolean {
  return codes.every((code) => problemCodes[code] === "warning");
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}

if (import.meta.main) await writeFile(checksDocument, await checksDocumentText());

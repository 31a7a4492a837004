import { executionEnvironment } from "../models/executionEnvironment.ts";
import type { PythonReading } from "../models/pythonReading.ts";
import { knownReleases, pythonOf } from "../releases/releases.ts";
import type { Finding } from "../repository/finding.ts";
import { pythonTexts, type ServedModel } from "../repository/servedModel.ts";
import type { ServedImage } from "./releases.ts";

/**
 * The rules for the Python code of a model, from what this machine's Python says of it or, without one, from its words.
 * Source: https://github.com/triton-inference-server/python_backend#usage
 *
 * @param image the image that will load it
 */
export function* pythonRules(model: ServedModel, image: ServedImage): Generator<Finding> {
  const { completed, name, loaded, contents } = model;
  if (completed?.backend !== "python") return;
  for (const version of loaded) {
    const path = `${name}/${version}/${completed.filename}`;
    const text = contents.texts.get(path);
    if (text === undefined) continue;
    const reading = contents.python?.get(path);
    const syntax = contents.undecoded?.has(path)
      ? encodingFault(text, path)
      : reading && syntaxFault(reading, pythonThatRuns(model, image), path);
    if (syntax) yield syntax;
    else yield* classRules(model, path, text, reading);
  }
}

function* classRules(model: ServedModel, path: string, text: string, reading?: PythonReading): Generator<Finding> {
  if (reading?.lacksClass || !/\bTritonPythonModel\b|\bimport\s+\*/.test(text)) {
    const others = reading?.lacksClass?.slice(0, 3).join(", ") ?? "";
    yield {
      code: "python-class-missing",
      path,
      message: `The file defines no class TritonPythonModel${others === "" ? "" : `, only ${others}`}.`,
      remedy: others === "" ? "Define it, with a method execute." : "Rename the class that answers requests.",
    };
  } else if (
    reading?.lacksExecute ||
    (/\bclass\s+TritonPythonModel\s*(\(\s*(object)?\s*\))?\s*:/.test(text) &&
      !pythonTexts(model).some((file) => /\bexecute\b/.test(file.text)))
  ) {
    yield {
      code: "python-execute-missing",
      path,
      message: "The class TritonPythonModel has no method execute: the model loads but answers no requests.",
      remedy: "Define execute(self, requests).",
    };
  }
}

/**
 * A file that isn't UTF-8 can't be parsed unless it names another encoding.
 * Source: https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations
 */
function encodingFault(text: string, path: string): Finding | undefined {
  if (/^(?:[ \t\f]*#.*\n|[ \t\f]*\n)?[ \t\f]*#.*?coding[:=]/.test(text)) return undefined;
  return {
    code: "python-syntax",
    path,
    line: text.slice(0, text.indexOf("\uFFFD")).split("\n").length,
    message: "The file isn't UTF-8, so Python can't parse it.",
    remedy: "Save it as UTF-8, or name its encoding in the first line, for example # -*- coding: latin-1 -*-.",
  };
}

/**
 * A newer Python parses what an older one does, but not the other way round: only its refusal is certain.
 *
 * @param runs the version that will run the code; `undefined` if it isn't known
 */
function syntaxFault(reading: PythonReading, runs: string | undefined, path: string): Finding | undefined {
  const { version, error, needs } = reading;
  if (error) {
    const certain = runs !== undefined && minor(version) >= minor(runs);
    const place = { path, ...(error.line !== undefined && { line: error.line }) };
    if (certain)
      return {
        ...{ code: "python-syntax", ...place },
        message: `Python can't parse the file: ${error.message}.`,
        remedy: "Correct it; python3 -m py_compile shows the place.",
      };
    return {
      ...{ code: "python-syntax-here", ...place },
      message: `This machine's Python ${version} can't parse the file: ${error.message}.`,
      remedy: `Correct it, unless it needs ${runs === undefined ? "another Python that runs it" : `the Python ${runs} that runs it`}.`,
    };
  }
  if (!needs || runs === undefined || minor(needs.version) <= minor(runs)) return undefined;
  return {
    ...{ code: "python-syntax", path, ...(needs.line !== undefined && { line: needs.line }) },
    message: `The code needs Python ${needs.version}, but Python ${runs} runs it: ${needs.message}.`,
    remedy: `Write it for Python ${runs}, or serve it with a release or an environment of a newer one.`,
  };
}

/** Without a release, the newest Python of any: what that can't parse no known release can. */
function pythonThatRuns(model: ServedModel, { release, ownImage = false }: ServedImage): string | undefined {
  const environment = executionEnvironment(model);
  if (environment) return environment.content?.pythons.length === 1 ? environment.content.pythons[0] : undefined;
  if (ownImage) return undefined;
  return pythonOf(release ?? knownReleases.at(-1) ?? "");
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}

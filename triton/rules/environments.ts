import { posix } from "node:path";
import {
  executionEnvironment,
  hasOwnStub,
  servedDirectory,
  type ExecutionEnvironment,
} from "../models/executionEnvironment.ts";
import type { Finding } from "../repository/finding.ts";
import { firstWith, holds } from "../releases/releaseFacts.ts";
import { knownReleases, pythonOf } from "../releases/releases.ts";
import type { RepositoryContents } from "../repository/repositoryContents.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { mayHideCode } from "../repository/unread.ts";
import type { ServedImage } from "./releases.ts";
import { table } from "../../text/table.ts";

/**
 * The rules for a Python model's own environment: it exists, can be unpacked and called, is for the Python that runs the
 * model, and puts nothing unsuited before what the image has.
 * Source: https://github.com/triton-inference-server/python_backend#creating-custom-execution-environments
 *
 * @param image the image that will load it
 */
export function* environmentRules(model: ServedModel, image: ServedImage): Generator<Finding> {
  const { name, contents } = model;
  const environment = executionEnvironment(model);
  if (!environment) return;
  const { path, place } = environment;
  if (place === undefined) {
    const finding = elsewhere(path, contents, image.ownImage);
    if (finding.code !== "environment-outside" || !mayHideCode(contents)) yield finding;
    return;
  }
  const finding = unusable(environment) ?? otherPython(environment, model, image);
  if (finding) yield finding;
  else if (!hasOwnStub(model)) yield* shadowed(environment, image);
  if (!finding && place !== name && !place.startsWith(`${name}/`)) {
    yield {
      code: "environment-elsewhere",
      at,
      message: `The execution environment "${path}" is outside the model's folder.`,
      remedy: "Put it into the model's folder, so that the model can be moved on its own.",
    };
  }
}

const at = ["parameters", "EXECUTION_ENV_PATH"];

/**
 * The reason why Triton refuses the environment, if it does. Source: `Initialize` in
 * https://github.com/triton-inference-server/python_backend/blob/main/src/stub_launcher.cc
 */
function unusable({ path, place = "", kind, content, damage }: ExecutionEnvironment): Finding | undefined {
  const called = `The execution environment "${path}"`;
  if (damage !== undefined) {
    return {
      code: "environment-damaged",
      at,
      message: `${called} can't be unpacked: ${damage}.`,
      remedy: "Pack it again with conda-pack, as .tar.gz.",
    };
  }
  if (kind !== undefined && content?.activates !== false) return undefined;
  return {
    code: "environment-missing",
    at,
    message: `${called} ${kind ? "has no bin/activate" : "doesn't exist"}.`,
    remedy: "Put the archive that conda-pack makes, or its unpacked contents, into the model's folder.",
    ...(kind !== "file" && { missing: [`${place}/bin/activate`] }),
  };
}

/** Source: https://github.com/triton-inference-server/python_backend#important-notes */
function otherPython(
  { path, content }: ExecutionEnvironment,
  model: ServedModel,
  { release, ownImage = false }: ServedImage,
): Finding | undefined {
  if (ownImage || hasOwnStub(model) || !content || content.pythons.length === 0) return undefined;
  const python = release === undefined ? undefined : pythonOf(release);
  if (python === undefined) return unknownPython(path, content.pythons);
  if (content.pythons.includes(python)) return undefined;
  return {
    code: "environment-python-mismatch",
    at,
    message: `The execution environment "${path}" is for Python ${content.pythons.join(" and ")}, and Triton ${String(release)} runs models in Python ${python}, which finds none of its packages.`,
    remedy: `Make it for Python ${python}, or put a triton_python_backend_stub for its Python into the model's folder.`,
  };
}

/** The warning for a Python that no known release runs models in, where the image's own isn't known. */
function unknownPython(path: string, pythons: readonly string[]): Finding | undefined {
  const known = [...new Set(knownReleases.map(pythonOf))];
  if (pythons.some((python) => known.includes(python))) return undefined;
  return {
    code: "environment-python-unknown",
    at,
    message: `The execution environment "${path}" is for Python ${pythons.join(" and ")}, and no release known here runs models in it: they have Python ${known.join(", ")}.`,
    remedy:
      "Make it for the Python of your image, or put a triton_python_backend_stub for its Python into the model's folder.",
  };
}

/**
 * The findings for what an environment puts before the image's own: libraries that are too old for the program that runs
 * models, and a numpy that is too new for it.
 * Source: https://github.com/triton-inference-server/python_backend#important-notes and
 * https://github.com/triton-inference-server/python_backend/pull/384
 */
function* shadowed(
  { path, content }: ExecutionEnvironment,
  { release, ownImage = false }: ServedImage,
): Generator<Finding> {
  if (!content || ownImage || release === undefined) return;
  const { glibcxx, numpy = "" } = content;
  const needed = stubSymbols[pythonOf(release) ?? ""];
  if (glibcxx !== undefined && needed && glibcxx < needed.glibcxx) {
    yield {
      code: "environment-library-old",
      at,
      message: `The execution environment "${path}" has a libstdc++.so.6 up to GLIBCXX_3.4.${glibcxx}, which is loaded instead of the image's, and what runs models in Triton ${release} needs GLIBCXX_3.4.${needed.glibcxx}.`,
      remedy: `Run conda install -c conda-forge libstdcxx-ng=${needed.gcc} in the environment and pack it again.`,
    };
  }
  if (Number.parseInt(numpy, 10) >= 2 && !holds("python-numpy-2", release)) {
    yield {
      code: "environment-numpy-new",
      at,
      message: `The execution environment "${path}" has numpy ${numpy}, and Triton ${release} needs one before 2: it supports numpy 2 since ${firstWith("python-numpy-2")}.`,
      remedy: `Install "numpy<2" and pack it again, or use an image of ${firstWith("python-numpy-2")} or newer.`,
    };
  }
}

/**
 * The symbols of the C++ library that the images' `triton_python_backend_stub` needs, by the images' Python, and the
 * first GCC that has them. Sources: the notes above;
 * https://github.com/triton-inference-server/server/issues/5933 (23.05) and
 * https://github.com/triton-inference-server/server/issues/7913 (24.12); the stub of release 24.10 itself.
 */
const stubSymbols: Readonly<Record<string, { readonly glibcxx: number; readonly gcc: number } | undefined>> = table({
  "3.10": { glibcxx: 30, gcc: 12 },
  "3.12": { glibcxx: 32, gcc: 13 },
});

/**
 * An environment outside the repository, which the user's own image may contain, or which another model may have put
 * there before.
 */
function elsewhere(path: string, { texts }: RepositoryContents, ownImage = false): Finding {
  const at = ["parameters", "EXECUTION_ENV_PATH"];
  const message = `The execution environment "${path}" is outside the repository, which is served from ${servedDirectory}`;
  const remedy = 'Put it into the model\'s folder and write "$$TRITON_MODEL_DIRECTORY/environment.tar.gz".';
  if (!posix.isAbsolute(path)) return { code: "environment-outside", at, message: `${message}.`, remedy };
  if (ownImage) {
    return {
      code: "environment-in-image",
      at,
      message: `${message}: your image must have it.`,
      remedy: "Make sure that the image has it at this path, or put it into the model's folder.",
    };
  }
  const folder = posix.dirname(path);
  const isMade = (text: string) => text.includes(path) || (folder !== "/" && text.includes(folder));
  if (/^\/(tmp|var\/tmp|dev\/shm)\//.test(posix.normalize(path)) || pythonTextsIn(texts).some(isMade)) {
    return {
      code: "environment-made-later",
      at,
      message: `${message}: another model must put it there before this one is loaded.`,
      remedy,
    };
  }
  return { code: "environment-outside", at, message: `${message}, and Triton's image has no such file.`, remedy };
}

function pythonTextsIn(texts: RepositoryContents["texts"]): string[] {
  return [...texts].filter(([path]) => path.endsWith(".py")).map(([, text]) => text);
}

import * as path from "node:path";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { looksLikeModel } from "../triton/rules/misplaced.ts";
import { entriesOf, entryKind, subfolders } from "../triton/repository/servedModel.ts";
import { hasUnread } from "../triton/repository/unread.ts";
import { quoted } from "./quoted.ts";

/** The usual names of exported models, and the names that Triton looks for. */
const filenames: Readonly<Record<string, string | undefined>> = {
  ".onnx": "model.onnx",
  ".pt": "model.pt",
  ".pth": "model.pt",
  ".pt2": "model.pt2",
  ".plan": "model.plan",
  ".engine": "model.plan",
  ".py": "model.py",
  ".xml": "model.xml",
  ".pb": "model.graphdef",
  ".graphdef": "model.graphdef",
};

/** Files that no backend of Triton loads: weights without a model, and formats of training libraries. */
const unserved = [".safetensors", ".pkl", ".joblib", ".h5", ".hdf5", ".keras", ".ckpt", ".gguf", ".npz"];

/**
 * Explains how to make a model repository from a single model file.
 *
 * @param file the file
 * @param again the command to run afterwards, for example `npm run init --`
 * @returns `undefined` if the name is none of a model's
 */
export function fileAdvice(file: string, again: string): string | undefined {
  const { name, ext } = path.parse(file);
  if (unserved.includes(ext.toLowerCase())) {
    return `"${file}" isn't in a format that Triton loads: export the model as ONNX, or load the file in the model.py of a Python model`;
  }
  if (path.basename(file) === "saved_model.pb") {
    return `"${file}" is part of a SavedModel: name the folder that contains it`;
  }
  const filename = filenames[ext.toLowerCase()];
  if (filename === undefined) return undefined;
  const folder = `models/${modelName(name)}/1`;
  return told(`"${file}" is a model, but a model repository is a folder with a folder for each model`, [
    moved([file], folder, filename),
    `${again} models`,
  ]);
}

/**
 * Explains how to make a model repository from a folder with models in another layout.
 *
 * @param folder the folder
 * @param contents its contents
 * @param again the command to run afterwards, for example `npm run init --`
 * @returns `undefined` if the layout is that of a repository, or is wrong in a way that the check tells
 */
export function layoutAdvice(folder: string, contents: RepositoryContents, again: string): string | undefined {
  if (hasUnread(contents)) return undefined;
  const lines = (commands: readonly string[]) => [...commands, `${again} ${quoted(folder)}`];
  if (contents.files.size === 0 && contents.directories.size === 0) {
    return told(`"${folder}" is empty, but a model repository has a folder for each model, for example`, [
      moved(["model.onnx"], path.join(folder, "my_model/1"), "model.onnx"),
      `${again} ${quoted(folder)}`,
    ]);
  }
  const atRoot = modelAtRoot(folder, contents);
  if (atRoot) return told(atRoot.message, lines(atRoot.commands));
  const moves = subfolders(contents, "").flatMap((name) => movesWithin(folder, name, contents));
  if (moves.length === 0) return undefined;
  const message = `"${folder}" has models whose files aren't where Triton looks for them, which is <model>/<version>/<file>`;
  return told(message, lines(moves));
}

interface Advice {
  readonly message: string;
  readonly commands: readonly string[];
}

/** The folder is itself a model or a version of one, or contains bare model files. */
function modelAtRoot(folder: string, contents: RepositoryContents): Advice | undefined {
  const names = [...entriesOf(contents, "").keys()].sort();
  const versions = subfolders(contents, "").filter((name) => /^\d+$/.test(name));
  const others = subfolders(contents, "").filter((name) => !versions.includes(name));
  if (others.some((name) => looksLikeModel(contents, name))) return undefined;
  const name = modelName(path.basename(path.resolve(folder)));
  const message = `"${folder}" is a model, but a model repository is the folder that contains its models`;
  if (versions.length > 0 || names.includes("config.pbtxt")) {
    return { message, commands: [moved(within(folder, names), path.join(folder, name))] };
  }
  if (names.includes("saved_model.pb")) {
    const saved = path.join(folder, name, "1/model.savedmodel");
    return {
      message: `"${folder}" is a SavedModel, not a model repository`,
      commands: [moved(within(folder, names), saved)],
    };
  }
  const files = names.filter((file) => entryKind(contents, file) === "file" && isModelFile(file));
  if (files.length === 0) return undefined;
  return {
    message: `"${folder}" contains model files directly, but a model repository has a folder for each model`,
    commands: files.map((file) =>
      moved(within(folder, [file]), path.join(folder, modelName(path.parse(file).name), "1"), filenameOf(file)),
    ),
  };
}

/**
 * The commands that move one model's files to their places: into a version, into a SavedModel's folder, under the usual
 * name.
 */
function movesWithin(folder: string, model: string, contents: RepositoryContents): string[] {
  const versions = subfolders(contents, model).filter((name) => /^\d+$/.test(name));
  const places = versions.length > 0 ? versions.map((version) => `${model}/${version}`) : [model];
  return places.flatMap((place) => {
    const names = [...entriesOf(contents, place).keys()].filter((name) => name !== "config.pbtxt").sort();
    const version = path.join(folder, place === model ? `${model}/1` : place);
    const from = within(path.join(folder, place), names);
    if (names.includes("saved_model.pb")) return [moved(from, `${version}/model.savedmodel`)];
    if (entryKind(contents, `${model}/config.pbtxt`) !== undefined) return [];
    const files = names.filter((name) => entryKind(contents, `${place}/${name}`) === "file" && isModelFile(name));
    const [only, ...others] = files;
    if (only === undefined || others.length > 0 || (place !== model && only === filenameOf(only))) return [];
    return [moved(within(path.join(folder, place), [only]), version, filenameOf(only))];
  });
}

function isModelFile(name: string): boolean {
  return filenameOf(name) !== undefined;
}

function filenameOf(name: string): string | undefined {
  return filenames[path.extname(name).toLowerCase()];
}

/** `model` isn't a meaningful name, and a number would be a version. */
function modelName(text: string): string {
  const name = text.replace(/[^\w.-]+/g, "_");
  return name === "model" || name === "models" || /^[\d._]*$/.test(name) ? "my_model" : name;
}

function within(folder: string, names: readonly string[]): string[] {
  return names.map((name) => path.join(folder, name));
}

function moved(files: readonly string[], folder: string, filename = ""): string {
  const from = files.map(quoted).join(" ");
  return `mkdir -p ${quoted(folder)} && mv ${from} ${quoted(`${folder}/${filename}`)}`;
}

function told(message: string, commands: readonly string[]): string {
  return [`${message}:`, ...commands.map((command) => `  ${command}`)].join("\n");
}

import type { Finding } from "../repository/finding.ts";
import { recognisedFiles } from "../config/backends.ts";
import { entriesOf, entryKind, mayBeEnsemble, type ServedModel } from "../repository/servedModel.ts";
import { unreadNames } from "../repository/unread.ts";
import { largestVersion, versionsToLoad } from "../repository/versions.ts";

/**
 * Checks whether a folder next to the models contains nothing of a model: no configuration, no version and no file that Triton
 * recognises.
 *
 * @param model the folder, read as a model
 */
export function isNoModel({ name, configPath, folders, contents }: ServedModel): boolean {
  const entries = [...entriesOf(contents, name)];
  return (
    configPath === undefined &&
    folders.versions.length === 0 &&
    !folders.ignored.some(looksLikeVersion) &&
    !entries.some(
      ([file, kind]) => isMisnamedConfig(file, kind) || file === "config.pbtxt" || recognisedFiles.has(file),
    )
  );
}

/**
 * The finding for a folder that isn't a model.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_repository.md
 *
 * @param model the folder
 */
export function noModel({ name }: ServedModel): Finding {
  return {
    code: "folder-no-model",
    path: name,
    message: "This folder is not a model: it has neither a config.pbtxt nor a version folder.",
    remedy: `Remove it from the repository, or add ${name}/config.pbtxt and ${name}/1.`,
  };
}

/**
 * The rules for a model's folder: its name, its version folders, and the name of its configuration.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_repository.md
 */
export function* folderRules(model: ServedModel): Generator<Finding> {
  const { name, config, configPath } = model;
  const given = config?.name ?? "";
  if (given !== "" && given !== name) {
    yield {
      code: "config-name-mismatch",
      at: ["name"],
      message: `The name is "${given}", but the folder's is "${name}".`,
      remedy: "Make them the same, or remove name.",
    };
  }
  if (entryKind(model.contents, `${name}/config.pbtxt`) === "folder") {
    yield {
      code: "config-not-a-file",
      path: `${name}/config.pbtxt`,
      message: "This is a folder, but Triton reads the model's configuration from it.",
      remedy: "Put the configuration there as a file.",
    };
  } else if (configPath === undefined) yield* misnamedConfig(model);
  yield* versionFindings(model);
}

function* misnamedConfig({ name, contents, folders }: ServedModel): Generator<Finding> {
  const misnamed = [...entriesOf(contents, name)].find(([file, kind]) => isMisnamedConfig(file, kind))?.[0];
  if (misnamed !== undefined) {
    yield {
      code: "config-file-name",
      path: `${name}/${misnamed}`,
      message: "Triton doesn't read this file: a model's configuration must be named config.pbtxt.",
      remedy: "Rename it to config.pbtxt.",
    };
    return;
  }
  const inVersion = folders.versions.map(({ folder }) => `${name}/${folder}/config.pbtxt`);
  const misplaced = inVersion.find((path) => entryKind(contents, path) === "file");
  if (misplaced === undefined) return;
  yield {
    code: "config-file-name",
    path: misplaced,
    message: "Triton doesn't read this file: a model's configuration must be next to its version folders.",
    remedy: `Move it to ${name}/config.pbtxt.`,
  };
}

/** `config.txt`, `model.pbtxt`, `config.pbtxt.txt`, `Config.pbtxt`: common wrong names of a configuration. */
function isMisnamedConfig(file: string, kind: "file" | "folder"): boolean {
  return kind === "file" && file !== "config.pbtxt" && /(^config\.\w+|\.pbtxt)(\.txt)?$/i.test(file);
}

function looksLikeVersion(folder: string): boolean {
  return /^v?\d/i.test(folder);
}

function* versionFindings(model: ServedModel): Generator<Finding> {
  const { name, config, folders, loaded } = model;
  const { versions, ignored } = folders;
  for (const folder of ignored.filter(looksLikeVersion)) {
    yield {
      code: "version-folder-ignored",
      path: `${name}/${folder}`,
      message: `Triton ignores "${folder}": a version is a plain number without leading zeros.`,
      remedy: `Rename it to ${/\d+/.exec(folder)?.[0].replace(/^0+(?=.)/, "") ?? "1"}, or remove it.`,
    };
  }
  const chosen = versionsToLoad(config?.version_policy ?? null, versions).map(String);
  let malformed = false;
  for (const { folder, version } of versions) {
    const tooLarge = version > largestVersion || version < -largestVersion;
    const isChosen = chosen.includes(String(version));
    const misread = isChosen && folder !== String(version) && !loaded.includes(String(version));
    const negative = isChosen && version < 0n;
    if (!tooLarge && !misread && !negative) continue;
    malformed = true;
    yield {
      code: "version-folder-malformed",
      path: `${name}/${folder}`,
      message: tooLarge
        ? `The version "${folder}" is too large a number, which ends Triton.`
        : negative
          ? `The version "${folder}" is negative: Triton never becomes ready with it.`
          : `Triton takes "${folder}" for version ${version.toString()}, which it then doesn't find.`,
      remedy: "Rename it to a plain number, or remove it.",
    };
  }
  if (loaded.length > 0 || malformed) return;
  // An ensemble's version folder is restored, but we don't know whether it is an ensemble if its configuration can't be
  // read.
  const isOpen = mayBeEnsemble(model) || unreadNames(model.contents, name).some((entry) => /^[v+-]?\d/i.test(entry));
  if (versions.length === 0 && isOpen) return;
  const specific = config?.version_policy?.specific?.versions;
  const [file] =
    [...entriesOf(model.contents, name)].find(([entry, kind]) => kind === "file" && /^\d+$/.test(entry)) ?? [];
  if (versions.length === 0 && file !== undefined) {
    yield {
      code: "version-missing",
      path: `${name}/${file}`,
      message: "This is a file, and Triton looks for the model's files in a folder of that name.",
      remedy: "Put a folder with the model's files in its place.",
    };
    return;
  }
  yield versions.length === 0
    ? {
        code: "version-missing",
        path: name,
        message: "The model has no version folder.",
        remedy: config?.ensemble_scheduling
          ? `Pack it with an empty folder ${name}/1, which git leaves out: run \`mkdir -p ${name}/1\` in the repository first. Set \`modelRepository\` to the repository's folder instead, and it is put back.`
          : `Put its files into ${name}/1.`,
      }
    : {
        code: "version-policy-empty",
        at: ["version_policy"],
        message: `The version_policy selects none of the versions ${versions.map(({ folder }) => folder).join(", ")}.`,
        remedy: specific ? "Name existing versions." : "Set num_versions to 1 or more.",
      };
}

/**
 * The missing versions that a policy names; Triton serves the others.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_configuration.md#version-policy
 */
export function* absentVersions({ config, folders, loaded }: ServedModel): Generator<Finding> {
  const named = config?.version_policy?.specific?.versions ?? [];
  for (const [index, version] of named.entries()) {
    if (loaded.length === 0 || folders.versions.some((folder) => folder.version === BigInt(version))) continue;
    yield {
      code: "version-policy-absent",
      at: ["version_policy", "specific", "versions", index],
      message: `The version_policy names version ${version}, which doesn't exist.`,
      remedy: "Add the version, or remove it from the policy.",
    };
  }
}

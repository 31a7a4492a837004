import type { Finding } from "../repository/finding.ts";
import type { RepositoryContents } from "../repository/repositoryContents.ts";
import { subfolders } from "../repository/servedModel.ts";

/**
 * Problems of a repository whose models aren't directly in its root; all other problems follow from that.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_repository.md#repository-layout
 *
 * @param contents the repository
 */
export function misplacedRepository(contents: RepositoryContents): Finding | undefined {
  return backslashNames(contents) ?? modelAtRoot(contents) ?? archiveInside(contents) ?? modelsTooDeep(contents);
}

/** An ensemble's version folder is empty, so git leaves it out; it is put back where this program packs. */
export const packRemedy =
  "Set `modelRepository` to the repository's folder, or pack it with `tar czf model.tar.gz -C <repository> .`, where each ensemble needs its empty folder `1`.";

/** Packed by a Windows program: here a backslash is part of a file's name rather than a separator. */
function backslashNames({ files, directories }: RepositoryContents): Finding | undefined {
  const named = [...files.keys(), ...directories].filter((path) => /^[^/]*(\/[^/]*)?\\/.test(path)).sort();
  const [first] = named;
  if (first === undefined) return undefined;
  const others = named.length > 1 ? `, and ${named.length - 1} more like it` : "";
  return {
    code: "path-backslash",
    path: first,
    message: `The name has backslashes as in Windows paths${others}: on Linux it is a single file, not a folder.`,
    remedy: `${packRemedy} Windows has tar too.`,
  };
}

function modelAtRoot({ files }: RepositoryContents): Finding | undefined {
  if (!files.has("config.pbtxt")) return undefined;
  return {
    code: "config-at-root",
    path: "config.pbtxt",
    message: "A model is at the repository's root, where SageMaker's start script refuses it.",
    remedy: "Put it into a folder with the model's name.",
  };
}

/** A folder with an archive in it, or an archive of one: SageMaker only unpacks once. */
function archiveInside({ files, directories }: RepositoryContents): Finding | undefined {
  const archive = [...files.keys()].find((path) => /\.(tar\.\w+|tgz|tar|zip|7z|rar)$/i.test(path));
  if (directories.size > 0 || archive === undefined) return undefined;
  return {
    code: "repository-empty",
    path: archive,
    message: "The repository has no model, only an archive, which nothing unpacks.",
    remedy: "Set modelArchive to the archive itself, or unpack it into the repository.",
  };
}

/** The maximum depth that people pack by mistake, for example opt/ml/model. */
const deepest = 8;

function modelsTooDeep(contents: RepositoryContents): Finding | undefined {
  if (subfolders(contents, "").some((folder) => looksLikeModel(contents, folder))) return undefined;
  let place = "";
  for (let depth = 1; depth <= deepest; depth++) {
    const [first, ...others] = subfolders(contents, place);
    if (first === undefined || others.length > 0) return undefined;
    place = place === "" ? first : `${place}/${first}`;
    const inside = place;
    const models = subfolders(contents, inside).filter((folder) => looksLikeModel(contents, `${inside}/${folder}`));
    if (models.length === 0) continue;
    return {
      code: "repository-too-deep",
      path: inside,
      message: `The models are ${depth === 1 ? "one folder" : `${depth} folders`} too deep, in "${inside}": ${models.join(", ")}.`,
      remedy: `Use the folder ${inside} itself as the repository, or pack its contents.`,
    };
  }
  return undefined;
}

/**
 * Checks whether a folder has a configuration or a version in it.
 *
 * @param contents the repository
 */
export function looksLikeModel(contents: RepositoryContents, folder: string): boolean {
  return (
    contents.files.has(`${folder}/config.pbtxt`) || subfolders(contents, folder).some((name) => /^\d+$/.test(name))
  );
}

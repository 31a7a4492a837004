import { fileURLToPath } from "node:url";
import { serverMetricsModel } from "../sagemaker/serverMetrics.ts";
import { ModelError } from "../triton/repository/modelError.ts";
import { listFolder, type FolderListing } from "./folderListing.ts";

/** The model's folder in this package. */
const folder = fileURLToPath(new URL("serverMetrics", import.meta.url));

/**
 * Adds the model that prints Triton's own metrics to a model repository.
 *
 * @param listing the repository
 * @param directory its root, for messages
 * @throws ModelError if it has a folder of that name
 */
export function withMetricsModel(listing: FolderListing, directory: string): FolderListing {
  if (listing.directories.includes(serverMetricsModel)) {
    throw new ModelError(
      `${directory} has a folder ${serverMetricsModel}, the name of the model that monitoring.serverMetrics adds: rename or remove it`,
    );
  }
  const { files, directories, problems } = listFolder(folder);
  const within = (path: string) => `${serverMetricsModel}/${path}`;
  const added = files.map((file) => ({ ...file, path: within(file.path) }));
  return {
    ...listing,
    files: [...listing.files, ...added].sort((one, other) => (one.path < other.path ? -1 : 1)),
    directories: [...listing.directories, serverMetricsModel, ...directories.map(within)].sort(),
    problems: [...listing.problems, ...problems],
  };
}

import { posix } from "node:path";
import { EnvironmentListing, type EnvironmentFile } from "./environment.ts";
import { entryKind, type ServedModel } from "../repository/servedModel.ts";
import { isUnread } from "../repository/unread.ts";

/**
 * The folder that SageMaker unpacks a model into.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const servedDirectory = "/opt/ml/model";

/** The environment that a Python model brings along. */
export interface ExecutionEnvironment {
  /** The path in the configuration. */
  readonly path: string;
  /** Its place in the repository; absent if it leads elsewhere. */
  readonly place?: string;
  /** An archive (`file`) or a folder; absent if nothing is there. */
  readonly kind?: "file" | "folder";
  /** Its contents; absent if it wasn't read. */
  readonly content?: EnvironmentFile;
  /** Why its archive can't be unpacked; absent if it can. */
  readonly damage?: string;
}

/**
 * The environment that a Python model brings along.
 * Source: https://github.com/triton-inference-server/python_backend#creating-custom-execution-environments
 *
 * @returns `undefined` if it brings none
 */
export function executionEnvironment({
  config,
  completed,
  name,
  contents,
}: ServedModel): ExecutionEnvironment | undefined {
  const path = config?.parameters.EXECUTION_ENV_PATH?.string_value ?? "";
  if (path === "" || completed?.backend !== "python") return undefined;
  const place = placeInRepository(path.replace("$$TRITON_MODEL_DIRECTORY", `${servedDirectory}/${name}`));
  if (place === undefined) return { path };
  const kind = entryKind(contents, place);
  const read = contents.models.get(place);
  return {
    ...{ path, place },
    ...(kind && { kind }),
    ...(kind === "folder" && { content: environmentIn(contents.files.keys(), place) }),
    ...(read?.format === "environment" && { content: read }),
    ...(read?.format === "damaged" && { damage: read.reason }),
  };
}

/**
 * Finds the place in the repository that an absolute path of the container leads to.
 *
 * @returns `undefined` if it leads elsewhere
 */
export function placeInRepository(path: string): string | undefined {
  const normal = posix.normalize(path);
  return normal.startsWith(`${servedDirectory}/`)
    ? normal.slice(servedDirectory.length + 1).replace(/\/$/, "")
    : undefined;
}

/** An unpacked environment. What its `pyvenv.cfg` says is not read, so that it may see the image's packages. */
function environmentIn(files: Iterable<string>, place: string): EnvironmentFile {
  const listing = new EnvironmentListing();
  for (const file of files) if (file.startsWith(`${place}/`)) listing.add(file.slice(place.length + 1));
  return listing.environment;
}

/**
 * Checks whether a model brings, or may bring, a Python of its own: the program that the Python backend runs models in.
 * Source: https://github.com/triton-inference-server/python_backend#building-custom-python-backend-stub
 */
export function hasOwnStub({ name, contents }: ServedModel): boolean {
  const path = `${name}/triton_python_backend_stub`;
  return contents.files.has(path) || isUnread(contents, path);
}

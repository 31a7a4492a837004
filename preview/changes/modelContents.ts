import { createHash } from "node:crypto";
import { readEntries } from "../../packing/archiveEntries.ts";
import { readModelArchive } from "../../packing/archiveReader.ts";
import { loadedConfig } from "../../triton/config/loadedConfig.ts";
import { checkModelRepository } from "../../triton/repository/modelRepository.ts";
import type { Problem } from "../../triton/repository/problem.ts";
import { readServedModels, type ServedModel } from "../../triton/repository/servedModel.ts";

/** One content of a file. */
export interface FileVersion {
  /** In bytes. */
  readonly size: number;
  /** The first 12 digits of the content's SHA-256. */
  readonly digest: string;
}

/** What of a packed model repository is compared. */
export interface ModelContents {
  /** Its files, by path. */
  readonly files: ReadonlyMap<string, FileVersion>;
  /** Type and dimensions of each tensor, for example of `penguins input x`, as completed by Triton. */
  readonly tensors: ReadonlyMap<string, string>;
  /** Backend and versions of each model, operator sets of each ONNX file. */
  readonly facts: Readonly<Record<string, string>>;
  /** What the check finds. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a packed model repository.
 *
 * @param archive the archive's path
 */
export async function modelContents(archive: string): Promise<ModelContents> {
  const files = new Map<string, FileVersion>();
  await readEntries(archive, async ({ path, size, content }) => {
    const hash = createHash("sha256");
    for await (const chunk of content) hash.update(chunk);
    files.set(path, { size, digest: hash.digest("hex").slice(0, 12) });
  });
  const contents = await readModelArchive(archive);
  const models = readServedModels(contents);
  const onnx = [...contents.models].flatMap(([path, file]) =>
    file.format === "onnx"
      ? [
          [`${path} format`, String(file.irVersion)] as const,
          ...Object.entries(file.opsets).map(
            ([domain, version]) => [`${path} operators of ${domain}`, String(version)] as const,
          ),
        ]
      : [],
  );
  return {
    files,
    tensors: new Map(models.flatMap(tensorsOf)),
    facts: Object.fromEntries([...models.flatMap(factsOf), ...onnx]),
    problems: checkModelRepository(contents),
  };
}

function factsOf({ name, loaded, completed }: ServedModel): (readonly [string, string])[] {
  const backend = completed?.backend ?? "";
  return [[`${name} versions`, loaded.join(", ")], ...(backend === "" ? [] : [[`${name} backend`, backend] as const])];
}

function tensorsOf(model: ServedModel): (readonly [string, string])[] {
  const { input = [], output = [] } = loadedConfig(model) ?? {};
  const described = (kind: string, tensor: Tensor) =>
    [
      `${model.name} ${kind} ${tensor.name ?? ""}`,
      `${(tensor.data_type ?? "").replace("TYPE_", "")} [${(tensor.dims ?? []).map(String).join(", ")}]`,
    ] as const;
  return [...input.map((tensor) => described("input", tensor)), ...output.map((tensor) => described("output", tensor))];
}

interface Tensor {
  readonly name?: string;
  readonly data_type?: string;
  readonly dims?: readonly unknown[];
}

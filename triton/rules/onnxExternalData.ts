import { posix } from "node:path";
import type { Finding } from "../repository/finding.ts";
import type { OnnxFile } from "../models/onnx.ts";
import type { RepositoryContents } from "../repository/repositoryContents.ts";
import { absence, entryKind, fileSize } from "../repository/servedModel.ts";

/**
 * The rules for an ONNX model's external weights: the files exist, are in the model's own folder, and are as long as
 * the model needs.
 * Source: https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
 *
 * @param contents the repository
 * @param path the model's file
 * @param file its metadata
 */
export function* externalDataFindings(contents: RepositoryContents, path: string, file: OnnxFile): Generator<Finding> {
  const ends = new Map<string, number>();
  for (const { location, end } of file.externalData) ends.set(location, Math.max(end, ends.get(location) ?? 0));
  const folder = posix.dirname(path);
  for (const [location, end] of ends) {
    const place = posix.normalize(posix.join(folder, location));
    if (location === "" || posix.isAbsolute(location) || !place.startsWith(`${folder}/`)) {
      yield {
        code: "external-data-outside",
        path,
        message:
          location === ""
            ? "The model keeps weights in another file but doesn't name it."
            : `The model keeps weights in "${location}", outside its own folder.`,
        remedy: "Save it again with onnx.save_model(…, save_as_external_data=True), which puts them next to it.",
      };
    } else if (Number.isNaN(end)) {
      yield {
        code: "external-data-invalid",
        path,
        message: `The model keeps weights in ${place}, at an offset or of a length that isn't a number from 0.`,
        remedy: "Save it again with onnx.save_model(…, save_as_external_data=True).",
      };
    } else if (entryKind(contents, place) !== "file") {
      yield {
        code: "external-data-missing",
        path,
        message: `The model keeps weights in ${place}, which ${absence(contents, place)}.`,
        remedy: `Copy ${posix.basename(location)} along with the model, and keep its name.`,
        missing: [place],
      };
    } else if (fileSize(contents, place) < end) {
      yield {
        code: "external-data-short",
        path: place,
        message: `The model reads ${end} bytes of this file, but it has ${fileSize(contents, place)}.`,
        remedy: "Copy it again: it is truncated, or belongs to another export of the model.",
      };
    }
  }
}

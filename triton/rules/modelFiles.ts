import { posix } from "node:path";
import type { Finding } from "../repository/finding.ts";
import { entryKind, type ServedModel } from "../repository/servedModel.ts";
import { servedModelFiles } from "../repository/servedModelFiles.ts";

/**
 * The rules for the model's own file: it is intact, and in its backend's format.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_repository.md#model-files
 */
export function* modelFileRules(model: ServedModel): Generator<Finding> {
  for (const { path, folder, format, content } of servedModelFiles(model)) {
    if (folder !== undefined && entryKind(model.contents, path) !== "file") {
      yield {
        code: "model-file-missing",
        path: folder,
        message: `The folder has no ${posix.basename(path)}, which ${names[format]} loads from it.`,
        remedy:
          format === "onnx"
            ? "Name the model in it model.onnx, next to its external data."
            : "Save the model again with tf.saved_model.save.",
        missing: [path],
      };
    }
    if (content?.format !== "damaged") continue;
    yield {
      code: "model-file-damaged",
      path,
      message: `${names[format]} can't load this file: ${content.reason}.`,
      remedy: "Export or copy it again.",
    };
  }
}

const names = { onnx: "ONNX Runtime", torch: "PyTorch", tensorrt: "TensorRT", savedmodel: "TensorFlow" };

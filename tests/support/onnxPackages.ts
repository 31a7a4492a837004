import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { installPythonPackages } from "../../local/pythonPackages.ts";
import { cacheDirectory } from "../../packing/cacheDirectory.js";
import type { Python } from "../../local/python.ts";
import { endedInTime } from "./cli.ts";
import type { ModelFile } from "../../triton/models/modelFile.ts";

/** The Triton release whose ONNX Runtime `onnxPackages` installs. */
export const onnxRelease = "24.10";

/**
 * Installs ONNX, which makes models, and the ONNX Runtime of Triton 24.10, which is asked about them.
 *
 * @param python the interpreter
 * @returns the folder for the module path
 */
export function installOnnx(python: Python): Promise<string> {
  return installPythonPackages(cacheDirectory("triton"), python, {
    title: "ONNX and ONNX Runtime for the tests",
    name: `onnx-1.19.1-onnxruntime-1.19.2-python-${python.version}`,
    installs: [
      {
        requirements: [
          "onnx==1.19.1",
          "numpy==1.26.4",
          "protobuf==6.32.1",
          "ml_dtypes==0.5.3",
          "typing_extensions==4.15.0",
        ],
        target: ".",
        dependencies: false,
      },
      { requirements: ["onnxruntime==1.19.2"], target: ".", dependencies: false },
    ],
  });
}

/** A file, and what it says of itself. */
export interface DescribedFile {
  /** Its path below a folder. */
  readonly path: string;
  /** What it says. */
  readonly file: ModelFile;
}

/**
 * Writes ONNX files that say of themselves what they are described to say.
 *
 * @param python the interpreter
 * @param directory the folder they go to
 * @param files the files
 */
export async function writeOnnxFiles(
  python: Python,
  directory: string,
  files: readonly DescribedFile[],
): Promise<void> {
  const child = spawn(python.executable, ["tests/support/onnx_files.py", directory], {
    env: { PYTHONPATH: await installOnnx(python) },
    ...endedInTime,
  });
  child.stdin.end(JSON.stringify(files));
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "close") as Promise<[number]>]);
  if (code !== 0) throw new Error(`the ONNX files can't be made:\n${errors}`);
}

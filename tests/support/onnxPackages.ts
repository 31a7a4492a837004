import { installPythonPackages } from "../../local/pythonPackages.ts";
import { cacheDirectory } from "../../packing/cacheDirectory.js";
import type { Python } from "../../local/python.ts";

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

import * as path from "node:path";
import { addOnnxRuntime } from "../../local/onnxRuntime.ts";
import { installTriton } from "../../local/triton.ts";
import { tritonOfRun } from "../../local/tritonOfRun.ts";
import { inNewFolder } from "./archives.ts";
import { installEmulator } from "./awsEmulator.ts";
import { installOnnx } from "./onnxPackages.ts";

/**
 * Installs what several files of tests/local need. Mocha calls it once, before any worker starts: workers that need the
 * same packages at the same time would each download them, and a test's time limit is too short for that.
 */
export async function mochaGlobalSetup(): Promise<void> {
  const installation = await installTriton();
  await inNewFolder(async (folder) => {
    await addOnnxRuntime(await tritonOfRun(installation, path.join(folder, "run")));
  });
  await installOnnx(installation.python);
  await installEmulator();
}

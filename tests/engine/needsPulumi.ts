import { findPulumi } from "./pulumiCli.ts";

/** The exit code of a suite that did not run: neither passed nor failed. */
const notRun = 3;

/** Mocha calls it before everything else, also with `--parallel`. */
export function mochaGlobalSetup(): void {
  if (findPulumi()) return;
  console.error(
    "not run: there is no pulumi on the PATH. Install the Pulumi CLI: https://www.pulumi.com/docs/install/",
  );
  process.exit(notRun);
}

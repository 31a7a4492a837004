/**
 * The environment variable that `npm run destroy` sets for the program: the engine runs the same program to destroy a
 * stack as to update it, and doesn't tell which.
 */
export const destroysVariable = "SAGEMAKER_TRITON_DESTROYS";

/** Whether this run is to delete the whole stack. */
export function isDestroyRun(): boolean {
  return process.env[destroysVariable] === "true";
}

/**
 * The remedy if a model doesn't load because something is missing on this machine, or in the image too.
 *
 * @param reason Triton's own reason for not loading the model
 * @returns a line of text; empty if the reason isn't known
 */
export function loadRemedy(reason: string): string {
  // A name that starts with a number is a version folder: a module next to the code is missing, not a package.
  const [, name] = /No module named '([^'.\d][^'.]*)/.exec(reason) ?? [];
  if (name !== undefined) {
    return `\nNothing provides ${name}: Triton's image has Python's standard library and numpy. Put an execution environment that has it into the model's folder (EXECUTION_ENV_PATH), or use your own image. The local Triton also installs the requirements.txt next to model.py; the container does not.`;
  }
  if (reason.includes("KIND_GPU but no GPUs are available")) {
    return "\nTo try the model without a GPU, write KIND_AUTO in its instance_group, which uses a GPU if there is one. With a GPU on this machine, serve the image itself: --docker --gpus.";
  }
  const [, agent] = /for repo agent '([^']+)'/.exec(reason) ?? [];
  if (agent !== undefined) {
    return `\nThe local Triton has no repository agents; the image has checksum. To try the model here, remove model_repository_agents, or serve the image itself with --docker.`;
  }
  return "";
}

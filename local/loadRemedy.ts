/**
 * What to do where a model does not load for want of something that is not on this machine, or not in the image either.
 *
 * @param reason why Triton could not load the model, in its own words
 * @returns a line for people; empty if nothing is known of the reason
 */
export function loadRemedy(reason: string): string {
  // A name with a number is that of a version's folder: a module beside the code is missing, not a package.
  const [, name] = /No module named '([^'.\d][^'.]*)/.exec(reason) ?? [];
  if (name !== undefined) {
    return `\nNothing provides ${name}: Triton's image has Python's standard library and numpy. Put an execution environment that has it into the model's folder (EXECUTION_ENV_PATH), or use your own image. The local Triton also installs what requirements.txt beside model.py lists; the container does not.`;
  }
  if (reason.includes("KIND_GPU but no GPUs are available")) {
    return "\nTo try the model without a GPU, write KIND_AUTO in its instance_group, which means a GPU where there is one. With a GPU on this machine, serve the image itself: --docker --gpus.";
  }
  const [, agent] = /for repo agent '([^']+)'/.exec(reason) ?? [];
  if (agent !== undefined) {
    return `\nThe local Triton has no repository agents; the image has checksum. To try the model here, leave model_repository_agents out, or serve the image itself with --docker.`;
  }
  return "";
}

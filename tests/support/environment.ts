/**
 * Puts this process's environment back. Another object in its place would be one that the system's own look-ups, such as
 * `os.tmpdir`, don't read, for the tests of other files too.
 *
 * @param saved a copy of it
 */
export function restoreEnvironment(saved: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in saved)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, saved);
}

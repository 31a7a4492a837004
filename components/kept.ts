/**
 * Whether the resources of a release stay in AWS when they leave the stack by being replaced, removed or destroyed.
 *
 * @param args `protect` keeps what holds data, `keepReleases` what an earlier release needs in order to serve again
 */
export function isKept({ protect, keepReleases }: { protect?: boolean; keepReleases?: boolean }): boolean {
  return (protect ?? false) || (keepReleases ?? false);
}

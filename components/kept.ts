/**
 * Whether what releases are made of stays in AWS when it leaves the stack: replaced, taken out or destroyed.
 *
 * @param args `protect` keeps what holds data, `keepReleases` whatever an earlier release needs to serve again
 */
export function isKept({ protect, keepReleases }: { protect?: boolean; keepReleases?: boolean }): boolean {
  return (protect ?? false) || (keepReleases ?? false);
}

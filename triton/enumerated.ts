/** The most names in a message. */
const MOST = 10;

/**
 * Names separated by commas, at most ten of them: `a, b and 3 more`. Only those are looked at.
 *
 * @param count how many there are. Default: the length of the list
 */
export function enumerated(names: Iterable<string | number>, count = [...names].length): string {
  const named = [];
  for (const name of names) {
    if (named.length === MOST) break;
    named.push(name);
  }
  return named.join(", ") + (count > named.length ? ` and ${count - named.length} more` : "");
}

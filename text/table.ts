/**
 * A table that is searched for names from outside, without a prototype: `constructor` and `toString`, which every other
 * object has, are in it only if the entries say so.
 *
 * @param entries the entries by name
 */
export function table<Entries extends object>(entries: Entries): Entries {
  return Object.assign(Object.create(null), entries) as Entries;
}

/** A tensor, request or response that can't be encoded or decoded. The message says which one and why. */
export class InferenceError extends Error {}

/**
 * Makes something of each item, like `map`, and tells what is wrong with all of them at once.
 *
 * @param items the items, for example the inputs of a request
 * @param make what is made of one
 * @throws InferenceError with the problems of all items, in their order; anything else that `make` throws, as it is
 */
export function mapAll<Item, Made>(items: readonly Item[], make: (item: Item) => Made): Made[] {
  const problems: InferenceError[] = [];
  const made = items.flatMap((item) => {
    try {
      return [make(item)];
    } catch (error) {
      if (!(error instanceof InferenceError)) throw error;
      problems.push(error);
      return [];
    }
  });
  const [only, ...others] = problems;
  if (!only) return made;
  if (others.length === 0) throw only;
  throw new InferenceError(
    [`the request has ${problems.length} problems:`, ...problems.map(({ message }) => message)].join("\n  "),
  );
}

/** The package has no types. */
declare module "object-treeify" {
  /**
   * Draws an object as a tree, with a line for each key.
   *
   * @param tree nested objects; other values are printed after their key, and `null` prints only the key
   */
  export default function treeify(tree: Readonly<Record<string, unknown>>): string;
}

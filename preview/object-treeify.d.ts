/** The package brings no types of its own. */
declare module "object-treeify" {
  /**
   * Draws an object as a tree, a line for each key.
   *
   * @param tree nested objects; other values are printed behind their key, `null` is a key alone
   */
  export default function treeify(tree: Readonly<Record<string, unknown>>): string;
}

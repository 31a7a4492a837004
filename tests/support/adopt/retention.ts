/**
 * The template without any `DeletionPolicy` but those that somebody asks for.
 *
 * @param template a template in YAML or JSON, of which each resource has a `DeletionPolicy` on a line of its own
 * @param asked the lines of the resources that have to be retained
 */
export function retainingOnly(template: string, asked: (template: string) => readonly number[]): string {
  const bare = template.replace(/^ +"?DeletionPolicy"?: .*\n/gm, "");
  const lines = asked(bare);
  return bare
    .split("\n")
    .flatMap((text, index) => {
      if (!lines.includes(index + 1)) return [text];
      return [text, text.endsWith("{") ? `   "DeletionPolicy": "Retain",` : "    DeletionPolicy: Retain"];
    })
    .join("\n");
}

/**
 * Quotes a word for a shell.
 *
 * @param text any text
 */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Reads a source: its text, or `undefined` if there is no such page; throws if it can't be reached. */
export type ReadSource = (url: string) => Promise<string | undefined>;

/**
 * Reads a source from the network.
 *
 * @throws Error if the server doesn't answer within ten seconds, or answers that it can't
 */
export const readFromNetwork: ReadSource = async (url) => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
};

/** What the AWS provider answers: what was found, or whether it said that there is none. */
export interface LookUp<Found> {
  /** What was found. */
  readonly found?: Found;
  /** Whether there is none; false if it can't be told, for example without the permission to ask. */
  readonly missing: boolean;
}

/**
 * Asks the AWS provider for something that may not exist. The provider has no code for that, only its own words and
 * AWS's.
 *
 * @param ask one of the provider's functions, called
 */
export async function lookUp<Found>(ask: () => Promise<Found>): Promise<LookUp<Found>> {
  try {
    return { found: await ask(), missing: false };
  } catch (error) {
    return { missing: absent.test((error as Error).message) };
  }
}

const absent = /couldn't find|\bnot found\b|NotFound|NoSuch(Bucket|Entity|Key)|empty result/;

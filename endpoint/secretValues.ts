/**
 * Checks whether an environment variable looks like a secret: by its name, by the form of well-known keys and tokens, or
 * because it looks random. A number, a path, an ARN or a URL isn't one, whatever its name is.
 *
 * @param name the variable's name
 */
export function looksSecret(name: string, value: string): boolean {
  if (forms.some((form) => form.test(value))) return true;
  // SageMaker's own settings aren't secret.
  if (name.startsWith("SAGEMAKER_") || value.length < SHORTEST || harmless.test(value)) return false;
  return secretNames.test(name) || isRandom(value);
}

/** Shorter values are words such as `none`. */
const SHORTEST = 6;

const secretNames =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|(?<!PUBLIC_)KEY)$|(?:^|[a-z])(?:Token|Secret|Password)$/;

/** Numbers, words for yes and no, placeholders of a plan, paths, ARNs, and URLs without a password. */
const harmless = /^(?:[-+.\d]+|true|false|\[secret\]|\/.*|arn:.*|[a-z][a-z\d+.-]*:\/\/.*)$/is;

/**
 * AWS's access keys, GitHub's, Slack's, Hugging Face's, OpenAI's and Google's tokens, JSON Web Tokens, private keys, and
 * URLs with a password.
 */
const forms = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/,
  /\bxox[abeprs]-[\w-]{10,}/,
  /\bhf_[A-Za-z0-9]{30,}/,
  /\bsk-[\w-]{20,}/,
  /\bAIza[\w-]{35}/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^[a-z][a-z\d+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i,
];

/** Bits of entropy for each character; a random string of 32 letters and digits has about 4.5, and words at most 4. */
const LEAST_ENTROPY = 4.2;

/** Checks whether a value is one long word of mixed letters and digits. Digests in hexadecimal digits aren't secret. */
function isRandom(value: string): boolean {
  if (!/^[A-Za-z0-9+/_=-]{32,}$/.test(value) || !/\d/.test(value) || !/[a-z]/.test(value) || !/[A-Z]/.test(value)) {
    return false;
  }
  const counts = [...Map.groupBy(value, (character) => character).values()].map(({ length }) => length / value.length);
  return counts.reduce((bits, share) => bits - share * Math.log2(share), 0) >= LEAST_ENTROPY;
}

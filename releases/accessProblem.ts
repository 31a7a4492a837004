/** How credentials are set, in the words of AWS's own tools. */
export const credentialsRemedy =
  "set AWS_PROFILE (after aws configure or aws sso login), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

/** Why this machine can't call AWS at all, whatever the call. */
export interface AccessProblem {
  /** What is missing. */
  readonly kind: "region" | "credentials" | "connection";
  /** One line: what is wrong and what to do. */
  readonly message: string;
}

/**
 * Tells an error that comes before AWS looks at a request, or instead of it, from AWS's answers.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html
 *
 * @param error what one of AWS's clients threw
 * @returns the problem; `undefined` where AWS answered the request itself
 */
export function accessProblem(error: Error): AccessProblem | undefined {
  const { name, message } = error;
  if (message.startsWith("Region is missing")) {
    return { kind: "region", message: "no AWS region is known: pass --region, or set AWS_REGION" };
  }
  if (name === "CredentialsProviderError") {
    return {
      kind: "credentials",
      message: `there are no valid AWS credentials (${oneLine(message)}): ${credentialsRemedy}`,
    };
  }
  if (rejections.includes(name)) {
    return {
      kind: "credentials",
      message: `AWS rejected the credentials (${oneLine(message)}): sign in again, or ${credentialsRemedy}`,
    };
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return undefined;
  return {
    kind: "connection",
    message: `there is no connection to AWS (${code}): check the region, the network and any proxy`,
  };
}

const rejections = [
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
];

/**
 * AWS's message as part of a sentence: on one line, and without the punctuation at its end.
 *
 * @param message the message
 */
export function oneLine(message: string): string {
  return message
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[.:]+$/, "");
}

/**
 * Why a call of AWS failed, in one line: what keeps this machine from AWS, with the remedy, or else AWS's own words.
 *
 * @param error what one of AWS's clients threw
 */
export function awsReason(error: Error): string {
  return accessProblem(error)?.message ?? `${error.name}: ${oneLine(error.message) || "no connection"}`;
}

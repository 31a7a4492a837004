import { CutOff } from "./boundedBody.ts";

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
  // AWS's clients add a hint for programmers to whatever they can't parse.
  const [reason = "", hint] = message.split("\n  Deserialization error: ");
  if (hint !== undefined) {
    const told = `the answer isn't one of AWS's (${oneLine(reason)}): check AWS_ENDPOINT_URL and any proxy`;
    return { kind: "connection", message: told };
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
 * Somebody else's message as part of a sentence: on one line, without the punctuation at its end, and shortened where
 * it is longer than a paragraph.
 *
 * @param message the message
 */
export function oneLine(message: string): string {
  return shortened(message).replace(/[.:]+$/, "");
}

function shortened(message: string): string {
  const line = message
    .slice(0, 4 * MOST)
    .trim()
    .replace(/\s+/g, " ");
  return line.length > MOST ? `${line.slice(0, MOST)} …` : line;
}

const MOST = 600;

/**
 * Why a call of AWS failed, in one line: what keeps this machine from AWS, with the remedy, or else AWS's own words.
 *
 * @param error what one of AWS's clients threw
 */
export function awsReason(error: Error): string {
  if (error instanceof CutOff) return error.message;
  return accessProblem(error)?.message ?? `${error.name}: ${shortened(error.message) || "no connection"}`;
}

import * as pulumi from "@pulumi/pulumi";

/** The placeholder for a secret in a plan, which can't decrypt it. */
const mask = "[secret]";

/**
 * Checks whether the setting, or a part of it, is a secret in the stack's configuration (`pulumi config set --secret`).
 *
 * @param key the setting
 */
export function isSecretSetting(key: string): boolean {
  const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[];
  return secretKeys.includes(`${pulumi.getProject()}:${key}`);
}

/**
 * Checks whether a value contains an undecrypted secret.
 *
 * @param value the value of a secret setting
 */
export function isMasked(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes(mask);
}

import * as pulumi from "@pulumi/pulumi";

/** What stands for a secret where nothing can decrypt it: in a plan. */
const mask = "[secret]";

/**
 * Whether the stack's configuration keeps the setting, or a part of it, as a secret (`pulumi config set --secret`).
 *
 * @param key the setting
 */
export function isSecretSetting(key: string): boolean {
  const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[];
  return secretKeys.includes(`${pulumi.getProject()}:${key}`);
}

/**
 * Whether a value has a secret in it that nothing has decrypted.
 *
 * @param value the value of a secret setting
 */
export function isMasked(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes(mask);
}

/**
 * The region that AWS's provider works in, as far as the configuration or the environment says so.
 * Source: https://www.pulumi.com/registry/packages/aws/installation-configuration/#configuration-options
 *
 * @param config the stack's configuration, namespaced keys
 * @param environment the environment. Default: this process's
 * @returns `undefined` where a profile decides, or nothing does
 */
export function configuredRegion(
  config: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const given = [config["aws:region"], environment.AWS_REGION, environment.AWS_DEFAULT_REGION];
  return given.find((region) => region !== undefined && region !== "");
}

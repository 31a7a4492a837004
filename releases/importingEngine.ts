import * as pulumi from "@pulumi/pulumi";

/**
 * Refuses an engine that may delete what it imports: https://github.com/pulumi/pulumi/issues/23834
 *
 * @param takeOver what is taken over. Default: nothing, which any engine can do
 * @param require how the engine is asked. Default: by Pulumi's own request
 * @throws Error if it is too old
 */
export async function requireImportingEngine(
  takeOver: readonly string[] = [],
  require: (range: string) => Promise<void> = pulumi.requirePulumiVersion,
): Promise<void> {
  if (takeOver.length === 0) return;
  await require(`>=${firstVersion}`).catch((error: unknown) => {
    throw new Error(
      `takeOver: the Pulumi CLI is older than ${firstVersion}, and may delete what it imports: install a newer one, https://www.pulumi.com/docs/install/`,
      { cause: error },
    );
  });
}

const firstVersion = "3.252.0";

import { allRegistrySuffixes } from "./partitions.ts";

/** The parts of a reference to an image in Amazon ECR. */
export interface EcrImage {
  /** The registry's account, twelve digits. */
  readonly accountId: string;
  /** The registry's region, for example `eu-central-1`. */
  readonly region: string;
  /** The repository's name, for example `ml/tritonserver`. */
  readonly repositoryName: string;
  /** The end of the registry's host name, for example `amazonaws.com`. */
  readonly suffix: string;
}

/**
 * Parses a reference to an ECR image.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (Image)
 *
 * @param imageUri `<account>.dkr.ecr.<region>.<suffix>/<repository>` followed by `:<tag>` or `@sha256:<64 digits>`
 * @returns its parts, or `undefined` if it isn't such a reference
 */
export function parseEcrImage(imageUri: string): EcrImage | undefined {
  const [, accountId, region, suffix = "", repositoryName] = ecrImage.exec(imageUri) ?? [];
  if (!accountId || !region || !repositoryName || !allRegistrySuffixes.includes(suffix)) return undefined;
  return /[:@][^/]+$/.test(imageUri) ? { accountId, region, repositoryName, suffix } : undefined;
}

const ecrImage =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+)\/([a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/**
 * The ARN of the repository of an image in ECR.
 *
 * @param imageUri a reference that `parseEcrImage` accepts
 * @param partition the partition, for example `aws-cn`
 */
export function ecrRepositoryArn(imageUri: string, partition: string): string {
  const { region = "", accountId = "", repositoryName = "" } = parseEcrImage(imageUri) ?? {};
  return `arn:${partition}:ecr:${region}:${accountId}:repository/${repositoryName}`;
}

/**
 * The registry's host name of any image reference; `docker.io` if the reference names none.
 *
 * @param image an image reference, for example `nvcr.io/nvidia/tritonserver:24.10-py3`
 */
export function imageRegistryHost(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/**
 * An image reference without its tag and digest.
 *
 * @param image an image reference
 */
export function imageRepository(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^:/]+$/, "");
}

/**
 * The tag of an image reference, or `undefined` if it has none.
 *
 * @param image an image reference
 */
export function imageTagOf(image: string): string | undefined {
  return /:([^:/]+)$/.exec(image.replace(/@.*$/, ""))?.[1];
}

/**
 * The digest of an image reference, or `undefined` if it has none.
 *
 * @param image an image reference
 */
export function imageDigestOf(image: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
}

/**
 * The tag for a copied image: the upstream tag and the first twelve digits of the upstream digest, so that a moved
 * upstream tag becomes a new tag here, which an immutable repository accepts.
 *
 * @param tag the upstream tag, for example `26.05-py3`
 * @param digest the upstream digest, `sha256:…`
 */
export function copiedImageTag(tag: string, digest: string): string {
  return `${tag}-${digest.replace(/^sha256:/, "").slice(0, 12)}`;
}

import { modelPrefix } from "../sagemaker/encryption.ts";

/** What an endpoint serves, as AWS describes it, with everything that a new instance of it needs. */
export interface Served {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** Its ARN. */
  readonly endpointArn: string;
  /** The configuration in service, and the one that it is moving to. */
  readonly endpointConfigNames: readonly string[];
  /** Their Models. */
  readonly models: readonly ServedModel[];
  /** The KMS keys that the configurations name. */
  readonly kmsKeys: readonly string[];
  /** The S3 URLs under which it stores requests, answers and core dumps. */
  readonly writes: readonly string[];
  /** The alarms that roll its releases back. */
  readonly alarmNames: readonly string[];
}

/** A Model that serves. */
export interface ServedModel {
  /** Its name. */
  readonly modelName: string;
  /** The role that SageMaker assumes for it. */
  readonly roleArn: string;
  /** Its containers' images. */
  readonly images: readonly string[];
  /** The S3 URLs of its data: an object, or a prefix that ends in `/`. */
  readonly modelData: readonly string[];
  /** Whether its data are many models, each an archive of its own. */
  readonly multiModel: boolean;
  /** The security groups of its network interfaces. */
  readonly securityGroupIds: readonly string[];
}

/**
 * Whether an endpoint needs a KMS key for its volumes, its records or its model data, whose keys in S3 contain a digest
 * of the KMS key.
 *
 * @param served what the endpoint serves
 * @param keyArn the KMS key
 */
export function usesKey({ kmsKeys, models }: Served, keyArn: string): boolean {
  const id = keyArn.slice(keyArn.lastIndexOf("/") + 1);
  return (
    kmsKeys.some((key) => key === keyArn || key === id) ||
    models.some(({ modelData }) => modelData.some((url) => url.includes(`/${modelPrefix(keyArn)}`)))
  );
}

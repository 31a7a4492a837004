import { parseEcrImage } from "../../sagemaker/imageUri.ts";
import type { Findings } from "./findings.ts";
import { named, ofType } from "./links.ts";
import type { OldResource, OldStack } from "./oldStack.ts";
import { isObject, textOf } from "./template.ts";
import { Unknown } from "./unknown.ts";
import type { Values } from "./variants.ts";

/** A part that is taken over or used, with the settings that say so. */
export interface AdoptedPart {
  readonly settings: Values;
  /** The resource, if the new stack takes it over. */
  readonly takenOver?: OldResource;
}

/**
 * The bucket: taken over if nothing on it would be overwritten, otherwise used as it is.
 *
 * @param stack what runs today
 * @param name its name; absent if the models have none
 * @param use whether the endpoint writes to it, and the KMS key that the new stack uses
 * @param findings what is found out
 */
export function adoptBucket(
  stack: OldStack,
  name: string | undefined,
  { writes, kmsKeyArn }: { readonly writes: boolean; readonly kmsKeyArn?: string | undefined },
  findings: Findings,
): AdoptedPart {
  const bucket = name === undefined ? undefined : named(stack, "AWS::S3::Bucket", name);
  if (!bucket) {
    if (writes) return { settings: { bucket: name } };
    const why = "for models that are uploaded later; the model itself stays where it is";
    findings.rows.push({ what: "made new", resource: "Bucket", why });
    return { settings: {} };
  }
  for (const policy of policiesOf(stack, bucket)) findings.row("used", policy, "the bucket's own policy stays");
  const obstacle = bucketObstacle(stack, bucket, kmsKeyArn);
  if (obstacle !== undefined) {
    findings.row(
      "used",
      bucket,
      `as an existing bucket, on which nothing is changed: taking it over would replace ${obstacle}`,
    );
    return { settings: { bucket: name } };
  }
  findings.row("taken over", bucket, "keeps its name and its objects");
  bucketRules(bucket, findings);
  return { settings: { bucketName: name }, takenOver: bucket };
}

function policiesOf(stack: OldStack, bucket: OldResource): OldResource[] {
  return ofType(stack, "AWS::S3::BucketPolicy").filter(
    ({ properties }) => named(stack, "AWS::S3::Bucket", properties.Bucket) === bucket,
  );
}

/** What the new stack would write over. */
function bucketObstacle(stack: OldStack, bucket: OldResource, kmsKeyArn: string | undefined): string | undefined {
  if (policiesOf(stack, bucket).length > 0) return "its policy";
  if (bucket.properties.LifecycleConfiguration !== undefined) return "its lifecycle rules";
  const key = keyIn(bucket.properties.BucketEncryption);
  return key !== undefined && key !== kmsKeyArn ? "its KMS key" : undefined;
}

/** What the new stack sets on a bucket whatever the old one says. */
function bucketRules(bucket: OldResource, findings: Findings): void {
  const { PublicAccessBlockConfiguration, OwnershipControls, VersioningConfiguration } = bucket.properties;
  findings.isStricter(bucket, [], "requests without TLS are denied");
  if (!JSON.stringify(OwnershipControls ?? {}).includes("BucketOwnerEnforced"))
    findings.isStricter(bucket, ["OwnershipControls"], "access control lists are switched off");
  const blocks = isObject(PublicAccessBlockConfiguration) ? Object.values(PublicAccessBlockConfiguration) : [];
  if (blocks.filter((block) => textOf(block) === "true").length < 4)
    findings.isStricter(bucket, ["PublicAccessBlockConfiguration"], "all public access is blocked");
  if (!isObject(VersioningConfiguration) || VersioningConfiguration.Status !== "Enabled")
    findings.isStricter(bucket, ["VersioningConfiguration"], "versioning is switched on");
}

/**
 * The repository of an image, which is taken over if the settings can describe its encryption.
 *
 * @param stack what runs today
 * @param imageUri the image
 * @param kmsKeyArn the KMS key that the new stack uses. Default: none
 * @param findings what is found out
 */
export function adoptRepository(
  stack: OldStack,
  imageUri: string | undefined,
  kmsKeyArn: string | undefined,
  findings: Findings,
): AdoptedPart {
  const image = imageUri === undefined ? undefined : parseEcrImage(imageUri);
  const isOwn = image && (stack.accountId === undefined || image.accountId === stack.accountId);
  const repository = isOwn ? named(stack, "AWS::ECR::Repository", image.repositoryName) : undefined;
  if (!image || !repository) return { settings: {} };
  const { EncryptionConfiguration: encryption } = repository.properties;
  // Without a key of its own, `KMS` is AWS's own key.
  const isAwsKey = isObject(encryption) && encryption.KmsKey === undefined && encryption.EncryptionType !== "AES256";
  if (isAwsKey || keyIn(encryption) !== kmsKeyArn) {
    findings.row(
      "used",
      repository,
      "its encryption differs from the other parts', and ECR can't change it; the image stays in it",
    );
    return { settings: {} };
  }
  findings.row("taken over", repository, "keeps its name and its images");
  if (!JSON.stringify(repository.properties.ImageScanningConfiguration ?? {}).includes("true"))
    findings.isStricter(repository, ["ImageScanningConfiguration"], "new images are scanned when they are pushed");
  const immutable = repository.properties.ImageTagMutability === "IMMUTABLE";
  return {
    settings: { repositoryName: image.repositoryName, ...(immutable && { immutableTags: true }) },
    takenOver: repository,
  };
}

/**
 * The KMS key in an encryption, or in a configuration, as an ARN.
 *
 * @param stack what runs today
 * @param parts what may name a key: the volumes', the bucket's and the repository's
 * @param findings what is found out
 */
export function adoptKey(
  stack: OldStack,
  parts: readonly (OldResource | undefined)[],
  findings: Findings,
): string | undefined {
  for (const part of parts) {
    if (!part) continue;
    const { BucketEncryption, EncryptionConfiguration, KmsKeyId } = part.properties;
    const given = KmsKeyId ?? keyIn(BucketEncryption ?? EncryptionConfiguration);
    if (given === undefined) continue;
    const resource = named(stack, "AWS::KMS::Key", given);
    const keyArn = keyArnOf(stack, given instanceof Unknown ? given : textOf(given));
    if (keyArn === undefined) {
      const reason =
        given instanceof Unknown ? given.reason : `${textOf(given)} is no key's ARN: write the ARN instead`;
      findings.refuse(part, [], `its KMS key can't be taken over: ${reason}`);
    } else if (resource) findings.row("used", resource, "encrypts what the endpoint stores, as before");
    return keyArn;
  }
  return undefined;
}

function keyArnOf({ accountId, region }: OldStack, key: string | Unknown): string | undefined {
  if (key instanceof Unknown) return undefined;
  if (/^arn:[^:]+:kms:[^:]+:\d+:key\//.test(key)) return key;
  const isId = /^(mrk-)?[0-9a-f-]{32,36}$/.test(key) && accountId !== undefined && region !== undefined;
  return isId ? `arn:aws:kms:${region}:${accountId}:key/${key}` : undefined;
}

/** The key in a bucket's or a repository's encryption; `undefined` if AWS's keys encrypt it. */
function keyIn(encryption: unknown): unknown {
  if (Array.isArray(encryption)) return encryption.map(keyIn).find((key) => key !== undefined);
  if (!isObject(encryption)) return undefined;
  return (
    encryption.KMSMasterKeyID ??
    encryption.KmsKey ??
    Object.values(encryption)
      .map(keyIn)
      .find((key) => key !== undefined)
  );
}

/**
 * Whether a key lets the account's own policies decide who uses it, so that a new role can.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 *
 * @param key the key in the template; absent if the template doesn't have it
 */
export function delegates(key: OldResource | undefined): boolean {
  const policy = key?.properties.KeyPolicy;
  const statements = isObject(policy) ? [policy.Statement].flat().filter(isObject) : [];
  return statements.some(
    ({ Effect, Principal, Action }) =>
      Effect === "Allow" &&
      /:root"|^"\d{12}"|"AWS":"\*"/.test(JSON.stringify(Principal)) &&
      /"kms:(\*|Decrypt)"/.test(JSON.stringify(Action)),
  );
}

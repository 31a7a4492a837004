import { partitionOf } from "../../sagemaker/partitions.ts";
import { configuredRegion } from "../../sagemaker/region.ts";
import {
  mergedStatements,
  type Permission,
  type PermissionPolicy,
  type PermissionStatement,
} from "./mergedStatements.ts";

/** Where Pulumi keeps the stacks' state and encrypts their secrets, in Pulumi's own words. */
export interface StatePlaces {
  /** `s3://<bucket>` or `s3://<bucket>/<prefix>`, as for `pulumi login`. Default: Pulumi Cloud, which needs nothing in AWS. */
  readonly backend?: string;
  /** `awskms://…`, as for `pulumi stack init --secrets-provider`. Default: none in AWS. */
  readonly secretsProvider?: string;
  /** To read and to lock only. Default: false. */
  readonly preview?: boolean;
  /** The account of the key. Default: any. */
  readonly account?: string;
}

/**
 * The actions that Pulumi's CLI needs for its state in S3 and its secrets' key, whatever the stack is. A preview writes
 * nothing but its lock.
 * Sources: pulumi/pulumi pkg/backend/diy (state.go, lock.go, bucket.go) and pkg/secrets/cloud/manager.go
 *
 * @param places where they are
 * @throws Error if an address isn't one of S3 or KMS
 */
export function statePermissions({
  backend,
  secretsProvider,
  preview = false,
  account,
}: StatePlaces): PermissionPolicy {
  const state = backend === undefined ? [] : bucketPermissions(backend, preview);
  const { Version, Statement } = mergedStatements(state);
  const key = secretsProvider === undefined ? [] : [keyStatement(secretsProvider, account)];
  return { Version, Statement: [...key, ...Statement] };
}

function bucketPermissions(backend: string, preview: boolean): Permission[] {
  const [, bucket, prefix = "", parameters] = /^s3:\/\/([a-z0-9.-]+)(?:\/([^?]*?))?\/?(?:\?(.*))?$/.exec(backend) ?? [];
  if (bucket === undefined) {
    throw new Error(`--backend: ${backend} isn't in S3: use s3://<bucket> or s3://<bucket>/<prefix>`);
  }
  const arn = `arn:${partitionOf(regionIn(parameters))}:s3:::${bucket}`;
  const objects = `${arn}/${prefix === "" ? "" : `${prefix}/`}.pulumi/`;
  const written = preview ? `${objects}locks/*` : `${objects}*`;
  return [
    { action: "s3:ListBucket", arn },
    { action: "s3:GetObject", arn: `${objects}*` },
    { action: "s3:PutObject", arn: written },
    { action: "s3:DeleteObject", arn: written },
  ];
}

function keyStatement(secretsProvider: string, account = "*"): PermissionStatement {
  const [, key = "", parameters] = /^awskms:\/\/\/?([^?]+)(?:\?(.*))?$/.exec(secretsProvider) ?? [];
  const region = regionIn(parameters);
  const partition = partitionOf(region);
  const allowed = { Effect: "Allow", Action: ["kms:Decrypt"] } as const;
  if (/^arn:[^:]+:kms:[^:]+:\d{12}:key\/[\w-]+$/.test(key)) return { ...allowed, Resource: [key] };
  if (/^[\w-]+$/.test(key)) return { ...allowed, Resource: [`arn:${partition}:kms:${region}:${account}:key/${key}`] };
  const [, alias] = /^(?:arn:[^:]+:kms:[^:]+:\d{12}:)?(alias\/[\w/-]+)$/.exec(key) ?? [];
  if (alias === undefined) {
    throw new Error(
      `--secrets-provider: ${secretsProvider} isn't a key of KMS: use awskms://alias/<name>?region=<region> or awskms:///<the key's ARN>`,
    );
  }
  return {
    ...allowed,
    Resource: [`arn:${partition}:kms:${region}:${account}:key/*`],
    Condition: { StringEquals: { "kms:RequestAlias": alias } },
  };
}

/** The region in the parameters of an address, or else the environment's. */
function regionIn(parameters: string | undefined): string {
  return new URLSearchParams(parameters).get("region") ?? configuredRegion({}) ?? "*";
}

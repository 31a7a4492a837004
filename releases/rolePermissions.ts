import { ecrRepositoryArn } from "../sagemaker/imageUri.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import { usesKey, type Served } from "./served.ts";

/** A permission that an endpoint's role must have for the endpoint to serve. */
export interface Need {
  /** The action, for example `s3:GetObject`. */
  readonly action: string;
  /** Whether a statement's resource, an ARN that may contain `*`, covers what is needed. */
  readonly coveredBy: (resource: string) => boolean;
}

/**
 * The permissions that an endpoint needs of a role: to load image and model, to write what it records, and to read the
 * alarms that roll it back. Only what a policy of a single resource grants; a missing log line or metric is none.
 *
 * @param served what the endpoint serves
 * @param roleName the role's name
 * @returns the permissions; empty if no Model has this role
 */
export function needsOf(served: Served, roleName: string): Need[] {
  const models = served.models.filter(({ roleArn }) => roleArn.endsWith(`/${roleName}`));
  if (models.length === 0) return [];
  const [, partition = "aws", , region, account] = served.endpointArn.split(":");
  const on = (action: string, arn: string): Need => ({ action, coveredBy: (resource) => matches(resource, arn) });
  const s3 = (action: string) => (url: string) =>
    on(action, url.replace("s3://", `arn:${partition}:s3:::`) + (url.endsWith("/") ? "object" : ""));
  const logGroup = `arn:${partition}:logs:${region}:${account}:log-group:${logGroupName(served.endpointName)}`;
  return [
    ...models.flatMap(({ modelData }) => modelData.map(s3("s3:GetObject"))),
    ...models.flatMap(({ images }) =>
      images.map((image) => on("ecr:BatchGetImage", ecrRepositoryArn(image, partition))),
    ),
    ...models.flatMap(({ securityGroupIds }) =>
      securityGroupIds.map((id) =>
        on("ec2:CreateNetworkInterface", `arn:${partition}:ec2:${region}:${account}:security-group/${id}`),
      ),
    ),
    ...served.writes.map(s3("s3:PutObject")),
    ...served.alarmNames.map((alarmName) =>
      on("cloudwatch:DescribeAlarms", `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmName}`),
    ),
    on("logs:PutLogEvents", logGroup),
    { action: "kms:Decrypt", coveredBy: (resource) => usesKey(served, resource) },
  ];
}

/**
 * Makes a test of whether a policy grants a permission.
 *
 * @param policy the policy document, as JSON
 */
export function permits(policy: string): (need: Need) => boolean {
  const { Statement } = JSON.parse(policy) as { Statement: Statement | Statement[] };
  const statements = [Statement].flat().filter(({ Effect }) => Effect === "Allow");
  return ({ action, coveredBy }) =>
    statements.some(
      ({ Action = [], Resource = [] }) =>
        [Action].flat().some((pattern) => matches(pattern, action)) && [Resource].flat().some(coveredBy),
    );
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | string[];
  readonly Resource?: string | string[];
}

/** IAM's wildcards: `*` for any text, `?` for one character. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}

import { partitionOf, registrySuffixes } from "../../sagemaker/partitions.ts";
import { table } from "../../text/table.ts";
import { textOf, type TemplateResource } from "./template.ts";
import { Unknown } from "./unknown.ts";

/** Computes a template's values. */
interface Values {
  /** The names that AWS gave to resources, by logical id. */
  readonly names: Readonly<Record<string, string>>;
  readonly value: (raw: unknown) => unknown;
}

/**
 * The property that names a resource, what its `Ref` is, and the ARN that it has. Types without a name property are only
 * known by the id that AWS gave them.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 * (Return values of each type)
 */
interface Naming {
  readonly property?: string;
  readonly refIsArn?: boolean;
  /** The service and resource of the ARN. */
  readonly arn?: (name: string, path: string) => readonly [string, string];
}

const namings: Readonly<Record<string, Naming | undefined>> = table({
  "AWS::S3::Bucket": { property: "BucketName", arn: (name) => ["s3", name] },
  "AWS::ECR::Repository": { property: "RepositoryName", arn: (name) => ["ecr", `repository/${name}`] },
  "AWS::IAM::Role": {
    property: "RoleName",
    arn: (name, path) => ["iam", `role${path}${name}`],
  },
  "AWS::KMS::Key": { arn: (name) => ["kms", `key/${name}`] },
  "AWS::SNS::Topic": { property: "TopicName", refIsArn: true, arn: (name) => ["sns", name] },
  "AWS::ApplicationAutoScaling::ScalingPolicy": { property: "PolicyName", refIsArn: true },
  "AWS::Logs::LogGroup": { property: "LogGroupName", arn: (name) => ["logs", `log-group:${name}:*`] },
  "AWS::SageMaker::Model": { property: "ModelName", refIsArn: true, arn: (name) => ["sagemaker", `model/${name}`] },
  "AWS::SageMaker::EndpointConfig": {
    property: "EndpointConfigName",
    refIsArn: true,
    arn: (name) => ["sagemaker", `endpoint-config/${name}`],
  },
  "AWS::SageMaker::Endpoint": {
    property: "EndpointName",
    refIsArn: true,
    arn: (name) => ["sagemaker", `endpoint/${name}`],
  },
} satisfies Record<string, Naming>);

/**
 * The name of a resource: given by the template, or by AWS when the stack was deployed.
 *
 * @param values computes the template's values
 * @param logicalId the resource's name in the template
 * @param resource the resource
 */
export function physicalName(values: Values, logicalId: string, resource: TemplateResource): string | Unknown {
  const { property } = namings[resource.Type] ?? {};
  const given = property === undefined ? undefined : values.value(resource.Properties?.[property]);
  if (typeof given === "string" || given instanceof Unknown) return given;
  const { names } = values;
  const id = Object.hasOwn(names, logicalId) ? names[logicalId] : undefined;
  if (id !== undefined)
    return id.startsWith("arn:") ? id.slice(Math.max(id.lastIndexOf("/"), id.lastIndexOf(":")) + 1) : id;
  return new Unknown(
    `AWS named the ${resource.Type} ${logicalId}, and the template doesn't say how: give the deployed stack by its name instead of the template`,
    logicalId,
  );
}

/**
 * The value of `Ref`.
 *
 * @param values computes the template's values
 * @param logicalId the resource's name in the template
 * @param resource the resource
 */
export function referenceOf(values: Values, logicalId: string, resource: TemplateResource): unknown {
  return namings[resource.Type]?.refIsArn
    ? arnOf(values, logicalId, resource)
    : physicalName(values, logicalId, resource);
}

/**
 * The value of `Fn::GetAtt`.
 *
 * @param values computes the template's values
 * @param logicalId the resource's name in the template
 * @param resource the resource
 * @param attribute the attribute, for example `Arn`
 */
export function attributeOf(values: Values, logicalId: string, resource: TemplateResource, attribute: string): unknown {
  if (/^(Arn|TopicArn)$/.test(attribute)) return arnOf(values, logicalId, resource);
  if (/^(GroupId|KeyId|SubnetId|VpcId|\w*Name)$/.test(attribute)) return physicalName(values, logicalId, resource);
  if (attribute === "RepositoryUri") {
    const [name, accountId, region] = [physicalName(values, logicalId, resource), ...scope(values)];
    const unknown = [name, accountId, region].find((part) => part instanceof Unknown);
    const suffix = registrySuffixes(textOf(region))[0] ?? "";
    return unknown ?? `${textOf(accountId)}.dkr.ecr.${textOf(region)}.${suffix}/${textOf(name)}`;
  }
  return new Unknown(`adopt doesn't know the attribute ${attribute} of ${logicalId}`);
}

function arnOf(values: Values, logicalId: string, resource: TemplateResource): string | Unknown {
  const name = physicalName(values, logicalId, resource);
  const naming = namings[resource.Type]?.arn;
  if (!naming) return new Unknown(`adopt doesn't know the ARN of ${logicalId}`);
  if (name instanceof Unknown) return name;
  const path = values.value(resource.Properties?.Path);
  const [service, rest] = naming(name, typeof path === "string" ? path : "/");
  const [accountId, region] = scope(values);
  const partition = partitionOf(typeof region === "string" ? region : "");
  if (service === "s3") return `arn:${partition}:s3:::${rest}`;
  const unknown = [accountId, service === "iam" ? "" : region].find((part) => part instanceof Unknown);
  if (unknown) return new Unknown(unknown.reason, logicalId);
  return `arn:${partition}:${service}:${service === "iam" ? "" : textOf(region)}:${textOf(accountId)}:${rest}`;
}

function scope(values: Values): unknown[] {
  return ["AWS::AccountId", "AWS::Region"].map((name) => values.value({ Ref: name }));
}

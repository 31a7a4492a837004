import type { Findings } from "./findings.ts";
import type { OldResource } from "./oldStack.ts";
import { isObject, textOf } from "./template.ts";
import { defined, plainValue, type Values } from "./variants.ts";

/** What a Model says, as settings, and the role that it uses. */
export interface DescribedModel {
  /** The settings that a variant may have of its own. */
  readonly own: Values;
  /** The settings that all variants share: image, VPC, isolation. */
  readonly shared: Values;
  /** The ARN of its execution role; absent if it isn't known, which is a problem already. */
  readonly roleArn?: string;
  /** The bucket's object, `s3://…`. */
  readonly modelDataUrl?: string;
}

/** What has no setting and would change what is served. */
const refused: Readonly<Record<string, string>> = {
  ModelPackageName: "a model package has no setting: give the Model its image and model data",
  InferenceSpecificationName: "a model package has no setting: give the Model its image and model data",
  ImageConfig: "images outside of ECR have no setting: copy the image to ECR first",
  AdditionalModelDataSources: "further model data has no setting: pack it into the model",
};

/**
 * The settings that describe a Model.
 *
 * @param model the Model
 * @param findings what is found out
 */
export function modelValues(model: OldResource, findings: Findings): DescribedModel {
  const containers = findings.read(model, "Containers");
  const count = Array.isArray(containers) ? containers.length : 0;
  if (count > 1)
    findings.refuse(
      model,
      ["Containers"],
      "a pipeline of several containers has no setting: serve them apart, or as a Triton ensemble",
    );
  const path = count > 0 ? (["Containers", 0] as const) : (["PrimaryContainer"] as const);
  const container = findings.read(model, ...path);
  const roleArn = findings.text(model, "ExecutionRoleArn");
  const vpc = findings.read(model, "VpcConfig");
  const isolated = plainValue(findings.read(model, "EnableNetworkIsolation"));
  const shared = {
    vpcConfig:
      isObject(vpc) && vpc.Subnets !== undefined
        ? { subnets: vpc.Subnets, securityGroupIds: vpc.SecurityGroupIds }
        : undefined,
    networkIsolation: isolated === true ? true : undefined,
  };
  if (!isObject(container)) return { own: {}, shared: defined(shared), ...(roleArn !== undefined && { roleArn }) };
  for (const [property, why] of Object.entries(refused)) {
    if (container[property] !== undefined) findings.refuse(model, [...path, property], `${property}: ${why}`);
  }
  if (container.Mode === "MultiModel")
    findings.refuse(
      model,
      [...path, "Mode"],
      "Mode MultiModel can't be taken over, because the settings describe the models by their folders: set multiModel by hand",
    );
  const modelDataUrl = dataUrl(model, path, container, findings);
  const { Image, Environment } = container;
  return {
    own: defined({
      modelDataUrl,
      environment: isObject(Environment) && Object.keys(Environment).length > 0 ? texts(Environment) : undefined,
    }),
    shared: defined({ imageUri: Image, ...shared }),
    ...(roleArn !== undefined && { roleArn }),
    ...(modelDataUrl !== undefined && { modelDataUrl }),
  };
}

function dataUrl(
  model: OldResource,
  path: readonly (string | number)[],
  { ModelDataUrl, ModelDataSource }: Values,
  findings: Findings,
): string | undefined {
  const { S3DataSource } = isObject(ModelDataSource) ? ModelDataSource : {};
  const { S3Uri, CompressionType } = isObject(S3DataSource) ? S3DataSource : {};
  const url = ModelDataUrl ?? S3Uri;
  if (CompressionType === "None")
    findings.refuse(
      model,
      [...path, "ModelDataSource"],
      "a model that isn't packed has no setting: set modelRepository with modelDataFormat prefix by hand",
    );
  else if (typeof url !== "string")
    findings.refuse(model, [...path], "there is no ModelDataUrl: a model inside of the image has no setting");
  return typeof url === "string" ? url : undefined;
}

function texts(environment: Values): Values {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, textOf(value)]));
}

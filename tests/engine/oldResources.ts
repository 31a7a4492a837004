import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  type CreateEndpointConfigCommandInput,
} from "@aws-sdk/client-sagemaker";
import {
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type PutScalingPolicyCommandInput,
  type RegisterScalableTargetCommandInput,
} from "@aws-sdk/client-application-auto-scaling";
import { CreateBucketCommand, PutBucketTaggingCommand } from "@aws-sdk/client-s3";
import type { OldResource } from "../../operations/adopt/oldStack.ts";
import { account, region } from "../support/adopt/oldStacks.ts";
import type { EngineStack } from "./engineStack.ts";
import { arn } from "./provider/resourceTypes.ts";
import type { Properties } from "./provider/values.ts";
import { types } from "./types.ts";

/** A resource of the old stack. */
export interface Made {
  readonly type: string;
  readonly id: string;
  /** Whether it stays when the old stack is deleted. */
  readonly retained: boolean;
}

/**
 * Makes a resource of an old stack, as CloudFormation does.
 *
 * @param stack where
 * @param resource the resource; those that it refers to are there
 * @returns what was made: the resource and its parts; nothing for types that the stand-in doesn't have
 */
export async function deployOldResource(stack: EngineStack, resource: OldResource): Promise<Made[]> {
  const { cloud, emulator } = stack;
  const { sagemaker, autoscaling, s3 } = emulator.clients;
  const { retained, properties } = resource;
  const id = typeof resource.name === "string" ? resource.name : resource.logicalId;
  const tags = Object.fromEntries(tagsOf(resource).map(({ Key, Value }) => [Key, Value]));
  const put = (type: string, as: string, inputs: Properties, outputs: Properties): Made[] => {
    cloud.put({ type, id: as, inputs, outputs: { ...inputs, ...outputs, id: as } });
    return [{ type, id: as, retained }];
  };
  switch (resource.type) {
    case "AWS::KMS::Key":
      return put(types.key, id, {}, { arn: arn("kms", `key/${id}`), keyId: id });
    case "AWS::S3::Bucket":
      await s3.send(new CreateBucketCommand({ Bucket: id }));
      await s3.send(new PutBucketTaggingCommand({ Bucket: id, Tagging: { TagSet: tagsOf(resource) } }));
      return put(types.bucket, id, { bucket: id, tags }, { arn: `arn:aws:s3:::${id}`, region, tagsAll: tags });
    case "AWS::ECR::Repository": {
      const kmsKey = (properties.EncryptionConfiguration as { KmsKey?: string } | undefined)?.KmsKey;
      const encryptionConfigurations = [kmsKey ? { encryptionType: "KMS", kmsKey } : { encryptionType: "AES256" }];
      const repositoryUrl = `${account}.dkr.ecr.${region}.amazonaws.com/${id}`;
      const computed = { arn: arn("ecr", `repository/${id}`), registryId: account, repositoryUrl, tagsAll: tags };
      return put(types.repository, id, { name: id, encryptionConfigurations, tags }, computed);
    }
    case "AWS::IAM::Role": {
      const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
      return [
        ...put(
          types.role,
          id,
          { name: id },
          { arn: `arn:aws:iam::${account}:role${(properties.Path as string | undefined) ?? "/"}${id}` },
        ),
        ...put(types.rolePolicy, `${id}:all`, { role: id, name: "all", policy }, {}),
      ];
    }
    case "AWS::SageMaker::Model": {
      const container = properties.PrimaryContainer as { Image: string; ModelDataUrl: string };
      const inputs = {
        executionRoleArn: properties.ExecutionRoleArn,
        primaryContainer: { image: container.Image, modelDataUrl: container.ModelDataUrl },
      };
      await sagemaker.send(new CreateModelCommand({ ...properties, ModelName: id }));
      return put(types.model, id, { name: id, ...inputs }, {});
    }
    case "AWS::SageMaker::EndpointConfig": {
      const variants = (properties.ProductionVariants as { ModelName: string; VariantName: string }[]).map(
        (variant) => ({
          modelName: variant.ModelName,
          variantName: variant.VariantName,
        }),
      );
      const created = { ...properties, EndpointConfigName: id };
      await sagemaker.send(new CreateEndpointConfigCommand(created as unknown as CreateEndpointConfigCommandInput));
      return put(types.configuration, id, { name: id, productionVariants: variants }, {});
    }
    case "AWS::SageMaker::Endpoint": {
      const EndpointConfigName = String(properties.EndpointConfigName);
      await sagemaker.send(new CreateEndpointCommand({ EndpointName: id, EndpointConfigName }));
      const ResourceArn = arn("sagemaker", `endpoint/${id}`);
      await sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: tagsOf(resource) }));
      return put(
        types.endpoint,
        id,
        { name: id, endpointConfigName: EndpointConfigName, tags },
        { arn: ResourceArn, tagsAll: tags },
      );
    }
    case "AWS::ApplicationAutoScaling::ScalableTarget": {
      await autoscaling.send(
        new RegisterScalableTargetCommand(properties as unknown as RegisterScalableTargetCommandInput),
      );
      const {
        ResourceId: resourceId,
        ServiceNamespace: serviceNamespace,
        ScalableDimension: scalableDimension,
      } = properties;
      return put(types.scalableTarget, String(resourceId), { resourceId, serviceNamespace, scalableDimension }, {});
    }
    case "AWS::ApplicationAutoScaling::ScalingPolicy": {
      const target = cloud.all(types.scalableTarget)[0]!.inputs;
      const scaled = {
        ServiceNamespace: target.serviceNamespace,
        ScalableDimension: target.scalableDimension,
        ResourceId: target.resourceId,
      };
      const { PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration } = properties;
      const policy = { ...scaled, PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration };
      await autoscaling.send(new PutScalingPolicyCommand(policy as unknown as PutScalingPolicyCommandInput));
      return put(types.scalingPolicy, id, { name: id, ...target }, {});
    }
    default:
      return [];
  }
}

function tagsOf({ properties }: OldResource): { Key: string; Value: string }[] {
  return (properties.Tags ?? []) as { Key: string; Value: string }[];
}

import type { Cloud } from "../cloud.ts";
import { types } from "../types.ts";
import { account, digestOf, pushedImage, region } from "./resourceTypes.ts";
import type { Properties } from "./values.ts";

/** The password of the registry that the stand-in hands out: it must never be seen in plain. */
export const registryPassword = "registry-password-in-plain";

/**
 * What a provider's function answers.
 *
 * @param token the function's token
 * @param args its arguments
 * @param cloud what it looks at
 * @param signedIn the registries that the Docker provider was configured for
 * @throws Error where the stand-in doesn't know the function, or the registry wants a sign-in
 */
export function lookUp(token: string, args: Properties, cloud: Cloud, signedIn: string): Properties {
  switch (token) {
    case "aws:index/getPartition:getPartition":
      return { id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
    case "aws:index/getRegion:getRegion":
      return { id: region, region, name: region, description: "US East", endpoint: `ec2.${region}.amazonaws.com` };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return {
        id: cloud.account,
        accountId: cloud.account,
        arn: `arn:aws:iam::${cloud.account}:user/tester`,
        userId: "AIDATESTER",
      };
    case "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": {
      const { repositoryName, imageTag } = args as { repositoryName: string; imageTag: string };
      const registryId = "785573368785";
      const registryPath = `${registryId}.dkr.ecr.${region}.amazonaws.com/${repositoryName}:${imageTag}`;
      return { id: registryPath, registryId, registryPath, repositoryName, imageTag };
    }
    case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
      return {
        id: region,
        authorizationToken: Buffer.from(`AWS:${registryPassword}`).toString("base64"),
        userName: "AWS",
        password: registryPassword,
        proxyEndpoint: `https://${account}.dkr.ecr.${region}.amazonaws.com`,
        expiresAt: "2030-01-01T00:00:00Z",
      };
    case "aws:ec2/getManagedPrefixList:getManagedPrefixList":
      return { id: "pl-63a5400a", name: args.name, entries: [] };
    case "aws:ecr/getRepository:getRepository":
      return existing(cloud, types.repository, args.name as string);
    case "aws:cloudwatch/getLogGroup:getLogGroup":
      return existing(cloud, types.logGroup, args.name as string);
    case "aws:iam/getRole:getRole":
      return existing(cloud, types.role, args.name as string);
    case "aws:s3/getBucket:getBucket":
      return existing(cloud, types.bucket, args.bucket as string);
    case "aws:s3/getObject:getObject": {
      const id = `${args.bucket as string}/${args.key as string}`;
      return existing(cloud, cloud.get(types.objectCopy, id) ? types.objectCopy : types.object, id);
    }
    case "aws:ecr/getImage:getImage": {
      const { repositoryName, imageDigest } = args as { repositoryName: string; imageDigest: string };
      existing(cloud, types.repository, repositoryName);
      const pushed = cloud
        .all(pushedImage)
        .find(({ id, inputs }) => id.includes(`/${repositoryName}:`) && inputs.digest === imageDigest);
      if (!pushed) throw new Error("reading ECR Images: couldn't find resource");
      return { id: imageDigest, imageDigest, repositoryName, imageTags: [] };
    }
    case "docker:index/getRegistryImage:getRegistryImage": {
      const name = args.name as string;
      const host = name.split("/")[0] ?? "";
      if (host.includes(".dkr.ecr.") && !signedIn.includes(host)) {
        throw new Error(`Got error when attempting to fetch image version ${name} from registry: 401`);
      }
      return { id: name, name, insecureSkipVerify: false, sha256Digest: digestOf(name + cloud.upstream) };
    }
    default:
      throw new Error(`the stand-in doesn't know the function ${token}`);
  }
}

/** A resource's outputs. */
function existing(cloud: Cloud, type: string, id: string): Properties {
  const found = cloud.get(type, id);
  if (!found) throw new Error(`reading ${type} (${id}): couldn't find resource`);
  return { encryptionConfigurations: [], ...found.outputs, tags: found.outputs.tags ?? {} };
}

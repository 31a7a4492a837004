import type * as pulumi from "@pulumi/pulumi";
import type { EarlierResource } from "../releases/earlierStack.ts";

/** A resource as the program registers it. */
interface Planned {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Mock responses for AWS and Docker. Values that only they know are readable references: `${triton-storage-bucket.arn}`
 * is the ARN that the bucket will have.
 */
export class PlanMocks implements pulumi.runtime.Mocks {
  /** The inputs of each resource, by `<type>::<name>`. */
  readonly inputs = new Map<string, Record<string, unknown>>();
  readonly #region: string;

  /** @param region the stack's region, or a reference if it isn't set */
  constructor(region: string) {
    this.#region = region;
  }

  newResource(args: pulumi.runtime.MockResourceArgs): { id: string; state: Record<string, unknown> } {
    const inputs = args.inputs as Record<string, unknown>;
    this.inputs.set(`${args.type}::${args.name}`, inputs);
    return { id: `\${${args.name}.id}`, state: this.#outputs(args.type, args.name, inputs) };
  }

  /**
   * The resources of a plan as a stack's state has them once they are deployed: buckets without a name of their own have
   * one that Pulumi made up.
   *
   * @param resources the planned resources
   */
  deployedResources(resources: readonly Planned[]): EarlierResource[] {
    return resources.map(({ type, name, inputs }) => {
      const made = type === "aws:s3/bucket:Bucket" ? { bucket: `${name}-0000000` } : {};
      return { type, name, outputs: this.#outputs(type, name, { ...made, ...inputs }) };
    });
  }

  #outputs(type: string, name: string, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const outputs = ["arn", "name", ...(computedOutputs[type] ?? [])];
    const state = Object.fromEntries(outputs.map((output) => [output, `\${${name}.${output}}`]));
    if (type === "aws:ecr/repository:Repository") {
      state.repositoryUrl = `${this.#registry(account)}/${(inputs.name as string | undefined) ?? state.name}`;
    }
    return { ...state, ...inputs };
  }

  call({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    switch (token) {
      case "aws:index/getRegion:getRegion":
        return { region: this.#region, name: this.#region, id: this.#region };
      case "aws:index/getPartition:getPartition":
        return { partition: this.#partition() };
      case "aws:index/getCallerIdentity:getCallerIdentity":
        return { accountId: account };
      case "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": {
        const { repositoryName, imageTag } = inputs as { repositoryName: string; imageTag: string };
        const upstream = `\${${repositoryName}.registryId}`;
        return { registryId: upstream, registryPath: `${this.#registry(upstream)}/${repositoryName}:${imageTag}` };
      }
      case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
        return {
          userName: "AWS",
          password: "${ecr.authorizationToken}",
          proxyEndpoint: `https://${this.#registry(account)}`,
        };
      case "aws:ec2/getManagedPrefixList:getManagedPrefixList":
        return { id: `\${${(inputs as { name: string }).name}.id}` };
      case "docker:index/getRegistryImage:getRegistryImage":
        return { sha256Digest: "sha256:${digest}" };
      default:
        return inputs as Record<string, unknown>;
    }
  }

  #partition(): string {
    if (this.#region.startsWith("cn-")) return "aws-cn";
    return this.#region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  }

  #registry(accountId: string): string {
    const suffix = this.#partition() === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    return `${accountId}.dkr.ecr.${this.#region}.${suffix}`;
  }
}

const account = "${aws.accountId}";

/** The outputs that the program reads from a resource besides `arn` and `name`. */
const computedOutputs: Record<string, readonly string[]> = {
  "aws:s3/bucket:Bucket": ["bucket"],
  "aws:ecr/repository:Repository": ["registryId"],
  "docker:index/remoteImage:RemoteImage": ["imageId"],
  "docker:index/registryImage:RegistryImage": ["sha256Digest"],
};

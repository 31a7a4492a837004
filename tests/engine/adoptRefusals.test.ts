import { PutBucketLifecycleConfigurationCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import {
  AddTagsCommand,
  CreateEndpointConfigCommand,
  UpdateEndpointCommand,
  type Tag,
} from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { account } from "../support/adopt/oldStacks.ts";
import { missing } from "./adoptLaws.ts";
import type { EngineStack } from "./engineStack.ts";
import { deployOldStack, type DeployedOldStack } from "./oldStack.ts";
import { arn } from "./provider/resourceTypes.ts";
import { types } from "./types.ts";

const [EndpointName, Bucket] = ["vpc-endpoint", "vpc-models"];

async function tag({ emulator }: EngineStack, ...Tags: Tag[]): Promise<void> {
  const ResourceArn = arn("sagemaker", `endpoint/${EndpointName}`);
  await emulator.clients.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags }));
}

/** What somebody does by hand between `adopt` and the first update, and what the update says. */
const changes: readonly {
  readonly what: string;
  readonly make: (stack: EngineStack) => Promise<unknown>;
  readonly says: RegExp;
}[] = [
  {
    what: "tags that the settings don't have",
    make: (stack) => tag(stack, { Key: "by-hand", Value: "1" }),
    says: /takeOver: the endpoint vpc-endpoint can't be taken over, because its tags by-hand=1 would be removed/,
  },
  {
    what: "a bucket's policy and lifecycle rules",
    make: async ({ emulator: { clients } }) => {
      const Resource = `arn:aws:s3:::${Bucket}/*`;
      const Statement = [{ Effect: "Allow", Principal: { AWS: account }, Action: "s3:GetObject", Resource }];
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
      await clients.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      const Rules = [{ ID: "old", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 90 } } as const];
      await clients.s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [...Rules] } }),
      );
    },
    says: /takeOver: the bucket vpc-models can't be taken over, because its policy and lifecycle rules would be replaced: set bucket instead/,
  },
  {
    what: "another stack's endpoint",
    make: (stack) => tag(stack, { Key: "sagemaker-triton:stack", Value: "birds/dev" }),
    says: /takeOver: the endpoint vpc-endpoint can't be taken over, because it belongs to the stack birds\/dev/,
  },
  {
    what: "an endpoint that failed",
    make: async ({ emulator }) => {
      const { sagemaker } = emulator.clients;
      const EndpointConfigName = "old-failing";
      const variant = { VariantName: "AllTraffic", ModelName: "old-model", InitialInstanceCount: 1 };
      await sagemaker.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName,
          ProductionVariants: [{ ...variant, InstanceType: "ml.m5.large" }],
        }),
      );
      await sagemaker.send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName }));
    },
    says: /takeOver: the endpoint vpc-endpoint can't be taken over, because it is Failed/,
  },
  {
    what: "a repository with another key, which would be replaced",
    make: ({ cloud }) => {
      const { id, inputs, outputs } = cloud.get(types.repository, "vpc-images")!;
      const kmsKey = arn("kms", "key/12345678-90ab-cdef-1234-567890abcdef");
      const encrypted = { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey }] };
      cloud.put({
        type: types.repository,
        id,
        inputs: { ...inputs, ...encrypted },
        outputs: { ...outputs, ...encrypted },
      });
      return Promise.resolve();
    },
    says: /takeOver: the repository vpc-images can't be taken over, because it exists with the KMS key .*, which ECR can't change/,
  },
];

describe("a takeover that would lose something", () => {
  let deployed: DeployedOldStack;
  before(async () => {
    deployed = await deployOldStack("with a VPC");
  });
  after(() => deployed.stack.remove());

  for (const { what, make, says } of changes) {
    it(`is refused in the preview and before anything is registered: ${what}`, async () => {
      const stack = await deployed.stack.fork();
      await make(stack);
      for (const run of [await stack.preview(), await stack.up()]) {
        expect(run.code).to.not.equal(0);
        expect(run.operations).to.deep.equal([]);
        expect(run.output).to.match(says);
      }
      expect(missing({ ...deployed, stack })).to.deep.equal([]);
      await stack.remove();
    });
  }

  it("is refused if the stack has an endpoint of its own, which would be deleted", async () => {
    const stack = await deployed.stack.fork();
    const { endpointName, takeOver } = stack.workspace.config(stack.name);
    stack.configure({ endpointName: "own-endpoint", takeOver: ["bucket", "repository"] });
    const own = await stack.up();
    expect(own.code, own.output).to.equal(0);
    stack.configure({ endpointName, takeOver, replaceEndpoint: true, protect: undefined });
    const run = await stack.up();
    expect(run.code).to.not.equal(0);
    expect(run.operations).to.deep.equal([]);
    expect(run.output).to.match(
      /takeOver: the endpoint vpc-endpoint can't be taken over, because this stack already has own-endpoint in its place/,
    );
    await stack.remove();
  });
});

import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import type * as z from "zod";
import { loadModel } from "../../packing/loadModel.ts";
import { TritonEndpoint } from "../../components/tritonEndpoint.ts";
import type { TritonEndpointArgs } from "../../components/tritonEndpointArgs.ts";
import { fieldsAt, unwrapped } from "../../endpoint/knownKeys.ts";
import { isPlain } from "../../endpoint/open.ts";
import { endpointSchema } from "../../endpoint/schema.ts";
import { PlanMocks } from "../../preview/planMocks.ts";
import { failureOf } from "../support/failures.ts";

type Values = Readonly<Record<string, unknown>>;
const region = "eu-central-1";
const model = { modelRepository: "models", defaultModelName: "penguins" };

/** The inputs of what a program registers, by type and name. */
async function registered(program: () => unknown, preview = false): Promise<Map<string, Values>> {
  const mocks = new PlanMocks(region);
  await pulumi.runtime.setMocks(mocks, "shop", "dev", preview);
  pulumi.runtime.setAllConfig({ "aws:region": region });
  // What fails while resources are registered ends a real program as an unhandled rejection.
  const failures: unknown[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", (error) => failures.push(error));
  try {
    await pulumi.runtime.runInPulumiStack(async () => {
      await program();
      return {};
    });
    await pulumi.runtime.disconnect();
    await pause(10);
  } finally {
    await pulumi.runtime.disconnect();
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  if (failures.length > 0) throw Object.assign(failures[0] as Error, { registered: [...mocks.inputs.keys()] });
  return mocks.inputs;
}

/** Every value that may be an Output as one. */
function asOutputs(value: unknown, schema: z.core.$ZodType): unknown {
  if (!isPlain(schema)) return pulumi.output(Promise.resolve(value));
  const inner = unwrapped(schema);
  if (Array.isArray(value)) {
    const { element } = inner as z.ZodArray;
    return value.map((item) => asOutputs(item, element));
  }
  if (typeof value !== "object" || value === null) return value;
  const fields = fieldsAt(inner, []);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const field = fields[key] ?? (inner as z.ZodRecord).valueType;
      return [key, asOutputs(part, field)];
    }),
  );
}

function example(name: string): Values {
  const { config } = parse(readFileSync(`docs/examples/${name}.yaml`, "utf8")) as { config: Values };
  const own = Object.entries(config).filter(([key]) => key.startsWith("sagemaker-triton:"));
  return Object.fromEntries(own.map(([key, value]) => [key.replace(/^.*:/, ""), value]));
}

describe("an argument that comes from another resource", () => {
  for (const name of ["real-time", "async-inference", "multi-model", "serverless", "shadow", "variants"]) {
    it(`gives the same resources as its plain value: ${name}`, async () => {
      const { multiModel, modelRepository, variants, ...rest } = example(name) as TritonEndpointArgs;
      const tags = { Team: "birds", CostService: "shop" };
      const loaded = multiModel ? { model: await loadModel({ multiModel: multiModel }) } : { modelRepository };
      const { next, ...others } = variants ?? {};
      const settings = {
        ...rest,
        ...(next && { variants: { ...others, next: { ...next, modelDataFormat: "archive" } } }),
      };
      const args = (values: unknown) => ({ ...(values as TritonEndpointArgs), ...loaded });
      const plain = await registered(() => new TritonEndpoint("penguins", args({ ...settings, tags })));
      const wired = await registered(
        () => new TritonEndpoint("penguins", args(asOutputs({ ...settings, tags }, endpointSchema))),
      );
      // Names that contain a value contain its position instead.
      const comparable = (inputs: Map<string, Values>) =>
        [...inputs.entries()]
          .map(([key, value]): [string, Values] => [
            key.replace(/(?<=-s3-|-topic-|-monitoring-)(rtb-\w+|\S+@\S+|\d|address-\d)$/, ""),
            value,
          ])
          .filter(([key]) => !key.startsWith("sagemaker-triton:"))
          .map((entry) => JSON.stringify(entry))
          .sort();
      expect(comparable(wired)).to.deep.equal(comparable(plain));
    });
  }

  it("is judged once it is known, by the rule of its own, with its name", async () => {
    const tooMany = pulumi.output(Promise.resolve(513));
    const failure = await failureOf(
      registered(() => new TritonEndpoint("penguins", { ...model, volumeSizeInGb: tooMany })),
    );
    expect(failure).to.be.instanceOf(pulumi.ResourceError);
    expect(failure.message).to.equal("volumeSizeInGb: must be a whole number from 1 to 512");
  });

  it("is judged with another one as soon as both are known", async () => {
    const serverless = (provisioned: number) => ({
      memorySizeInMb: 2048 as const,
      maxConcurrency: pulumi.output(5),
      provisionedConcurrency: pulumi.output(Promise.resolve(provisioned)),
    });
    const imageUri = pulumi.output(`123456789012.dkr.ecr.${region}.amazonaws.com/triton:mine`);
    const failure = await failureOf(
      registered(() => new TritonEndpoint("penguins", { ...model, imageUri, serverless: serverless(6) })),
    );
    expect(failure.message).to.equal("serverless.provisionedConcurrency: must be at most maxConcurrency, which is 5");
    await registered(() => new TritonEndpoint("penguins", { ...model, imageUri, serverless: serverless(4) }));
  });

  it("doesn't keep known ones from being judged at once", async () => {
    const subnets = pulumi.output(["subnet-01234567"]);
    const args = { ...model, vpcConfig: { subnets, vpcId: "vpc" }, tags: { Team: pulumi.output("birds"), "": "x" } };
    const failure = await failureOf(registered(() => new TritonEndpoint("penguins", args)));
    expect(failure.message.split("\n").map((line) => line.split(":")[0])).to.deep.equal([
      "vpcConfig.vpcId vpc",
      'tags[""]',
    ]);
  });

  it("may be unknown in a preview", async () => {
    const inputs = await registered(() => {
      const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
      const subnet = new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
      const key = new aws.kms.Key("key");
      const vpcConfig = { subnets: [subnet.id], vpcId: vpc.id };
      new TritonEndpoint("penguins", { ...model, vpcConfig, kmsKeyArn: key.arn });
    }, true);
    expect([...inputs.keys()]).to.include("aws:sagemaker/endpoint:Endpoint::penguins-server-endpoint");
  });

  it("is refused where it would decide which resources there are", async () => {
    const args = { ...model, protect: pulumi.output(true), endpointName: pulumi.output("penguins") };
    const failure = await failureOf(registered(() => new TritonEndpoint("penguins", args as never)));
    const message = "must be a plain value, not an Output, because it decides which resources there are";
    expect(failure.message.split("\n")).to.deep.equal([`endpointName: ${message}`, `protect: ${message}`]);
  });

  it("stays secret", async () => {
    const secret = pulumi.secret("s3cr3t");
    const inputs = await registered(() => new TritonEndpoint("penguins", { ...model, environment: { TOKEN: secret } }));
    const { primaryContainer } = inputs.get("aws:sagemaker/model:Model::penguins-server-model") ?? {};
    expect(Object.keys(primaryContainer as object)).to.include("4dabf18193072939515e22adb298388d");
  });
});

describe("a model that a program names by its folder", () => {
  it("is checked before anything else is registered", async () => {
    const failure = await failureOf(registered(() => new TritonEndpoint("penguins", { modelRepository: "docs" })));
    expect(failure.message).to.match(/^modelRepository: the model docs has /);
    expect((failure as Error & { registered: string[] }).registered).to.deep.equal([
      "pulumi:pulumi:Stack::shop-dev",
      "sagemaker-triton:index:TritonEndpoint::penguins",
    ]);
  });

  it("is told with the argument that leads to it", async () => {
    const shadow = { samplingPercentage: 10, modelRepository: "docs" };
    const failure = await failureOf(registered(() => new TritonEndpoint("penguins", { ...model, shadow })));
    expect(failure.message).to.match(/^shadow\.modelRepository: the model docs has /);
  });
});

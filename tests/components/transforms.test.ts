import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { TritonEndpoint } from "../../components/tritonEndpoint.ts";
import type { TritonEndpointArgs } from "../../components/tritonEndpointArgs.ts";
import { transformable } from "../../components/transforms.ts";
import { PlanMocks } from "../../preview/planMocks.ts";
import { failureOf } from "../support/failures.ts";

const model = { modelRepository: "models", defaultModelName: "penguins" };

interface Registered {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly opts: pulumi.CustomResourceOptions;
}

/** What a program registers, by name. */
async function registered(program: () => void): Promise<Map<string, Registered>> {
  const mocks = new PlanMocks("eu-central-1");
  await pulumi.runtime.setMocks(mocks, "shop", "dev", false);
  pulumi.runtime.setAllConfig({ "aws:region": "eu-central-1" });
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      options.set(`${type}::${name}`, opts);
      return undefined;
    });
    program();
    return Promise.resolve({});
  });
  await pulumi.runtime.disconnect();
  const all = [...mocks.inputs].map(
    ([key, inputs]) => [key.replace(/^.*::/, ""), { inputs, opts: options.get(key) ?? {} }] as const,
  );
  return new Map(all);
}

function endpoint(more: Partial<TritonEndpointArgs>, opts?: pulumi.ComponentResourceOptions) {
  return registered(() => new TritonEndpoint("penguins", { ...model, ...more }, opts));
}

describe("a transform", () => {
  it("sets inputs of every resource of its class", async () => {
    const all = await endpoint({ transform: { bucket: { objectLockEnabled: true } } });
    expect(all.get("penguins-storage-bucket")?.inputs).to.deep.include({ objectLockEnabled: true, forceDestroy: true });
  });

  it("changes inputs and options in place, by the resource's name", async () => {
    const all = await endpoint({
      transform: {
        rolePolicy: (args, opts, name) => {
          if (name.endsWith("-image")) args.name = "pull";
          opts.protect = true;
        },
      },
    });
    expect(all.get("penguins-execution-image")?.inputs).to.include({ name: "pull" });
    expect(all.get("penguins-execution-image")?.opts.protect).to.equal(true);
    expect(all.get("penguins-execution-observability")?.inputs).to.not.have.property("name");
  });

  it("is refused if there is no such class", async () => {
    const transform = { buckett: {} } as never;
    const failure = await failureOf(endpoint({ transform }));
    expect(failure.message).to.equal("transform.buckett: is unknown: did you mean bucket?");
  });

  it("exists for every class in its interface", () => {
    const [, text = ""] =
      /export interface Transforms \{(.*?)\n\}/s.exec(readFileSync("components/transforms.ts", "utf8")) ?? [];
    expect([...text.matchAll(/readonly (\w+)\?:/g)].map(([, key]) => key)).to.deep.equal(transformable);
  });
});

describe("TritonEndpoint's options", () => {
  it("take its resources to the region of its provider, by which its arguments are judged", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    const all = await registered(() => {
      const provider = new aws.Provider("west", { region: "eu-west-1" });
      new TritonEndpoint("penguins", { ...model, kmsKeyArn }, { provider });
    });
    expect(all.get("penguins-server-endpoint")).to.not.equal(undefined);
    expect((await failureOf(endpoint({ kmsKeyArn }))).message).to.match(/^kmsKeyArn .*: must be in eu-central-1/);
  });

  it("reach its resources: protect, and aliases", async () => {
    let server: pulumi.Resource | undefined;
    const all = await registered(() => {
      const opts = { protect: true, aliases: [{ name: "birds" }] };
      server = new TritonEndpoint("penguins", model, opts).server.endpoint;
    });
    expect(server).to.have.property("__protect", true);
    expect(all.get("penguins")?.opts.aliases).to.deep.equal([{ name: "birds" }]);
  });

  it("may put it below another component", async () => {
    const all = await registered(() => {
      const parent = new pulumi.ComponentResource("shop:index:Shop", "shop");
      new TritonEndpoint("penguins", model, { parent });
    });
    expect(all.get("penguins-server-endpoint")).to.not.equal(undefined);
  });
});

describe("TritonEndpoint", () => {
  it("registers its arguments as its inputs, without paths on this machine", async () => {
    const all = await endpoint({ instanceType: "ml.m5.large", tags: { Team: "birds" } });
    expect(all.get("penguins")?.inputs).to.deep.equal({
      ...model,
      instanceType: "ml.m5.large",
      tags: { Team: "birds" },
    });
  });

  it("has as outputs what it registers as such", async () => {
    let names: (string | undefined)[] = [];
    await registered(() => {
      const made = new TritonEndpoint("penguins", { ...model, endpointName: "birds" });
      void pulumi.all([made.endpointName, made.endpointConfigName, made.modelName, made.endpointArn]).apply((all) => {
        names = all;
      });
    });
    expect(names).to.deep.equal([
      "birds",
      "${penguins-server-configuration.name}",
      "${penguins-server-model.name}",
      "${penguins-server-endpoint.arn}",
    ]);
  });
});

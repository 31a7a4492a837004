import { RunError } from "@pulumi/pulumi";
import { expect } from "chai";
import fc from "fast-check";
import { previewStack } from "../../preview/plan.ts";

/** Valid and invalid values for each setting; an absent setting keeps the stack's value. */
const configurations = fc.record(
  {
    endpointName: fc.oneof(fc.constant("penguins"), fc.string()),
    modelDataFormat: fc.constantFrom("archive", "prefix", "zip"),
    modelDataUrl: fc.oneof(fc.constant("s3://sagemaker-models/artifacts/model_7.tar.gz"), fc.webUrl()),
    modelRepository: fc.constantFrom("models", "", "nowhere", "package.json"),
    defaultModelName: fc.constantFrom("penguins", "", "nobody"),
    environment: fc.oneof(
      fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.string()).map((value) => JSON.stringify(value)),
      fc.json(),
    ),
    bucketName: fc.oneof(fc.constant("penguin-models"), fc.string()),
    imageTag: fc.oneof(fc.constantFrom("23.10-py3", "24.09-py3", "26.05-py3"), fc.string()),
    imageDigest: fc.oneof(fc.constant(`sha256:${"0".repeat(64)}`), fc.string()),
    upstreamImage: fc.oneof(fc.constant("nvcr.io/nvidia/tritonserver:24.10-py3"), fc.string()),
    imageUri: fc.oneof(fc.constant("123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:1"), fc.string()),
    instanceType: fc.oneof(
      fc.constantFrom("ml.m5.large", "ml.g5.xlarge", "ml.p3.2xlarge", "ml.c7g.large", "ml.inf2.xlarge"),
      fc.string(),
    ),
    initialInstanceCount: fc.oneof(fc.integer({ min: -1, max: 20 }).map(String), fc.string()),
    initialVariantWeight: fc.oneof(fc.double().map(String), fc.string()),
    containerStartupHealthCheckTimeoutInSeconds: fc.integer({ min: 0, max: 4000 }).map(String),
    volumeSizeInGb: fc.oneof(fc.integer({ min: -1, max: 600 }).map(String), fc.constant("")),
    vpcConfig: fc.oneof(fc.constant('{"subnets":["subnet-01234567"],"securityGroupIds":["sg-01234567"]}'), fc.json()),
    autoscaling: fc.oneof(
      fc
        .record({
          minCapacity: fc.integer({ min: 1, max: 4 }),
          maxCapacity: fc.integer({ min: 2, max: 6 }),
          invocationsPerInstance: fc.integer({ min: 1, max: 1000 }),
        })
        .map((value) => JSON.stringify(value)),
      fc.json(),
    ),
    variants: fc.oneof(
      fc.constantFrom(
        "{}",
        '{"a":{},"b":{"initialVariantWeight":0}}',
        '{"a":{"instanceType":"ml.g5.xlarge"},"b":{"modelDataUrl":"s3://models/b.tar.gz"}}',
        '{"a":{"autoscaling":{"minCapacity":1,"maxCapacity":2,"invocationsPerInstance":5}}}',
      ),
      fc.json(),
    ),
    shadow: fc.oneof(fc.constant('{"samplingPercentage":10}'), fc.json()),
    serverless: fc.oneof(fc.constant('{"memorySizeInMb":2048,"maxConcurrency":5}'), fc.json()),
    asyncInference: fc.oneof(fc.constant('{"expirationInDays":1}'), fc.json()),
    multiModel: fc.oneof(
      fc.constantFrom('{"modelRepositories":"examples/multi-model"}', '{"modelRepositories":"models"}'),
      fc.json(),
    ),
    modelName: fc.constantFrom("triton-server-model-0123456", "", "a_b"),
    monitoring: fc.oneof(
      fc
        .record({
          retentionInDays: fc.constantFrom(1, 30, 31),
          alarms: fc.record({ cpuUtilizationPercent: fc.double({ min: 0, max: 100, noNaN: true }) }),
        })
        .map((value) => JSON.stringify(value)),
      fc.json(),
    ),
    dataCapture: fc.oneof(
      fc
        .record({ initialSamplingPercentage: fc.integer({ min: 0, max: 101 }), input: fc.boolean() })
        .map((value) => JSON.stringify(value)),
      fc.json(),
    ),
    budget: fc.oneof(fc.constant('{"limitAmount":100,"emailAddresses":["costs@example.com"]}'), fc.json()),
    protect: fc.constantFrom("true", "false", "maybe"),
    networkIsolation: fc.constantFrom("true", "false"),
    accessLogging: fc.constantFrom("true", "false", "perhaps"),
    immutableTags: fc.constantFrom("true", "false", ""),
    tags: fc.oneof(
      fc.dictionary(fc.string(), fc.string()).map((value) => JSON.stringify(value)),
      fc.json(),
    ),
    unknownSetting: fc.string(),
  },
  { requiredKeys: [] },
);

describe("any configuration", () => {
  it("either makes a complete stack or is refused with a message", async () => {
    let planned = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("dev", "prod"), sparse(configurations), async (stack, config) => {
        try {
          const plan = await previewStack({ stack, config });
          expect(JSON.stringify(plan)).to.not.match(/undefined|\[object |NaN/);
          expect(plan.resources.filter(({ type }) => type.endsWith(":Endpoint"))).to.have.length(1);
          planned += 1;
        } catch (error) {
          expect(error).to.be.instanceOf(RunError);
          expect((error as Error).message)
            .to.match(/ has (one problem|\d+ problems):\n {2}\S/)
            .and.not.match(/\n\s+at /);
          refused += 1;
        }
      }),
      { numRuns: 40 },
    );
    expect(planned, "planned").to.be.greaterThan(5);
    expect(refused, "refused").to.be.greaterThan(5);
  }).timeout(60_000);
});

/** Few settings at a time, so that both outcomes occur. */
function sparse(settings: fc.Arbitrary<Partial<Record<string, string>>>): fc.Arbitrary<Record<string, string>> {
  return fc.tuple(settings, fc.integer({ min: 0, max: 4 }), fc.infiniteStream(fc.nat())).map(([all, count, order]) => {
    const entries = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const ranked = entries.map((entry) => ({ entry, rank: order.next().value as number }));
    return Object.fromEntries(
      ranked
        .sort((a, b) => a.rank - b.rank)
        .slice(0, count)
        .map(({ entry }) => entry),
    );
  });
}

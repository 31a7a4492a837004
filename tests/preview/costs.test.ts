import { expect } from "chai";
import { costSentences, describeCosts } from "../../preview/costs/describeCosts.ts";
import { readPrices, type Prices } from "../../preview/costs/prices.ts";
import type { Plan, PlannedResource } from "../../preview/plan.ts";
import { renderPlan } from "../../preview/renderPlan.ts";
import { pricesIn } from "../../tools/facts/prices.ts";
import { planOf } from "../support/plans.ts";

/** The form of AWS's price list, with made-up prices. */
const priceList = JSON.stringify({
  formatVersion: "v1.0",
  offerCode: "AmazonSageMaker",
  publicationDate: "2026-11-20T02:56:06Z",
  products: Object.fromEntries(
    [
      ["AAA", "USE1-Host:ml.r5.xlarge"],
      ["BBB", "USE1-AsyncInf:ml.g5.xlarge"],
      ["CCC", "USE1-Host:VolumeUsage.gp2"],
      ["DDD", "USE1-Train:ml.r5.xlarge"],
      ["EEE", "Host:ml.m5.large"],
      ["FFF", "USE1-Host:ml.free.large"],
    ].map(([sku = "", usagetype = ""]) => [
      sku,
      {
        sku,
        productFamily: "ML Instance",
        attributes: { servicecode: "AmazonSageMaker", regionCode: "us-east-1", usagetype },
      },
    ]),
  ),
  terms: {
    OnDemand: Object.fromEntries(
      Object.entries({
        AAA: "0.3020000000",
        BBB: "1.4080000000",
        CCC: "0.1400000000",
        DDD: "9",
        EEE: "0.1150000000",
        FFF: "0.0000000000",
      }).map(([sku, USD]) => [
        sku,
        {
          [`${sku}.JRTCKXETXF`]: {
            offerTermCode: "JRTCKXETXF",
            priceDimensions: {
              [`${sku}.JRTCKXETXF.6YS6EN2CT7`]: {
                unit: "Hrs",
                beginRange: "0",
                endRange: "Inf",
                pricePerUnit: { USD },
              },
            },
          },
        },
      ]),
    ),
  },
});

const prices = (): Prices => pricesIn(priceList, "us-east-1");
const none = undefined;
const endpointWith = (variant: object, deploymentConfig?: object, ...more: Partial<PlannedResource>[]): Plan => ({
  ...{ project: "shop", stack: "dev", outputs: {}, notes: [] },
  resources: [
    {
      type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
      inputs: {
        productionVariants: [{ variantName: "A", initialInstanceCount: 2, instanceType: "ml.r5.xlarge", ...variant }],
      },
    },
    { type: "aws:sagemaker/endpoint:Endpoint", inputs: { deploymentConfig } },
    ...more,
  ].map((resource) => ({ name: "", options: {}, type: "", inputs: {}, ...resource })),
});

describe("what a stack costs", () => {
  it("is what runs, by its least and most number, without a price unless one is known", async () => {
    const [prod, dev] = [await planOf("prod"), await planOf("dev")];
    expect(describeCosts(prod, none)).to.deep.equal([
      "2 to 6 × ml.r5.xlarge, 720 h (twice as many during a release)",
      "16 × metric with an alarm",
      "1 × dashboard",
    ]);
    expect(describeCosts(dev, none)).to.deep.equal(["1 × ml.m5.large, 720 h (twice as many during a release)"]);
    expect(renderPlan(prod)).to.include("└─ 1 × dashboard");
    expect(JSON.stringify([describeCosts(prod, none), costSentences(dev, prod, none)])).to.not.include("$");
  });

  it("is in dollars a month with the region's prices", async () => {
    const [instances] = describeCosts(await planOf("prod"), prices());
    expect(instances).to.equal(
      "2 to 6 × ml.r5.xlarge, 720 h (twice as many during a release): $434.88 to $1,304.64 a month",
    );
  });

  it("counts what a schedule allows, a rolling release's batch, and the volume of each instance", () => {
    const action = {
      type: "aws:appautoscaling/scheduledAction:ScheduledAction",
      inputs: { resourceId: "endpoint/e/variant/A", scalableTargetAction: { minCapacity: 0, maxCapacity: 9 } },
    };
    const target = {
      type: "aws:appautoscaling/target:Target",
      inputs: { resourceId: "endpoint/e/variant/A", minCapacity: 1, maxCapacity: 4 },
    };
    const rolling = { rollingUpdatePolicy: { maximumBatchSize: { type: "CAPACITY_PERCENT", value: 50 } } };
    expect(describeCosts(endpointWith({ volumeSizeInGb: 30 }, rolling, action, target), prices())).to.deep.equal([
      "0 to 9 × ml.r5.xlarge, 720 h (50 % more during a release): $0.00 to $1,956.96 a month",
      "0 to 9 × 30 GB of volume, 720 h: $0.00 to $37.80 a month",
    ]);
  });

  it("is by the second where it is serverless, and by the hour where that is provisioned", () => {
    const serverlessConfig = { memorySizeInMb: 4096, maxConcurrency: 20, provisionedConcurrency: 2 };
    expect(describeCosts(endpointWith({ serverlessConfig }), prices())).to.deep.equal([
      "0 to 20 × serverless request at once, with 4096 MB, by the second",
      "2 × 4096 MB provisioned, 720 h",
    ]);
  });

  it("is summed for the same type in several variants, which an asynchronous endpoint pays otherwise", () => {
    const variant = { instanceType: "ml.g5.xlarge", initialInstanceCount: 1 };
    const [configuration] = endpointWith({}).resources;
    const two = {
      asyncInferenceConfig: {},
      productionVariants: [
        { ...variant, variantName: "A" },
        { ...variant, variantName: "B" },
      ],
    };
    const plan = { ...endpointWith({}), resources: [{ ...configuration!, inputs: two }] };
    expect(describeCosts(plan, prices())[0]).to.match(/^2 × ml\.g5\.xlarge, 720 h .*: \$2,027\.52 a month$/);
  });
});

describe("what a change of a stack costs", () => {
  it("is what is paid for before and after, and dollars if every price is known", () => {
    const [one, two] = [endpointWith({ initialInstanceCount: 1 }), endpointWith({ initialInstanceCount: 3 })];
    expect(costSentences(one, two, prices())).to.deep.equal([
      "What is paid for changes: 1 × ml.r5.xlarge, 720 h → 3 × ml.r5.xlarge, 720 h. A month: $217.44 → $652.32, at the prices of 2026-11-20.",
    ]);
    const unknown = endpointWith({ instanceType: "ml.new.large" });
    expect(costSentences(one, unknown, prices())).to.deep.equal([
      "What is paid for changes: 1 × ml.r5.xlarge, 720 h → 2 × ml.new.large, 720 h.",
    ]);
  });

  it("isn't mentioned if nothing of it changes", async () => {
    expect(costSentences(await planOf("prod"), await planOf("prod"), none)).to.deep.equal([]);
  });
});

describe("a region's prices", () => {
  it("are those of hosting in AWS's price list, with its date", () => {
    expect(prices()).to.deep.equal({
      source: "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonSageMaker/current/us-east-1/index.json",
      published: "2026-11-20",
      region: "us-east-1",
      usd: {
        "AsyncInf:ml.g5.xlarge": 1.408,
        "Host:VolumeUsage": 0.14,
        "Host:ml.m5.large": 0.115,
        "Host:ml.r5.xlarge": 0.302,
      },
    });
  });

  it("aren't read from a list that has none, and aren't made up", () => {
    expect(() => pricesIn("{}", "us-east-1")).to.throw(
      "the price list of us-east-1 has no prices of hosting: see https://",
    );
    expect(readPrices(undefined)).to.equal(undefined);
    expect(readPrices("no-such-region-1")).to.equal(undefined);
  });
});

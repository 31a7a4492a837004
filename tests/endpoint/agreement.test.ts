import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { checkArguments } from "../../components/endpointArguments.ts";
import { formatPath, type Problem } from "../../endpoint/problem.ts";
import { checkSettings } from "../../endpoint/settings/checkSettings.ts";
import { faults, type Fault } from "./faults.ts";

const sound = { modelRepository: "models" };
const name = "triton";

type Values = Readonly<Record<string, unknown>>;

describe("a fault of an endpoint", () => {
  // Other tests leave a region set.
  before(() => {
    pulumi.runtime.setAllConfig({});
  });

  for (const fault of faults) {
    it(`is reported as ${fault.code} at ${fault.path}, from a stack's settings and from TritonEndpoint's arguments`, () => {
      const set: Values = defined({ ...sound, ...fault.set });
      const { problems } = checkSettings(textsOf(set), { directory: process.cwd(), name });
      expect(problems.map(({ path, code }) => [formatPath(path), code])).to.deep.equal([[fault.path, fault.code]]);
      expect(problems[0]?.message).to.match(fault.message);
      const reported = checkArguments(name, argumentsOf(set), undefined, unexpected).problems;
      expect(reported.map(summary)).to.deep.equal(problems.map(summary));
    });
  }

  it("has a code in kebab case", () => {
    expect(faults.map(({ code }) => code).filter((code) => !/^[a-z]+(-[a-z0-9]+)*$/.test(code))).to.deep.equal([]);
  });

  it("is reported in TritonEndpoint's arguments whatever other faults there are", () => {
    const { problems } = checkArguments("Triton", { instanceType: "ml.c7g.large", foo: 1 }, undefined, unexpected);
    expect(problems.map(({ path, code }) => [formatPath(path), code])).to.deep.equal([
      ["foo", "unknown-key"],
      ["modelRepository", "model-missing"],
      ["instanceType", "instance-type"],
      ["name", "name"],
    ]);
  });
});

function unexpected(): never {
  throw new Error("everything is known");
}

/** A loaded model is a single argument, whatever settings it comes from. */
function summary({ path, code, message }: Problem): unknown[] {
  return [formatPath(path.map((part) => (isModel(part) ? "model" : part))), code, message];
}

function isModel(part: string | number): boolean {
  return /^(modelRepository|modelArchive|modelDataUrl|modelDataFormat|multiModel)$/.test(String(part));
}

function textsOf(set: Values): Record<string, string> {
  const texts = Object.entries(set).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

/** The same settings with the tags of every stack, and with a loaded model where one must be. */
function argumentsOf(set: Values): Values {
  const withModels = (values: unknown): unknown => (isValues(values) ? withModel(values) : values);
  const { variants, shadow, tags } = set;
  return defined({
    ...withModel(set),
    variants: isValues(variants)
      ? Object.fromEntries(Object.entries(variants).map(([variantName, own]) => [variantName, withModels(own)]))
      : variants,
    shadow: withModels(shadow),
    tags: { CostEnv: "dev", CostService: "birds", ...(tags as Values | undefined) },
  });
}

function withModel(values: Values): Values {
  const { modelRepository, multiModel, modelDataFormat, ...rest } = values;
  if (isValues(multiModel) && modelRepository === undefined) {
    return { ...rest, model: { format: "multiModel", archives: [] } };
  }
  return modelDataFormat === "prefix" && modelRepository !== undefined && multiModel === undefined
    ? { ...rest, model: { format: "prefix", name: "models", digest: "0".repeat(64), files: [] } }
    : values;
}

function isValues(values: unknown): values is Values {
  return typeof values === "object" && values !== null && !Array.isArray(values);
}

function defined(values: Fault["set"] | Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

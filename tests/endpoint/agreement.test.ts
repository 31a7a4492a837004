import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { checkArguments } from "../../components/endpointArguments.ts";
import { imageFields } from "../../endpoint/image.ts";
import { formatPath, type Path, type Problem } from "../../endpoint/problem.ts";
import { instanceFields } from "../../endpoint/variant.ts";
import { checkSettings } from "../../settings/checkSettings.ts";
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
      const reported = checkArguments(name, argumentsOf(set)).problems;
      expect(reported.map(summary)).to.deep.equal(problems.map(summary));
    });
  }

  it("has a code in kebab case", () => {
    expect(faults.map(({ code }) => code).filter((code) => !/^[a-z]+(-[a-z0-9]+)*$/.test(code))).to.deep.equal([]);
  });

  it("is reported in TritonEndpoint's arguments whatever other faults there are", () => {
    const { problems } = checkArguments("Triton", { image: {}, variant: { instanceType: "ml.c7g.large" }, foo: 1 });
    expect(problems.map(({ path, code }) => [formatPath(path), code])).to.deep.equal([
      ["foo", "unknown-key"],
      ["image", "image-missing"],
      ["model", "model-missing"],
      ["variant.instanceType", "instance-type"],
      ["name", "name"],
    ]);
  });
});

/** The value's own name, whatever object it is in; a model is a single argument, whatever settings it comes from. */
function summary({ path, code, message }: Problem): unknown[] {
  return [nameOf(path), code, message];
}

function nameOf(path: Path): string {
  const last = path.filter((part) => typeof part === "string").at(-1) ?? "";
  if (/^model(Repository|Archive|DataUrl|DataFormat)$/.test(last)) return "model";
  return last === "serverlessConfig" ? "serverless" : last;
}

function textsOf(set: Values): Record<string, string> {
  const texts = Object.entries(set).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

/** TritonEndpoint's arguments equivalent to settings. */
function argumentsOf(set: Values): unknown {
  const { modelName, serverless, variants, shadow, autoscaling, environment, tags, ...others } = set;
  const image = pick(others, Object.keys(imageFields));
  const instances = defined({ ...pick(others, Object.keys(instanceFields)), modelName, serverlessConfig: serverless });
  const rest = Object.entries(others).filter(
    ([key]) => !(key in imageFields) && !(key in instanceFields) && !/^model|^multiModel$/.test(key),
  );
  const named = (variantName: string, own: unknown) => ({
    ...instances,
    ...(own as Values),
    ...defined({ model: modelOf(own as Values) }),
    modelRepository: undefined,
    modelDataUrl: undefined,
    variantName,
  });
  return defined({
    ...Object.fromEntries(rest),
    image: "imageUri" in image || "imageTag" in image ? image : { imageTag: "26.05-py3", ...image },
    model: modelOf(set),
    variant: variants === undefined ? instances : undefined,
    variants:
      typeof variants === "object" && variants !== null && !Array.isArray(variants)
        ? Object.entries(variants).map(([variantName, own]) => named(variantName, own))
        : variants,
    shadow: shadow === undefined ? undefined : { ...named("Shadow", shadow), initialVariantWeight: undefined },
    ...{ autoscaling, environment },
    tags: { CostEnv: "dev", CostService: "birds", ...(tags as Values | undefined) },
  });
}

function modelOf({ modelRepository, modelDataUrl, multiModel, modelDataFormat }: Values): unknown {
  if (modelDataUrl !== undefined) return { format: "stored", modelDataUrl };
  if (multiModel !== undefined) return { format: "multiModel", archives: [] };
  if (modelRepository === undefined) return undefined;
  return { format: modelDataFormat ?? "archive", name: "models", file: "models.tar.gz", digest: "0".repeat(64) };
}

function pick(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}

function defined(values: Fault["set"] | Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

import { expect } from "chai";
import { parse } from "yaml";
import { snippets, type Snippet } from "../support/printedCommands.ts";
import { planOf } from "../support/plans.ts";

/** What a snippet's document takes for granted of the other settings; an empty one is left out. */
const beside: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  autoscaling: { initialInstanceCount: "" },
  rollout: { keepReleases: "true", initialInstanceCount: "2" },
  multiModel: { modelRepository: "", defaultModelName: "" },
  serverless: {
    ...{ instanceType: "", initialInstanceCount: "" },
    imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/small-triton:1",
  },
};

/** The snippet with paths that exist, and in the region of the stack dev. */
const there = (text: string) =>
  text
    .replaceAll("../next-models", "models")
    .replaceAll("../models-by-customer", "examples/multi-model")
    .replaceAll("sns:eu-central-1", "sns:us-east-1");

describe("each snippet of settings in a document", () => {
  const found = snippets().flatMap((snippet) => {
    const settings = settingsOf(snippet);
    return settings ? [{ ...snippet, settings }] : [];
  });

  it("is found", () => {
    expect(found.length).to.be.at.least(11);
  });

  for (const { place, settings } of found) {
    it(`is accepted by a stack: ${Object.keys(settings).join(", ")} (${place})`, async () => {
      const config = Object.fromEntries([
        ...Object.keys(settings).flatMap((name) => Object.entries(beside[name] ?? {})),
        ...Object.entries(settings).map(([name, value]) => [name, textOf(value)] as const),
      ]);
      expect((await planOf("dev", config)).resources).not.to.be.empty;
    });
  }
});

/** The settings of a block of YAML; `undefined` if it is something else. */
function settingsOf({ language, text }: Snippet): Record<string, unknown> | undefined {
  if (!["", "yaml"].includes(language) || !/^[a-z]\w*:\n/.test(text)) return undefined;
  const { config = {}, ...rest } = parse(there(text)) as { config?: Record<string, unknown> };
  const own = Object.entries(config).map(([name, value]) => [name.replace(/^.*:/, ""), value] as const);
  return { ...Object.fromEntries(own), ...rest };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

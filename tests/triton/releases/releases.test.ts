import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import parameters from "../../../triton/releases/backendParameters.json" with { type: "json" };
import facts from "../../../triton/releases/releases.json" with { type: "json" };
import { backendParametersOf } from "../../../triton/releases/backendParameters.ts";
import { holds } from "../../../triton/releases/releaseFacts.ts";
import { knownReleases, onnxRuntimeOf, tensorRtOf } from "../../../triton/releases/releases.ts";

const release = /^\d\d\.(0[1-9]|1[0-2])$/;
const source = /https:\/\/(github\.com\/triton-inference-server|onnxruntime\.ai|(docs|catalog\.ngc)\.nvidia\.com)\//;

describe("what depends on Triton's release", () => {
  it("names its source, and its first and last release", () => {
    for (const rule of Object.values(facts.rules)) {
      const { from, until = from, source: told }: { from: string; until?: string; source: string } = rule;
      expect(told).to.match(source);
      expect([from, until]).to.satisfy((bounds: string[]) => bounds.every((bound) => release.test(bound)));
      expect(until >= from).to.equal(true);
    }
    const groups = [
      facts.backends,
      facts.flavours,
      facts.fields,
      facts.platforms,
      ...Object.values(facts.backends.gone),
    ];
    expect(groups.filter((group) => !source.test(group.source))).to.be.empty;
    const since = [...[facts.fields, facts.values, facts.platforms].flatMap((group) => Object.values(group.since))];
    expect(since.filter((from) => !release.test(from))).to.be.empty;
    expect(facts.sources.onnxRuntimes).to.match(source);
    expect(facts.sources.releases).to.match(source);
    expect(facts.sources.tensorRt).to.match(source);
  });

  it("names the source of each backend's parameters, and the releases that read them", () => {
    expect(parameters.tables.filter((table) => !source.test(table.source))).to.deep.equal([]);
    const releases = [...JSON.stringify(parameters.tables).matchAll(/"(?:since|until)":"([^"]*)"/g)];
    expect(releases.filter(([, one = ""]) => !release.test(one))).to.deep.equal([]);
    const known = parameters.tables.flatMap(({ backends: [backend = ""] }) => backendParametersOf(backend, "", ""));
    for (const { parameters: all } of known) {
      for (const [name, { replacedBy }] of Object.entries(all)) {
        if (replacedBy !== undefined) expect(all[replacedBy]?.replaces).to.equal(name);
      }
    }
  });

  it("is only in the file with the sources, not in a rule", () => {
    const files = readdirSync("triton", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const literal = /["'`]\d\d\.(0[1-9]|1[0-2])["'`]/;
    expect(files.filter((file) => literal.test(readFileSync(`triton/${file}`, "utf8")))).to.deep.equal([]);
  });

  it("is checked as for the newest release if none is known", () => {
    expect(holds("labels-inside", undefined)).to.equal(true);
    expect(holds("names-without-dots", undefined)).to.equal(false);
    expect(["26.01", "26.02"].map((one) => holds("labels-inside", one))).to.deep.equal([false, true]);
    expect(["26.02", "26.03", "26.04"].map((one) => holds("names-without-dots", one))).to.deep.equal([
      false,
      true,
      false,
    ]);
  });

  it("includes the limits of every release's ONNX Runtime, which never decrease", () => {
    const known = knownReleases.map((one) => onnxRuntimeOf(one));
    expect(known).not.to.include(undefined);
    for (const [index, runtime] of known.entries()) {
      const earlier = known[index - 1] ?? runtime;
      expect(runtime?.irVersion).to.be.at.least(earlier?.irVersion ?? 0);
      expect(runtime?.opsets["ai.onnx"]).to.be.at.least(earlier?.opsets["ai.onnx"] ?? 0);
    }
    expect(["24.01", "24.05", "25.09", "26.05", "99.12"].map(tensorRtOf)).to.deep.equal([
      "8.6.1",
      "10.0.1",
      "10.13.3",
      "10.16.1",
      undefined,
    ]);
    expect(onnxRuntimeOf("23.10")).to.deep.include({ version: "1.16.0", irVersion: 9 });
    expect(onnxRuntimeOf("99.12")).to.equal(undefined);
  });
});

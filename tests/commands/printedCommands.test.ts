import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { pulumiCli } from "../../operations/pulumiCli.ts";
import { commandTable, entryOf } from "../support/commandTable.ts";
import { commandsInTexts } from "../support/printedCommands.ts";
import { copyProject, type ProjectCopy } from "../support/projectCopy.ts";
import { startRuntimeEmulator, type RuntimeEmulator } from "../support/runtimeEmulator.ts";

describe("each command that a document or a message prints", function () {
  this.timeout(110_000);

  let project: ProjectCopy;
  let emulator: RuntimeEmulator;
  const cli = pulumiCli(process.env.PATH ?? "");

  before(async () => {
    project = copyProject();
    emulator = await startRuntimeEmulator();
    const outputs = [{ name: "y", datatype: "FP32", shape: [1], data: [1] }];
    emulator.answer = () => ({ body: JSON.stringify({ model_name: "penguins", outputs }) });
    await project.run("mkdir -p models/penguins/1 && tar czf model.tar.gz -C models .");
  });

  after(async () => {
    project.remove();
    await emulator.stop();
  });

  it("is in the table, with a reason if it isn't run, and the table has no other", () => {
    const found = commandsInTexts();
    const unknown = found.filter(({ text }) => !entryOf(text)).map(({ text, place }) => `${place}: ${text}`);
    expect(unknown).to.deep.equal([]);
    const used = new Set(found.map(({ text }) => entryOf(text)));
    expect(commandTable.filter((entry) => !used.has(entry)).map(({ text }) => text)).to.deep.equal([]);
    expect(commandTable.filter(({ line, reason }) => (line === undefined) === (reason === undefined))).to.deep.equal(
      [],
    );
  });

  for (const { text, line } of commandTable.filter(({ needs }) => needs === "nothing")) {
    if (line === undefined) continue;
    it(`works: ${text}`, async () => {
      const { code, stderr } = await project.run(line, emulator.environment);
      expect({ code, stderr: code === 0 ? "" : stderr }).to.deep.equal({ code: 0, stderr: "" });
    });
  }

  it("works: what --find-capacity prints, in the stack's file", async () => {
    const line = "npm run load -- --stack dev --find-capacity --p99 100 --peak 40 --input x:FP32[1]=1";
    const short = "--duration 1 --warmup 0 --start-rate 8 --max-rate 8";
    const { code, stdout, stderr } = await project.run(`${line} ${short}`, emulator.environment);
    expect({ code, stderr: code === 0 ? "" : stderr }).to.deep.equal({ code: 0, stderr: "" });
    const { config } = parse(stdout.slice(stdout.indexOf("config:\n"))) as { config: object };
    const file = path.join(project.directory, "Pulumi.sized.yaml");
    const dev = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: object };
    writeFileSync(file, stringify({ config: { ...dev.config, ...config } }));
    const planned = await project.run("npm run plan -- --stack sized");
    expect(planned.stdout).to.include("aws.appautoscaling").and.include("minCapacity");
  });

  describe("with the Pulumi CLI", () => {
    before(async function () {
      if (cli === undefined || cli.includes("node_modules")) this.skip();
      await inBackend("pulumi stack init prod && pulumi stack init dev");
    });

    const inBackend = (line: string) =>
      project.run(line, {
        PATH: `${path.dirname(cli ?? "")}:${process.env.PATH ?? ""}`,
        PULUMI_BACKEND_URL: `file://${path.dirname(project.directory)}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      });

    for (const { text, line } of commandTable.filter(({ needs }) => needs === "pulumi")) {
      it(`works: ${text}`, async () => {
        const { code, stderr } = await inBackend(line ?? "");
        expect({ code, stderr: code === 0 ? "" : stderr }).to.deep.equal({ code: 0, stderr: "" });
      });
    }
  });
});

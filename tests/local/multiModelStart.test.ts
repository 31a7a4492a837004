import { once } from "node:events";
import { createServer } from "node:net";
import * as path from "node:path";
import { expect } from "chai";
import { foldersLeftBy, npmStart, serveAndTry, signalAt } from "../support/npmStart.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { brokenModel, endlessCode, pythonModel } from "../support/pythonModels.ts";

const example = ["--config-file", "docs/examples/multi-model.yaml"];

describe("npm start with many models", () => {
  it("sends a request to each, exits with 0 and leaves nothing behind", async () => {
    const { pid, code, output } = await npmStart([...example, "--port", "0"]);
    expect(output)
      .to.match(/with-body-mass-[0-9a-f]{16}\.tar\.gz answers the request \(penguins\/request\.json\)/)
      .and.match(/without-body-mass-[0-9a-f]{16}\.tar\.gz answers the request/)
      .and.match(/species +"Chinstrap"\n +probabilities +0\.1935/);
    expect(output.match(/The answer matches penguins\/response\.json/g)).to.have.length(2);
    expect(code).to.equal(0);
    expect(foldersLeftBy(pid)).to.deep.equal([]);
  });

  it("prints Triton's own reason for one that doesn't load, and exits with 1", async () => {
    await inTemporaryFolder(async (directory) => {
      const repositories = path.join(directory, "many");
      writeFiles(path.join(repositories, "broken"), brokenModel);
      const file = path.join(directory, "broken.yaml");
      const setting = `config:\n  sagemaker-triton:multiModel: { modelRepositories: ${repositories} }\n`;
      writeFiles(directory, { "broken.yaml": setting });
      const { code, output } = await npmStart(["--config-file", file, "--port", "0"]);
      expect(output).to.match(/error: Triton could not load broken-[0-9a-f]{16}\.tar\.gz:\n.*no_such_module/);
      expect(code).to.equal(1);
    });
  });

  it("ends on SIGINT while one is loading, and leaves nothing behind", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(path.join(directory, "many/endless"), pythonModel("m", endlessCode));
      const setting = `config:\n  sagemaker-triton:multiModel: { modelRepositories: ${directory}/many }\n`;
      writeFiles(directory, { "endless.yaml": setting });
      const args = ["--config-file", `${directory}/endless.yaml`, "--port", "0", "--verbose"];
      const ended = await npmStart(args, signalAt("[model] loading", "SIGINT"));
      expect(ended.output).to.include("[model] loading");
      expect(ended.code).to.equal(130);
      expect(foldersLeftBy(ended.pid)).to.deep.equal([]);
    });
  });

  it("can serve another repository on its own", async () => {
    const { code, output } = await npmStart([
      ...[...example, "--port", "0", "--model-repository", "models"],
      ...["--default-model", "penguins"],
    ]);
    expect(output).to.include("penguins answers the request (penguins/request.json)");
    expect(code).to.equal(0);
  });

  it("names the port if it is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const { code, output } = await npmStart([...example, "--port", String(port)]);
    taken.close();
    expect(output).to.include(`error: port ${port} of 127.0.0.1 can't be used`);
    expect(code).to.equal(1);
  });

  it("keeps serving until interrupted, and suggests a command that works as printed", async () => {
    const { code, output, answer } = await serveAndTry(example);
    expect(answer).to.include('"Gentoo"');
    expect(output).to.include("Serving until Ctrl-C");
    expect(code).to.equal(0);
  });
});

import { expect } from "chai";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { failureOf } from "../support/failures.ts";
import { describeTarget, findTarget, readStackOutputs, type TargetOptions } from "../../operations/target.ts";

const deployed = {
  endpointName: "penguins-prod",
  endpointArn: "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/penguins-prod",
};

function find(options: TargetOptions, outputs: Record<string, unknown> = deployed) {
  return findTarget(options, {
    outputs: () => Promise.resolve(outputs),
    profile: (stack) => (stack === "prod" ? "production" : undefined),
  });
}

function refusal(options: TargetOptions, outputs?: Record<string, unknown>): Promise<string> {
  return find(options, outputs).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
}

describe("where a command's requests go", () => {
  it("comes from a stack's outputs, with the ARN's region and the stack's profile", async () => {
    const target = await find({ stack: "prod" });
    const common = { kind: "endpoint", endpointName: "penguins-prod", region: "eu-central-1", outputs: deployed };
    expect(target).to.deep.equal({ ...common, profile: "production" });
    expect(await find({ stack: "dev" })).to.deep.equal(common);
    expect(describeTarget(target)).to.equal("endpoint penguins-prod in eu-central-1");
  });

  it("is the given endpoint, without reading a stack", async () => {
    expect(await find({ endpoint: "other", region: "us-east-1" })).to.deep.equal({
      kind: "endpoint",
      endpointName: "other",
      region: "us-east-1",
    });
    expect(await find({ endpoint: "other" })).to.deep.equal({ kind: "endpoint", endpointName: "other" });
  });

  it("is a server's address, with or without /invocations", async () => {
    for (const url of ["http://127.0.0.1:8080", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/invocations"]) {
      expect(await find({ url })).to.deep.equal({ kind: "url", url: "http://127.0.0.1:8080" });
    }
  });

  it("must be given, by one option only", async () => {
    expect(await refusal({}))
      .to.include("--stack NAME")
      .and.include("--endpoint NAME")
      .and.include("--url http");
    expect(await refusal({ url: "http://a", endpoint: "b" })).to.include("use one of them");
    expect(await refusal({ url: "http://a", region: "us-east-1" })).to.include("remove one");
    expect(await refusal({ url: "ftp://a" })).to.include('"ftp://a" is not an address');
    expect(await refusal({ url: "127.0.0.1:8080" })).to.include("use one like http://127.0.0.1:8080");
    expect(await refusal({ stack: "dev" }, {})).to.equal(
      "stack dev has no output endpointName: deploy it with pulumi up, or use --endpoint NAME",
    );
  });
});

describe("a stack's outputs", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "stack-outputs-"));
  const cli = path.join(folder, "pulumi");

  function pulumi(script: string): void {
    writeFileSync(cli, `#!/bin/sh\n${script}\n`);
    chmodSync(cli, 0o755);
  }

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("come from the Pulumi CLI", async () => {
    pulumi(`[ "$*" = "stack output --json --stack dev" ] && echo '{"endpointName":"x"}'`);
    expect(await readStackOutputs("dev", folder, cli)).to.deep.equal({ endpointName: "x" });
  });

  it("that the CLI can't read give its own reason, and a missing CLI gives an alternative", async () => {
    const refused = (error: unknown) => (error as Error).message;
    pulumi(`echo "error: no stack named 'x' found" >&2; exit 255`);
    expect(await readStackOutputs("x", folder, cli).catch(refused)).to.equal(
      "pulumi can't read the outputs of stack x: error: no stack named 'x' found",
    );
    expect(await readStackOutputs("x", folder, undefined).catch(refused)).to.include("--endpoint NAME --region REGION");
  });

  it("need a CLI, which npm's package isn't if it can't download one", async () => {
    const launcher = path.join(folder, "node_modules/.bin/pulumi");
    mkdirSync(path.dirname(launcher), { recursive: true });
    const script = "#!/bin/sh\necho 'Downloading pulumi v3.265.0...' >&2; echo 'pulumi: fetch failed' >&2; exit 1\n";
    writeFileSync(launcher, script, { mode: 0o755 });
    const { message } = await failureOf(readStackOutputs("dev", folder, launcher));
    expect(message).to.equal(
      "the Pulumi CLI, which reads a stack's outputs, is not on the PATH, and it can't be downloaded (fetch failed): install it from https://www.pulumi.com/docs/install/, or use --endpoint NAME --region REGION",
    );
  });
});

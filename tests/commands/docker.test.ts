import { expect } from "chai";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { npmStart, type Ended } from "../support/npmStart.ts";

const image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/sagemaker-tritonserver:26.05-py3";

describe("npm start with --docker", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), "docker-"));
    mkdirSync(path.join(home, "bin"));
    symlinkSync(path.resolve("tests/support/fakeDocker.ts"), path.join(home, "bin/docker"));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  const start = (
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
    until?: (output: string, pid: number) => void,
  ): Promise<Ended> =>
    npmStart(["--docker", "--port", "0", ...args], until, {
      PATH: `${path.join(home, "bin")}:${path.dirname(process.execPath)}:${process.env.PATH ?? ""}`,
      FAKE_DOCKER: home,
      ...environment,
    });
  const calls = () =>
    readFileSync(path.join(home, "calls"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);
  const left = () => ["containers", "networks"].flatMap((kind) => readdirSync(path.join(home, kind)));

  it("pulls the planned image, sends a request to its container, and leaves no container", async () => {
    const { code, output } = await start();
    expect(output).to.include(`Pulling ${image}, once ...`).and.include(`with ${image} ...`);
    expect(output).to.include("The answer matches penguins/response.json.");
    expect(code).to.equal(0);
    expect(calls().find(([command]) => command === "pull")).to.deep.equal([
      ...["pull", "--quiet", "--platform", "linux/amd64", image],
    ]);
    expect(left()).to.deep.equal([]);
  });

  it("pulls an image again that is there for other processors only", async () => {
    mkdirSync(path.join(home, "images"));
    const place = path.join(home, "images", image.replaceAll("/", "|"));
    for (const [platform, pulls] of [
      ["linux/arm64", 1],
      ["linux/amd64", 0],
    ] as const) {
      writeFileSync(place, platform);
      rmSync(path.join(home, "calls"), { force: true });
      expect((await start()).code).to.equal(0);
      expect(calls().filter(([command]) => command === "pull")).to.have.length(pulls);
    }
  });

  it("gives an isolated Model its own network, and removes it", async () => {
    const { code } = await start(["--stack", "prod"]);
    expect(code).to.equal(0);
    const run = calls().find(([command]) => command === "run")!;
    const name = run[run.indexOf("--name") + 1]!;
    expect(run).to.include.members(["--network", name]);
    expect(calls().filter(([command]) => command === "network")).to.deep.include(["network", "rm", name]);
    expect(left()).to.deep.equal([]);
  });

  it("serves until Ctrl-C, and then stops the container", async () => {
    let sent = false;
    const { code, output } = await start(["--keep-serving"], {}, (text, pid) => {
      if (!text.includes("Serving until Ctrl-C") || sent) return;
      sent = true;
      process.kill(pid, "SIGINT");
    });
    expect(output).to.include("[model] hello from the image");
    expect(code).to.equal(0);
    expect(left()).to.deep.equal([]);
  });

  it("removes what a killed run left behind", async () => {
    for (const kind of ["containers", "networks"]) {
      mkdirSync(path.join(home, kind));
      writeFileSync(path.join(home, kind, "sagemaker-triton-99999999-8080"), "");
    }
    expect((await start()).code).to.equal(0);
    expect(left()).to.deep.equal([]);
  });

  const failures: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    [
      "no daemon answers",
      { FAKE_DOCKER_VERSION: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." },
      /^error: --docker needs a running Docker daemon, but none answers: Cannot connect to the Docker daemon/m,
    ],
    [
      "the image can't be pulled, with the way to sign in",
      { FAKE_DOCKER_PULL: "no basic auth credentials" },
      /^error: Docker could not pull \S+: no basic auth credentials\nSign in to its registry: aws ecr get-login-password --region us-east-1 \| docker login --username AWS --password-stdin 763104351884\.dkr\.ecr\.us-east-1\.amazonaws\.com$/m,
    ],
    [
      "Docker does not run it",
      {
        FAKE_DOCKER_RUN:
          "docker: Error response from daemon: Bind for 127.0.0.1:8080 failed: port is already allocated.",
      },
      /^error: Docker could not run \S+: Error response .* port is already allocated\.: use another one with --port$/m,
    ],
  ];
  for (const [title, environment, message] of failures) {
    it(`ends with one message if ${title}`, async () => {
      const { code, output } = await start([], environment);
      expect(output).to.match(message).and.not.include("    at ");
      expect(code).to.equal(1);
      expect(output.match(/^error: /gm)).to.have.length(1);
    });
  }

  it("says so if there is no docker", async () => {
    const { code, output } = await start([], { PATH: path.dirname(process.execPath) });
    expect(output).to.include("error: --docker needs Docker, but there is no docker on the PATH");
    expect(code).to.equal(1);
  });

  it("is required by --gpus", async () => {
    const { code, output } = await npmStart(["--gpus"]);
    expect(output).to.include("error: --gpus needs --docker");
    expect(code).to.equal(1);
  });
});

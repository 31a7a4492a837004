import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { homedir, hostname, tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { startTriton } from "../../local/startTriton.ts";
import { installTriton } from "../../local/triton.ts";
import { cacheDirectory } from "../../packing/cacheDirectory.js";
import { endedInTime } from "../support/cli.ts";
import { attempts } from "../support/isolationSection.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";

const expected = Object.fromEntries(Object.entries(attempts).map(([name, { possible }]) => [name, possible]));
const script = fs.readFileSync("tests/support/isolation_attempts.py", "utf8");
const config = `backend: "python"
input { name: "x" data_type: TYPE_FP32 dims: 1 }
output { name: "y" data_type: TYPE_FP32 dims: 1 }
`;
const marker = `sagemaker-triton-test-${process.pid}`;

describe("a model on this machine", () => {
  const servers: Server[] = [];
  let other: ChildProcess;
  let targets: Record<string, unknown>;
  const marked = [homedir(), cacheDirectory(), tmpdir(), "/dev/shm"].map((folder) => path.join(folder, marker));

  before(async () => {
    const backwards = Array.from(marker).reverse().join("");
    process.env.SECRET = backwards;
    other = spawn("sh", ["-c", `sleep 600; : ${backwards}`], { stdio: "ignore" });
    fs.mkdirSync(cacheDirectory(), { recursive: true });
    for (const file of marked) fs.writeFileSync(file, "secret");
    const socket = path.join(tmpdir(), `${marker}.sock`);
    for (const place of [{ path: socket }, { path: `\0${marker}` }, { port: 0, host: "127.0.0.1" }]) {
      const server = createServer().listen(place);
      await once(server, "listening");
      servers.push(server);
    }
    targets = {
      ...{ marker, home: homedir(), cache: cacheDirectory(), temporary: tmpdir(), project: process.cwd() },
      ...{ pid: other.pid, socket, abstract: marker, hostname: hostname() },
      port: (servers[2]?.address() as AddressInfo).port,
    };
  });

  after(() => {
    other.kill("SIGKILL");
    delete process.env.SECRET;
    for (const server of servers) server.close();
    for (const file of marked) fs.rmSync(file);
  });

  it("could do what is harmless to try if nothing were isolated", () => {
    const tried = outcome(execFileSync("python3", ["-c", `${script}\n${printing(targets)}`], { encoding: "utf8" }));
    // A machine of its own may have one interface.
    const possible = Object.keys(tried).filter((name) => name !== "interfaces");
    expect(possible).to.have.length.above(15);
    for (const name of possible) expect(tried[name], name).to.equal(true);
  });

  it("can do what docs/local.md says, and nothing else", async function () {
    this.timeout(300_000);
    await inTemporaryFolder(async (folder) => {
      const code = `${script}\nclass TritonPythonModel:\n  def initialize(self, args): ${printing(targets)}\n  def execute(self, r): pass\n`;
      writeFiles(folder, { "model/m/config.pbtxt": config, "model/m/1/model.py": code });
      let printed = "";
      const triton = await startTriton({
        installation: await installTriton(),
        modelDirectory: path.join(folder, "model"),
        environment: {},
        port: 0,
        startupTimeoutInSeconds: 60,
        onModelLine: (line) => (printed += line),
      });
      await triton.stop();
      if (!triton.isolation.isolated) this.skip(); // The system allows no namespaces.
      expect(triton.isolation).to.deep.equal({ isolated: true, open: [] });
      expect(outcome(printed)).to.deep.equal(expected);
    });
  });

  it("can do no more if an ordinary user starts it", async function () {
    if (process.getuid?.() !== 0 || !fs.existsSync("/usr/bin/python3")) this.skip();
    await inTemporaryFolder((folder) => {
      fs.chmodSync(folder, 0o755);
      fs.copyFileSync("local/room.py", path.join(folder, "room.py"));
      fs.mkdirSync(path.join(folder, "empty"));
      fs.chownSync(path.join(folder, "empty"), nobody, nobody);
      const code = `
import os, subprocess, sys
sys.path.insert(0, ${JSON.stringify(folder)})
from room import Room
room = Room([], network=False)
assert room.reason is None, room.reason
room.enter()
room.start([sys.executable, "-c", ${JSON.stringify(`${script}\n${printing(targets)}`)}], {}).wait()
`;
      const printed = execFileSync("/usr/bin/python3", ["-c", code], {
        ...{ encoding: "utf8", cwd: path.join(folder, "empty"), uid: nobody, gid: nobody, env: {} },
      });
      // Neither Triton's packages nor a model are there.
      expect(outcome(printed)).to.deep.equal({ ...expected, packages: false });
      return Promise.resolve();
    });
  });

  it("is served without the isolation where the system refuses namespaces, and a line says what that opens", async function () {
    if (!(await allowsNamespaces())) this.skip();
    const { code, output } = await inNamespace("echo 0 > /proc/sys/user/max_user_namespaces");
    expect(output).to.match(
      /^Note: the system allows no namespaces \(.+\), so models can read and change all that you can/m,
    );
    expect(output).to.include("The answer matches penguins/response.json.");
    expect(code).to.equal(0);
  });

  it("sees the list of processes where only a /proc of its own is refused, and a line says so", async function () {
    if (!(await allowsNamespaces())) this.skip();
    const { code, output } = await inNamespace("mount -t tmpfs none /proc/fs");
    expect(output).to.include("Note: models can see this machine's list of processes.\n");
    expect(output).to.include("The answer matches penguins/response.json.");
    expect(code).to.equal(0);
  });
});

const nobody = 65_534;

function printing(targets: Record<string, unknown>): string {
  return `import json; print('<' + json.dumps(attempt(json.loads(${JSON.stringify(JSON.stringify(targets))}))) + '>')`;
}

function outcome(printed: string): Record<string, boolean> {
  return JSON.parse(/<(\{.*\})>/.exec(printed)?.[1] ?? "{}") as Record<string, boolean>;
}

async function allowsNamespaces(): Promise<boolean> {
  return (await run("unshare", ["--user", "--map-root-user", "--mount", "true"])).code === 0;
}

/** Serves the example in namespaces in which a command has changed what the kernel allows. */
async function inNamespace(change: string): Promise<{ code: number | null; output: string }> {
  // It sees no other process, so it would take the folders of those that run beside it for abandoned ones.
  const folder = fs.mkdtempSync(path.join(tmpdir(), "namespace-"));
  const start = `TMPDIR="${folder}" exec "${process.execPath}" commands/bin/sagemaker-triton.js start --port 0`;
  const inside = ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"];
  try {
    return await run("unshare", [...inside, "sh", "-c", `${change} && ${start}`]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...endedInTime });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findPython } from "../../local/python.ts";
import { installPythonPackages } from "../../local/pythonPackages.ts";
import { cacheDirectory } from "../../packing/cacheDirectory.js";
import type { AwsConnection } from "../../releases/connection.ts";

/** SageMaker and Application Auto Scaling on this machine. */
export interface AwsEmulator {
  /** How it is reached. */
  readonly connection: AwsConnection;
  /** Ends it. */
  readonly stop: () => Promise<void>;
}

/** moto and what its server needs; `moto[server]` would bring every other service's needs along. */
const requirements = ["moto==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];

/** The Python and its environment that moto runs in. It is installed from PyPI the first time. */
export async function installEmulator(): Promise<{ executable: string; env: Record<string, string> }> {
  const python = await findPython();
  const name = `moto-5.2.5-python-${python.version}`;
  const packages = { title: "moto 5.2.5", name, installs: [{ requirements, target: "packages" }] };
  const installed = await installPythonPackages(cacheDirectory("triton"), python, packages);
  const env = { PYTHONPATH: `${installed}/packages`, PYTHONDONTWRITEBYTECODE: "1", LANG: "C.UTF-8" };
  return { executable: python.executable, env };
}

/** Starts the emulator on a free port of 127.0.0.1. */
export async function startAwsEmulator(): Promise<AwsEmulator> {
  const { executable, env } = await installEmulator();
  const port = await freePort();
  const script = fileURLToPath(new URL("aws_emulator.py", import.meta.url));
  const child = spawn(executable, [script, "-H", "127.0.0.1", "-p", String(port)], {
    // It ends when its standard input does, and so with this process, however that ends.
    stdio: ["pipe", "ignore", "pipe"],
    env,
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const ended = new Promise((resolve) => child.on("close", resolve));
  const url = `http://127.0.0.1:${port}`;
  await answers(url, () => child.exitCode === null).catch(() => {
    throw new Error(`the emulator did not start:\n${log}`);
  });
  return {
    connection: connectionTo(url),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** A connection for tests: no waiting for what does not answer. */
export function connectionTo(url: string): AwsConnection {
  return {
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    sagemakerEndpoint: url,
    applicationAutoScalingEndpoint: url,
    cloudwatchEndpoint: url,
    maxAttempts: 3,
    connectionTimeout: 1000,
    requestTimeout: 5000,
  };
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string, runs: () => boolean): Promise<void> {
  while (runs()) {
    const response = await fetch(`${url}/moto-api/`).catch(() => undefined);
    if (response?.ok) return;
    await pause(100);
  }
  throw new Error("it has ended");
}

import { spawn } from "node:child_process";
import { once as event } from "node:events";
import { fileURLToPath } from "node:url";
import { S3Client } from "@aws-sdk/client-s3";
import { clientSettings, connect, type AwsClients } from "../../releases/connection.ts";
import { connectionTo, installEmulator } from "../support/awsEmulator.ts";
import { once } from "./once.ts";
import { region } from "./provider/resourceTypes.ts";

/** Clients of the emulator. */
export interface EmulatorClients extends AwsClients {
  /** S3: it has the buckets and their tags. */
  readonly s3: S3Client;
}

/** SageMaker and Application Auto Scaling on this machine, with what a case has made in them. */
export class Emulator {
  /** Where it listens. */
  readonly url: string;
  /** Clients of it. */
  readonly clients: EmulatorClients;

  private constructor(url: string, clients: EmulatorClients) {
    this.url = url;
    this.clients = clients;
  }

  /** An empty one on a free port of 127.0.0.1; it ends with this process. */
  static async start(): Promise<Emulator> {
    return (await Emulator.#first()).fork();
  }

  /** Python and moto take seconds to load, and copies have them. */
  static readonly #first = once(async () => {
    const script = fileURLToPath(new URL("engine_emulator.py", import.meta.url));
    const { executable, env } = await installEmulator();
    const child = spawn(executable, [script], { stdio: ["ignore", "pipe", "inherit"], env });
    const [port] = (await event(child.stdout, "data")) as [Buffer];
    // Neither keeps this process from ending.
    child.unref();
    child.stdout.destroy();
    return Emulator.#at(Number(port.toString()));
  });

  /** A copy, with everything that is there now, which lives on by itself. */
  async fork(): Promise<Emulator> {
    const response = await fetch(`${this.url}/fork`, { method: "POST" });
    return Emulator.#at(Number(await response.text()));
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await fetch(`${this.url}/end`, { method: "POST" });
  }

  static async #at(port: number): Promise<Emulator> {
    const url = `http://127.0.0.1:${port}`;
    // Two suites at once, each with several processes, may keep it waiting.
    const connection = { ...connectionTo(url), region, connectionTimeout: 30_000, requestTimeout: 30_000 };
    return new Emulator(url, { ...(await connect(connection)), s3: new S3Client(clientSettings(connection, url)) });
  }
}

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

/** A call of AWS. */
export interface EmulatorCall {
  /** As IAM calls it, for example `sagemaker:DescribeEndpoint`. */
  readonly action: string;
  /** What it is about, as far as its request names it: an endpoint, a Model, a bucket, … */
  readonly resource: string;
}

/** SageMaker and Application Auto Scaling on this machine, with what a case has made in them. */
export class Emulator {
  /** Where it listens. */
  readonly url: string;
  /** Clients of it, for whoever looks on: what they ask isn't noted. */
  readonly clients: EmulatorClients;
  /** The clients that the providers' stand-ins use. */
  readonly providers: EmulatorClients;

  private constructor(url: string, clients: EmulatorClients, providers: EmulatorClients) {
    this.url = url;
    this.clients = clients;
    this.providers = providers;
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

  /** The calls of the program and the providers since this was last asked, or this copy was made. */
  async calls(): Promise<EmulatorCall[]> {
    const response = await fetch(`${this.url}/calls`, { method: "POST" });
    return (await response.json()) as EmulatorCall[];
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await fetch(`${this.url}/end`, { method: "POST" });
  }

  static async #at(port: number): Promise<Emulator> {
    const url = `http://127.0.0.1:${port}`;
    // Two suites at once, each with several processes, may keep it waiting.
    const patient = { ...connectionTo(url), region, connectionTimeout: 30_000, requestTimeout: 30_000 };
    const as = async (accessKeyId: string): Promise<EmulatorClients> => {
      const connection = { ...patient, credentials: { accessKeyId, secretAccessKey: "test" } };
      return { ...(await connect(connection)), s3: new S3Client(clientSettings(connection, url)) };
    };
    return new Emulator(url, await as("onlooker"), await as("test"));
  }
}

import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What differs between two runs of one program. */
export interface ProgramRun {
  /** The project's folder, which becomes the working directory. */
  readonly project: string;
  /** What the environment has besides the host's own. */
  readonly env: Readonly<Record<string, string>>;
}

/** What the process is asked: to get ready for a run, or how it is. */
export type Question = { readonly prepare: ProgramRun } | Record<string, never>;

/** What it answers: where it listens, and whether a program is running. */
export interface Answer {
  readonly port: number;
  readonly busy: boolean;
}

/**
 * A process that runs the project's program for the engine, in place of Pulumi's language host and a new Node.js for each
 * run: loading the program takes longer than running it. The engine, the program and what goes between them are real.
 */
export class ProgramHost {
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;

  /** @param env the whole environment of the programs, apart from a run's own */
  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  /**
   * Gets ready for a run.
   *
   * @returns where the engine reaches it, for the CLI's `--client`
   */
  async prepare(run: ProgramRun): Promise<string> {
    const { port } = await this.#ask({ prepare: run });
    return `127.0.0.1:${port}`;
  }

  /** Call when the engine has ended: ends a program that it left behind, as it ends one in a process of its own. */
  async finish(): Promise<void> {
    if (this.#process && (await this.#ask({})).busy) this.stop();
  }

  /** Ends the process; the next run starts another. */
  stop(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  async #ask(question: Question): Promise<Answer> {
    const host = (this.#process ??= this.#start());
    host.send(question);
    return new Promise((resolve, reject) => {
      const ended = () => {
        reject(new Error("the process that runs the programs has ended"));
      };
      host.once("exit", ended).once("message", (answer) => {
        host.off("exit", ended);
        resolve(answer as Answer);
      });
    });
  }

  #start(): ChildProcess {
    const script = fileURLToPath(new URL("programHostProcess.ts", import.meta.url));
    const host = fork(script, { env: this.#env, execArgv: ["--no-warnings"] });
    host.once("exit", () => {
      if (this.#process === host) this.#process = undefined;
    });
    // It doesn't keep this process from ending, and ends with it.
    host.unref();
    host.channel?.unref();
    return host;
  }
}

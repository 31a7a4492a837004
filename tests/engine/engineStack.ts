import { DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Cloud, type Operation } from "./cloud.ts";
import { Emulator } from "./emulator.ts";
import { keptProblems, watchLaws } from "./liveLaws.ts";
import { CliRun, findPulumi } from "./pulumiCli.ts";
import { ResourceOperations } from "./provider/resourceOperations.ts";
import { startStandIn } from "./provider/standIn.ts";
import { types } from "./types.ts";
import { servedEndpoints, type ServedEndpoint } from "./served.ts";
import { providerPlaceholders, Workspace, type Config } from "./workspace.ts";

/** A change of one resource that the engine announced or made. */
export interface Step {
  /** The engine's word, for example `create-replacement`. */
  readonly op: string;
  /** The resource's type token. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
}

/** How a run of the engine went. */
export interface Run {
  /** The exit code; `null` where it was killed. */
  readonly code: number | null;
  /** What it printed. */
  readonly output: string;
  /** What it did, in this order; of a preview, what it would do. */
  readonly steps: readonly Step[];
  /** What the providers were asked to do, in this order. */
  readonly operations: readonly Operation[];
  /** What ran against the laws meanwhile, in words. */
  readonly violations: readonly string[];
}

/** What a run may be told. */
export interface RunOptions {
  /** Whether the state is first compared with what is there. Default: false. */
  readonly refresh?: boolean;
  /** More options of the CLI. Default: none. */
  readonly options?: readonly string[];
  /** More variables of the environment; an empty one takes a variable out. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the run once it has begun, for example to kill it. */
  readonly begun?: (run: CliRun) => void;
}

/** A stack of the project on this machine, with the real engine, stand-ins for its providers, and the emulator. */
export class EngineStack {
  /** The stack's name. */
  readonly name: string;
  /** Its project folder and backend. */
  readonly workspace: Workspace;
  /** What it has made. */
  readonly cloud: Cloud;
  /** SageMaker and autoscaling. */
  readonly emulator: Emulator;
  /** Whether the last run was told to keep earlier releases. */
  #keeps = false;

  private constructor(name: string, workspace: Workspace, cloud: Cloud, emulator: Emulator) {
    this.name = name;
    this.workspace = workspace;
    this.cloud = cloud;
    this.emulator = emulator;
  }

  /** A stack of which nothing is made yet. */
  static async create(name: string): Promise<EngineStack> {
    const stack = new EngineStack(name, Workspace.create(), new Cloud(), await Emulator.start());
    const { code, output } = await stack.#pulumi(["stack", "init", name], {}).ended;
    if (code !== 0) throw new Error(`pulumi stack init ended with ${code}:\n${output}`);
    return stack;
  }

  /** A copy that lives on by itself. */
  async fork(): Promise<EngineStack> {
    const emulator = await this.emulator.fork();
    const copy = new EngineStack(this.name, this.workspace.fork(), this.cloud.fork(), emulator);
    copy.#keeps = this.#keeps;
    return copy;
  }

  /** Takes away what it has on this machine. */
  async remove(): Promise<void> {
    await this.emulator.stop();
    this.workspace.remove();
  }

  /** Sets settings, and with `undefined` takes them out. */
  configure(changes: Config): void {
    this.workspace.configure(this.name, changes);
  }

  /** Keeps a setting as a secret: a text at a path such as `environment.TOKEN`. */
  async setSecret(setting: string, value: string): Promise<void> {
    const { code, output } = await this.#pulumi(
      ["config", "set", "--secret", "--path", setting, value, "--stack", this.name],
      {},
    ).ended;
    if (code !== 0) throw new Error(`pulumi config set ended with ${code}:\n${output}`);
  }

  /** `pulumi preview`. */
  preview(): Promise<Run> {
    return this.#run(["preview"], {});
  }

  /** `pulumi up --skip-preview`. */
  up({ refresh = false, options = [], ...rest }: RunOptions = {}): Promise<Run> {
    return this.#run(["up", "--yes", "--skip-preview", ...(refresh ? ["--refresh"] : []), ...options], rest);
  }

  /** `pulumi destroy --skip-preview`. */
  destroy(): Promise<Run> {
    return this.#run(["destroy", "--yes", "--skip-preview"], {});
  }

  /** `pulumi cancel`, which takes the lock of a killed run away. */
  async cancel(): Promise<void> {
    await this.#pulumi(["cancel", "--yes", "--stack", this.name], {}).ended;
  }

  /** The endpoints that serve. */
  serves(): Promise<ServedEndpoint[]> {
    return servedEndpoints(this.emulator.clients, this.cloud);
  }

  /** The endpoint's variants that autoscaling has. */
  async scaled(): Promise<string[]> {
    const { ScalableTargets = [] } = await this.emulator.clients.autoscaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "sagemaker" }),
    );
    return ScalableTargets.map(({ ResourceId = "" }) => ResourceId.split("/").at(-1) ?? "");
  }

  async #run(command: readonly string[], { begun, env = {} }: RunOptions): Promise<Run> {
    const { cloud, emulator } = this;
    const [operations, violations] = [cloud.operations.length, cloud.violations.length];
    const kept = this.#keeps ? cloud.all(types.model) : [];
    const watch = await watchLaws(emulator.clients, cloud, command[0] === "destroy");
    const standIns = await Promise.all(
      (["aws", "docker"] as const).map(async (name) => ({
        name,
        ...(await startStandIn(name, new ResourceOperations(cloud, emulator.clients, watch))),
      })),
    );
    const log = this.workspace.eventLog;
    rmSync(log, { force: true });
    const attached = standIns.map(({ name, port }) => `${name}:${port}`).join(",");
    const args = [...command, "--stack", this.name, "--event-log", log];
    const run = this.#pulumi(args, { PULUMI_DEBUG_PROVIDERS: attached, PULUMI_DEBUG_COMMANDS: "true", ...env });
    begun?.(run);
    const ended = await run.ended;
    for (const { stop } of standIns) stop();
    if (command[0] !== "preview") this.#keeps = this.workspace.config(this.name).keepReleases === true;
    return {
      ...ended,
      steps: stepsIn(log),
      operations: cloud.operations.slice(operations),
      violations: [...cloud.violations.slice(violations), ...keptProblems(cloud, kept)],
    };
  }

  #pulumi(args: readonly string[], env: Readonly<Record<string, string>>): CliRun {
    const { executable } = cli();
    const searchPath = [
      shared().placeholders,
      path.dirname(process.execPath),
      path.dirname(executable),
      "/usr/bin",
      "/bin",
    ];
    return new CliRun(executable, [...args, "--non-interactive", "--color=never", "--cwd", this.workspace.project], {
      PATH: searchPath.join(path.delimiter),
      HOME: shared().home,
      PULUMI_HOME: shared().home,
      PULUMI_BACKEND_URL: `file://${this.workspace.backend}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      NODE_COMPILE_CACHE: path.join(shared().home, "compiled"),
      AWS_ENDPOINT_URL: this.emulator.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      ...env,
    });
  }
}

function cli() {
  const found = findPulumi();
  if (!found) throw new Error("there is no Pulumi CLI on the PATH");
  return found;
}

/** What all stacks of a process share; it goes with the process. */
function shared() {
  if (sharedFolders) return sharedFolders;
  const folders = {
    home: mkdtempSync(path.join(tmpdir(), "sagemaker-triton-pulumi-")),
    placeholders: providerPlaceholders(),
  };
  process.on("exit", () => {
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
  });
  return (sharedFolders = folders);
}

let sharedFolders: { readonly home: string; readonly placeholders: string } | undefined;

interface EngineEvent {
  readonly resourcePreEvent?: {
    readonly metadata: { readonly op: string; readonly type: string; readonly urn: string };
  };
}

function stepsIn(log: string): Step[] {
  if (!existsSync(log)) return [];
  const events = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as EngineEvent);
  return events.flatMap(({ resourcePreEvent: event }) =>
    event && /:.*:/.test(event.metadata.type)
      ? [{ op: event.metadata.op, type: event.metadata.type, name: event.metadata.urn.split("::").slice(3).join("::") }]
      : [],
  );
}

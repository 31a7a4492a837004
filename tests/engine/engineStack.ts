import { DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { existsSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import { Cloud, type Operation } from "./cloud.ts";
import { Emulator } from "./emulator.ts";
import { keptProblems, watchLaws } from "./liveLaws.ts";
import { CliRun, findPulumi } from "./pulumiCli.ts";
import { destroysVariable } from "../../releases/destroyRun.ts";
import { ResourceOperations } from "./provider/resourceOperations.ts";
import { startStandIn } from "./provider/standIn.ts";
import { types } from "./types.ts";
import { servedEndpoints, type ServedEndpoint } from "./served.ts";
import { once } from "./once.ts";
import { ProgramHost, type ProgramRun } from "./programHost.ts";
import { projectFolder, providerPlaceholders, temporaryFolder, Workspace, type Config } from "./workspace.ts";

/** A change of one resource that the engine announced or made. */
export interface Step {
  /** The engine's word, for example `create-replacement`. */
  readonly op: string;
  /** The resource's type token. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
}

/** A resource that a stack has made. */
export interface MadeResource {
  /** What the engine calls it, for example after `--target`. */
  readonly urn: string;
  /** Its type token. */
  readonly type: string;
  /** Its id in AWS or the registry. */
  readonly id: string;
  /** Its name in the program. */
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
  /** More options of the command, for example `--target`. Default: none. */
  readonly args?: readonly string[];
  /** More variables for the CLI and the program. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the run once it has begun, for example to kill it. */
  readonly begun?: (run: CliRun) => void;
}

/** A stack of the project on this machine, with the real engine, stand-ins for its providers, and the emulator. */
export class EngineStack {
  /** Its project folder and backend. */
  readonly workspace: Workspace;
  /** What it has made. */
  readonly cloud: Cloud;
  /** SageMaker and autoscaling. */
  readonly emulator: Emulator;
  #name: string;
  /** Whether the last run was told to keep earlier releases. */
  #keeps = false;

  private constructor(name: string, workspace: Workspace, cloud: Cloud, emulator: Emulator) {
    this.#name = name;
    this.workspace = workspace;
    this.cloud = cloud;
    this.emulator = emulator;
  }

  /**
   * A stack of which nothing is made yet.
   *
   * @param name its name, and that of its file
   * @param program the folder of its program. Default: the project's
   */
  static async create(name: string, program?: string): Promise<EngineStack> {
    const stack = new EngineStack(name, Workspace.create(program), new Cloud(), await Emulator.start());
    await stack.#manage("stack", "init", name);
    return stack;
  }

  /** The stack's name. */
  get name(): string {
    return this.#name;
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
    await this.#manage("config", "set", "--secret", "--path", setting, value, "--stack", this.name);
  }

  /**
   * `pulumi stack rename`, and what its documentation says must be renamed by hand.
   *
   * @param name the stack's new name
   * @param project the project's new name. Default: it keeps its name
   */
  async rename(name: string, project = this.workspace.projectName): Promise<void> {
    await this.#manage("stack", "rename", `organization/${project}/${name}`, "--stack", this.name);
    this.#name = name;
    if (project !== this.workspace.projectName) this.workspace.renameProject(project, name);
  }

  /** `pulumi preview`. */
  preview({ args = [] }: RunOptions = {}): Promise<Run> {
    return this.#run(["preview", ...args], {});
  }

  /** `pulumi up --skip-preview`. */
  up({ refresh = false, args = [], ...options }: RunOptions = {}): Promise<Run> {
    return this.#run(["up", "--yes", "--skip-preview", ...(refresh ? ["--refresh"] : []), ...args], options);
  }

  /** `pulumi refresh --skip-preview`. */
  refresh(): Promise<Run> {
    return this.#run(["refresh", "--yes", "--skip-preview"], {});
  }

  /** `npm run destroy -- --skip-preview`. */
  destroy({ args = [], ...options }: RunOptions = {}): Promise<Run> {
    const env = { ...options.env, [destroysVariable]: "true" };
    return this.#run(["destroy", "--run-program", "--yes", "--skip-preview", ...args], { ...options, env });
  }

  /** `pulumi destroy --skip-preview`, without the project's own command. */
  bareDestroy({ args = [], ...options }: RunOptions = {}): Promise<Run> {
    return this.#run(["destroy", "--yes", "--skip-preview", ...args], options);
  }

  /** `pulumi cancel`, which takes the lock of a killed run away. */
  async cancel(): Promise<void> {
    await this.#pulumi(["cancel", "--yes", "--stack", this.name]).ended;
  }

  /** `pulumi state`, as somebody does by hand. */
  async manageState(...args: readonly string[]): Promise<void> {
    await this.#manage("state", ...args, "--stack", this.name);
  }

  /** What its state has of AWS and the registry, apart from what is only to be deleted. */
  madeResources(): MadeResource[] {
    const { resources = [] } = this.workspace.state(this.name);
    return resources.flatMap(({ urn, type, id, delete: old }) =>
      /^(aws|docker):/.test(type) && id !== undefined && old !== true
        ? [{ urn, type, id, name: urn.slice(urn.lastIndexOf("::") + 2) }]
        : [],
    );
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
    const lost = keptProblems(cloud, kept);
    const watch = await watchLaws(emulator.clients, cloud, command[0] === "destroy");
    const standIns = await Promise.all(
      (["aws", "docker"] as const).map(async (name) => ({
        name,
        ...(await startStandIn(name, new ResourceOperations(cloud, emulator.providers, watch))),
      })),
    );
    const log = this.workspace.eventLog;
    rmSync(log, { force: true });
    const attached = standIns.map(({ name, port }) => `${name}:${port}`).join(",");
    const args = [...command, "--stack", this.name, "--event-log", log];
    // A run that is to be killed has a program of its own.
    if (!begun) args.push("--client", await programHost().prepare(this.#program(env)));
    const run = this.#pulumi(args, { ...env, PULUMI_DEBUG_PROVIDERS: attached, PULUMI_DEBUG_COMMANDS: "true" });
    begun?.(run);
    const ended = await run.ended;
    if (!begun) await programHost().finish();
    for (const { stop } of standIns) stop();
    if (command[0] !== "preview") this.#keeps = this.workspace.config(this.name).keepReleases === true;
    return {
      ...ended,
      steps: stepsIn(log),
      operations: cloud.operations.slice(operations),
      violations: [
        ...cloud.violations.slice(violations),
        ...keptProblems(cloud, kept).filter((one) => !lost.includes(one)),
      ],
    };
  }

  /** Where this stack's program runs, and what it sees. */
  #program(env: Readonly<Record<string, string>>): ProgramRun {
    return { project: this.workspace.project, env: { AWS_ENDPOINT_URL: this.emulator.url, ...env } };
  }

  /** A command that changes nothing but Pulumi's own files. */
  async #manage(...args: readonly string[]): Promise<void> {
    const { code, output } = await this.#pulumi(args).ended;
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
  }

  #pulumi(args: readonly string[], env: Readonly<Record<string, string>> = {}): CliRun {
    return new CliRun(cli(), [...args, "--non-interactive", "--color=never", "--cwd", this.workspace.project], {
      ...environment(),
      ...this.#program(env).env,
      PULUMI_BACKEND_URL: `file://${this.workspace.backend}`,
    });
  }
}

/** The CLI's path. */
const cli = once(() => {
  const found = findPulumi();
  if (!found) throw new Error("there is no Pulumi CLI on the PATH");
  return found.executable;
});

/** What every run of this process has in its environment. */
const environment = once(() => {
  const [home, placeholders] = [temporaryFolder("pulumi"), providerPlaceholders()];
  const searchPath = [placeholders, path.dirname(process.execPath), path.dirname(cli()), "/usr/bin", "/bin"];
  return {
    PATH: searchPath.join(path.delimiter),
    HOME: home,
    PULUMI_HOME: home,
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NODE_COMPILE_CACHE: compileCache,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
  };
});

/** V8's, which all processes and later runs share. */
const compileCache = path.join(projectFolder, ".cache", "engine-compiled");

/** What runs the program for all stacks of this process. */
const programHost = once(() => new ProgramHost(environment()));

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

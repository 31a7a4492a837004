import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";

/** The project's folder. */
export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A stack's configuration: settings by name without the project, others by their whole key (`aws:region`). */
export type Config = Readonly<Record<string, unknown>>;

/**
 * The project in a folder of its own, with a backend beside it: the program is the project's own by links, the
 * configuration and the models are copies that a case may change.
 */
export class Workspace {
  /** Where Pulumi runs. */
  readonly project: string;
  /** Pulumi's backend. */
  readonly backend: string;
  /** Where the engine writes down what it does. */
  readonly eventLog: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.project = path.join(folder, "project");
    this.backend = path.join(folder, "backend");
    this.eventLog = path.join(folder, "events.log");
  }

  /**
   * A fresh one.
   *
   * @param source the folder of the program. Default: the project's
   */
  static create(source = projectFolder): Workspace {
    const workspace = new Workspace(temporaryFolder("engine"));
    mkdirSync(workspace.project);
    mkdirSync(workspace.backend);
    workspace.useProgram(source);
    for (const entry of readdirSync(source).filter((name) => usersOwn.test(name))) {
      cpSync(path.join(source, entry), path.join(workspace.project, entry), { recursive: true });
    }
    return workspace;
  }

  /**
   * Puts a program in place of the one that is there; the stacks' files and the models stay.
   *
   * @param source the program's folder. Default: the project's
   */
  useProgram(source = projectFolder): void {
    for (const { name } of readdirSync(this.project, { withFileTypes: true }).filter((entry) =>
      entry.isSymbolicLink(),
    )) {
      rmSync(path.join(this.project, name));
    }
    for (const entry of readdirSync(source).filter((name) => !usersOwn.test(name) && !notLinked.test(name))) {
      symlinkSync(path.join(source, entry), path.join(this.project, entry));
    }
    for (const file of ["package.json", "Pulumi.yaml"]) cpSync(path.join(source, file), path.join(this.project, file));
  }

  /** The project's name. */
  get projectName(): string {
    return (parse(readFileSync(path.join(this.project, "Pulumi.yaml"), "utf8")) as { name: string }).name;
  }

  /** Gives the project another name, in its own file and in a stack's. */
  renameProject(name: string, stack: string): void {
    const config = this.config(stack);
    const file = path.join(this.project, "Pulumi.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^name: .*/m, `name: ${name}`));
    this.configure(stack, config);
  }

  /** A copy that lives on by itself. */
  fork(): Workspace {
    const copy = new Workspace(temporaryFolder("engine"));
    cpSync(this.#folder, copy.#folder, { recursive: true, verbatimSymlinks: true });
    return copy;
  }

  /** Takes it away. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What the stack's file configures. */
  config(stack: string): Config {
    return configIn(this.#stackFile(stack), this.projectName);
  }

  /** Configures the stack; `undefined` takes a setting out. */
  configure(stack: string, changes: Config): void {
    const file = this.#stackFile(stack);
    const whole = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    const config = Object.fromEntries(
      Object.entries({ ...this.config(stack), ...changes })
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key.includes(":") ? key : `${this.projectName}:${key}`, value]),
    );
    writeFileSync(file, stringify({ ...whole, config }));
  }

  /** Writes a file of the project, for example of a model. */
  write(file: string, content: string): void {
    const target = path.join(this.project, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  /** Everything that Pulumi has stored of the stack, as text. */
  stored(): string {
    const files = readdirSync(this.backend, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8")).join("\n");
  }

  /** The stack's state, where there is one. */
  state(stack: string): StackState {
    const file = path.join(this.backend, ".pulumi/stacks", this.projectName, `${stack}.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: StackState } }).checkpoint.latest;
  }

  #stackFile(stack: string): string {
    return path.join(this.project, `Pulumi.${stack}.yaml`);
  }
}

/** What the project's own file of a stack configures. */
export function stackFile(stack: string): Config {
  return configIn(path.join(projectFolder, `Pulumi.${stack}.yaml`), "sagemaker-triton");
}

function configIn(file: string, projectName: string): Config {
  const { config = {} } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.startsWith(`${projectName}:`) ? key.slice(projectName.length + 1) : key,
      value,
    ]),
  );
}

/** What the engine knows of a stack. */
export interface StackState {
  /** Its resources. */
  readonly resources?: readonly {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly delete?: boolean;
    readonly outputs?: Readonly<Record<string, unknown>>;
  }[];
}

/** Empty programs in the providers' names: the engine wants to find them, and is attached to the stand-ins all the same. */
export function providerPlaceholders(): string {
  const folder = temporaryFolder("providers");
  for (const name of ["aws", "docker"]) {
    const file = path.join(folder, `pulumi-resource-${name}`);
    writeFileSync(file, "#!/bin/sh\nexit 1\n");
    chmodSync(file, 0o755);
  }
  return folder;
}

/** A folder that goes with this process at the latest. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `sagemaker-triton-${name}-`));
  if (temporaryFolders.size === 0) process.on("exit", removeTemporaryFolders);
  temporaryFolders.add(folder);
  return folder;
}

const temporaryFolders = new Set<string>();

function removeTemporaryFolders(): void {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
}

/** What a user has of their own, whichever release of the program they run. */
const usersOwn = /^(models|Pulumi\..+\.yaml)$/;

/** What a workspace has no use for, or has a copy of. */
const notLinked = /^(\.git|\.cache|\.nyc_output|coverage|package\.json|Pulumi\.yaml)$/;

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

  /** A fresh one. */
  static create(): Workspace {
    const workspace = new Workspace(mkdtempSync(path.join(tmpdir(), "sagemaker-triton-engine-")));
    mkdirSync(workspace.project);
    mkdirSync(workspace.backend);
    for (const entry of readdirSync(projectFolder).filter((name) => !notLinked.test(name))) {
      symlinkSync(path.join(projectFolder, entry), path.join(workspace.project, entry));
    }
    for (const entry of readdirSync(projectFolder).filter((name) =>
      /^(Pulumi\..*yaml|models|package\.json)$/.test(name),
    )) {
      cpSync(path.join(projectFolder, entry), path.join(workspace.project, entry), { recursive: true });
    }
    return workspace;
  }

  /** A copy that lives on by itself. */
  fork(): Workspace {
    const copy = new Workspace(mkdtempSync(path.join(tmpdir(), "sagemaker-triton-engine-")));
    cpSync(this.#folder, copy.#folder, { recursive: true, verbatimSymlinks: true });
    return copy;
  }

  /** Takes it away. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What the stack's file configures. */
  config(stack: string): Config {
    return configIn(this.#stackFile(stack), this.#projectName());
  }

  /** Configures the stack; `undefined` takes a setting out. */
  configure(stack: string, changes: Config): void {
    const file = this.#stackFile(stack);
    const whole = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    const config = Object.fromEntries(
      Object.entries({ ...this.config(stack), ...changes })
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key.includes(":") ? key : `${this.#projectName()}:${key}`, value]),
    );
    writeFileSync(file, stringify({ ...whole, config }));
  }

  /** Gives the project another name. */
  renameProject(name: string): void {
    writeFileSync(this.#projectFile(), stringify({ ...this.#projectSettings(), name }));
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
    const file = path.join(this.backend, ".pulumi/stacks", this.#projectName(), `${stack}.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: StackState } }).checkpoint.latest;
  }

  #projectFile(): string {
    return path.join(this.project, "Pulumi.yaml");
  }

  #projectSettings(): { readonly name: string } {
    return parse(readFileSync(this.#projectFile(), "utf8")) as { name: string };
  }

  #projectName(): string {
    return this.#projectSettings().name;
  }

  #stackFile(stack: string): string {
    return path.join(this.project, `Pulumi.${stack}.yaml`);
  }
}

/** What the project's own file of a stack configures. */
export function stackFile(stack: string): Config {
  return configIn(path.join(projectFolder, `Pulumi.${stack}.yaml`), "sagemaker-triton");
}

function configIn(file: string, project: string): Config {
  const { config = {} } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key,
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
  const folder = mkdtempSync(path.join(tmpdir(), "sagemaker-triton-providers-"));
  for (const name of ["aws", "docker"]) {
    const file = path.join(folder, `pulumi-resource-${name}`);
    writeFileSync(file, "#!/bin/sh\nexit 1\n");
    chmodSync(file, 0o755);
  }
  return folder;
}

/** What a workspace has of its own, or has no use for. */
const notLinked = /^(\.git|\.cache|\.nyc_output|coverage|models|package\.json|Pulumi\..*yaml|Pulumi\.yaml)$/;

import * as path from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { configuredRegion } from "../sagemaker/region.ts";
import { PlanMocks } from "./planMocks.ts";
import { useMocks } from "./useMocks.ts";
import { readStackConfig } from "./stackConfig.ts";

/** Options of a resource that decide how the engine treats it. */
export interface PlannedOptions {
  /** Refuses to be deleted or replaced. */
  readonly protect?: boolean;
  /** Stays in AWS when it leaves the stack. */
  readonly retainOnDelete?: boolean;
  /** Whether the old one goes before the new one is made, where the program says so. */
  readonly deleteBeforeReplace?: boolean;
  /** Inputs that make a new resource when they change, before the old one goes. */
  readonly replaceOnChanges?: readonly string[];
  /** What makes a new resource when it changes, before the old one goes. */
  readonly replacementTrigger?: unknown;
  /** Inputs that stay as they were when the resource was made. */
  readonly ignoreChanges?: readonly string[];
  /** When the program is called by the engine: `beforeUpdate`, `afterUpdate`, ... */
  readonly hooks?: readonly string[];
  /** Names of resources that come first. */
  readonly dependsOn?: readonly string[];
  /** The name of its provider, where it is not the default one. */
  readonly provider?: string;
  /** The inputs that the engine keeps encrypted. */
  readonly secrets?: readonly string[];
}

/** A resource that the stack's program would register. */
export interface PlannedResource {
  /** Pulumi's type token, for example `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Pulumi's name for it. */
  readonly name: string;
  /** The name of the component it belongs to; absent for those of the stack itself. */
  readonly parent?: string;
  /** What it is made from; what only AWS knows is a reference such as `${triton-storage-bucket.arn}`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** How the engine treats it. */
  readonly options: PlannedOptions;
}

/** Everything that a stack's program would register. */
export interface Plan {
  /** The project's name. */
  readonly project: string;
  /** The stack's name. */
  readonly stack: string;
  /** The resources, in the order in which the program makes them. */
  readonly resources: readonly PlannedResource[];
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What the program logs as information, in its order. */
  readonly notes: readonly string[];
}

/** What is planned. */
export interface PreviewOptions {
  /** The stack's name: its configuration is `Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** The stack's configuration file, from the project's folder on. Default: `Pulumi.<stack>.yaml`. */
  readonly configFile?: string;
  /** The project's folder. Default: the working directory. */
  readonly directory?: string;
  /** Settings in place of the stack's, as texts; an empty text takes one away. Default: none. */
  readonly config?: Readonly<Record<string, string>>;
}

/**
 * Runs the stack's own program under Pulumi's mocks: no AWS account, no CLI, no Docker daemon, nothing made.
 *
 * @param options what is planned
 * @returns what the program would register
 * @throws UnknownStackError, or whatever the program throws: pulumi.RunError for settings and models
 */
export async function previewStack(options: PreviewOptions): Promise<Plan> {
  const { stack, configFile, directory = process.cwd() } = options;
  const { project, program, config, secretKeys } = readStackConfig(directory, stack, configFile);
  for (const [key, value] of Object.entries(options.config ?? {})) config[`${project}:${key}`] = value;

  const mocks = new PlanMocks(configuredRegion(config) ?? "${aws.region}");
  await useMocks(mocks, project, stack);
  pulumi.runtime.setAllConfig(config, secretKeys);
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);

  const registrations: Registration[] = [];
  const { notes, endNotes } = takeNotes();
  // Pulumi keeps a stack trace with each of its promises: whole ones take half of a plan's time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  // The engine runs a program in its own folder, where its relative paths start.
  const workingDirectory = process.cwd();
  process.chdir(path.dirname(program));
  try {
    const outputs = (await pulumi.runtime.runInPulumiStack(async () => {
      pulumi.runtime.registerStackTransformation(({ resource, type, name, opts }) => {
        registrations.push({ resource, type, name, opts });
        return undefined;
      });
      // A new address each time: the program runs anew, its components are loaded once.
      const exported = (await import(`${pathToFileURL(program).href}?run=${(runs += 1)}`)) as Record<string, unknown>;
      // As the engine does: a function that is the default export is the program, and returns the outputs.
      return typeof exported.default === "function" ? (exported.default as () => Promise<object>)() : exported;
    })) as Record<string, unknown>;
    await pulumi.runtime.disconnect();
    return { project, stack, resources: await describe(registrations, mocks), outputs: given(outputs), notes };
  } finally {
    await pulumi.runtime.disconnect();
    endNotes();
    Error.stackTraceLimit = stackTraceLimit;
    process.chdir(workingDirectory);
  }
}

let runs = 0;

/** Without an engine Pulumi prints information to standard output, where the plan goes. */
function takeNotes(): { readonly notes: string[]; readonly endNotes: () => void } {
  const prefix = "info: [runtime] ";
  const notes: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => {
    const [first] = values;
    if (typeof first === "string" && first.startsWith(prefix)) notes.push(first.slice(prefix.length));
    else log(...values);
  };
  return {
    notes,
    endNotes: () => {
      console.log = log;
    },
  };
}

interface Registration {
  readonly resource: pulumi.Resource;
  readonly type: string;
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions;
}

async function describe(registrations: readonly Registration[], mocks: PlanMocks): Promise<PlannedResource[]> {
  const names = new Map<unknown, string>(registrations.map(({ resource, name }) => [resource, name]));
  const planned = registrations.map(async ({ type, name, opts }): Promise<PlannedResource> => {
    const inputs = mocks.inputs.get(`${type}::${name}`) ?? {};
    const secrets = Object.keys(inputs).filter((key) => isSecret(inputs[key]));
    const parent = names.get(opts.parent);
    const provider = names.get(opts.provider);
    const dependsOn = [opts.dependsOn ?? []].flat().flatMap((resource) => names.get(resource) ?? []);
    return {
      type,
      name,
      ...(parent !== undefined && { parent }),
      inputs: (await plain(inputs)) as Record<string, unknown>,
      options: {
        ...(opts.protect !== undefined && { protect: opts.protect }),
        ...(opts.retainOnDelete !== undefined && { retainOnDelete: opts.retainOnDelete }),
        ...(opts.deleteBeforeReplace !== undefined && { deleteBeforeReplace: opts.deleteBeforeReplace }),
        ...(opts.replaceOnChanges !== undefined && { replaceOnChanges: opts.replaceOnChanges }),
        ...(opts.replacementTrigger !== undefined && { replacementTrigger: await plain(opts.replacementTrigger) }),
        ...(opts.ignoreChanges !== undefined && { ignoreChanges: opts.ignoreChanges }),
        ...(opts.hooks !== undefined && { hooks: Object.keys(opts.hooks) }),
        ...(dependsOn.length > 0 && { dependsOn }),
        ...(provider !== undefined && { provider }),
        ...(secrets.length > 0 && { secrets }),
      },
    };
  });
  return Promise.all(planned);
}

/** Under mocks a secret input is an object with this signature and its `value`. */
const secretSignature = "4dabf18193072939515e22adb298388d";

/**
 * Inputs as plain values: a file is its path. Secrets are shown: all that a plan can have of one is a reference or the
 * text that stands in its place.
 */
async function plain(value: unknown): Promise<unknown> {
  if (value instanceof pulumi.asset.FileAsset) return { path: await value.path };
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value) && "value" in value) return plain(value.value);
  const entries = Object.entries(value).map(async ([key, inner]) => [key, await plain(inner)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && secretSignature in value;
}

function given(outputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}

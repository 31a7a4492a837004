import { existsSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { planAsDeployed } from "../releases/earlierStack.ts";
import { configuredRegion } from "../sagemaker/region.ts";
import { PlanMocks } from "./planMocks.ts";
import { useMocks } from "./useMocks.ts";
import { readStackConfig } from "./stackConfig.ts";

/** Options of a resource that decide how the engine treats it. */
export interface PlannedOptions {
  /** The engine refuses to delete or replace it. */
  readonly protect?: boolean;
  /** It stays in AWS when it leaves the stack. */
  readonly retainOnDelete?: boolean;
  /** Whether the old resource is deleted before the new one is created, if the program sets this. */
  readonly deleteBeforeReplace?: boolean;
  /** Inputs that cause a replacement when they change. */
  readonly replaceOnChanges?: readonly string[];
  /** The value that causes a replacement when it changes. */
  readonly replacementTrigger?: unknown;
  /** Inputs whose changes are ignored. */
  readonly ignoreChanges?: readonly string[];
  /** When the engine calls the program: `beforeUpdate`, `afterUpdate`, ... */
  readonly hooks?: readonly string[];
  /** Names of the resources it depends on. */
  readonly dependsOn?: readonly string[];
  /** The name of its provider, if it isn't the default one. */
  readonly provider?: string;
  /** The inputs that the engine stores encrypted. */
  readonly secrets?: readonly string[];
}

/** A resource that the stack's program would register. */
export interface PlannedResource {
  /** Pulumi's type token, for example `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Its name in Pulumi. */
  readonly name: string;
  /** The name of the component it belongs to; absent for the stack's own resources. */
  readonly parent?: string;
  /** Its inputs; values that only AWS knows are references such as `${triton-storage-bucket.arn}`. */
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
  /** The region, if the configuration or the environment sets it. */
  readonly region?: string;
  /** The resources, in the order in which the program registers them. */
  readonly resources: readonly PlannedResource[];
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The program's info messages, in order. */
  readonly notes: readonly string[];
}

/** What to plan. */
export interface PreviewOptions {
  /** The stack's name: its configuration is `Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** The stack's configuration file, relative to the project's folder. Default: `Pulumi.<stack>.yaml`. */
  readonly configFile?: string;
  /** The project's folder. Default: the working directory. */
  readonly directory?: string;
  /** Settings that override the stack's, as strings; an empty string removes one. Default: none. */
  readonly config?: Readonly<Record<string, string>>;
  /**
   * What the stack is taken to have deployed, so that the program refuses what it would refuse in an update of that.
   * Default: nothing.
   */
  readonly deployed?: Plan;
}

/**
 * Runs the stack's own program under Pulumi's mocks: without AWS account, CLI or Docker daemon, and without creating
 * anything.
 *
 * @param options what to plan
 * @returns what the program would register
 * @throws UnknownStackError, or whatever the program throws: pulumi.RunError for settings and models
 */
export async function previewStack(options: PreviewOptions): Promise<Plan> {
  const { stack, configFile, directory = process.cwd() } = options;
  const { project, program, config, secretKeys } = readStackConfig(directory, stack, configFile);
  for (const [key, value] of Object.entries(options.config ?? {})) config[`${project}:${key}`] = value;

  if (!existsSync(program))
    throw new Error(`${program} is missing, the program of the project: check "main" in Pulumi.yaml`);
  const region = configuredRegion(config);
  const mocks = new PlanMocks(region ?? "${aws.region}");
  await useMocks(mocks, project, stack);
  pulumi.runtime.setAllConfig(config, secretKeys);
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);

  planAsDeployed(options.deployed ? mocks.deployedResources(options.deployed.resources) : []);
  const registrations: Registration[] = [];
  const { notes, endNotes } = takeNotes();
  // Pulumi captures a stack trace for each of its promises; full ones take half of a plan's time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  // Like the engine, run the program in its own folder, to which its paths are relative.
  const workingDirectory = process.cwd();
  process.chdir(path.dirname(program));
  try {
    const outputs = (await pulumi.runtime.runInPulumiStack(async () => {
      pulumi.runtime.registerStackTransformation(({ resource, type, name, opts }) => {
        registrations.push({ resource, type, name, opts });
        return undefined;
      });
      // A new URL each time, so that the program runs again while its components are loaded only once.
      const exported = (await import(`${pathToFileURL(program).href}?run=${(runs += 1)}`)) as Record<string, unknown>;
      // As in the engine, a default export that is a function is the program and returns the outputs.
      return typeof exported.default === "function" ? (exported.default as () => Promise<object>)() : exported;
    })) as Record<string, unknown>;
    await pulumi.runtime.disconnect();
    return {
      ...{ project, stack, ...(region !== undefined && { region }) },
      ...{ resources: await describe(registrations, mocks), outputs: given(outputs), notes },
    };
  } finally {
    await pulumi.runtime.disconnect();
    endNotes();
    Error.stackTraceLimit = stackTraceLimit;
    process.chdir(workingDirectory);
  }
}

let runs = 0;

/** Without an engine Pulumi prints info messages to standard output, which is for the plan. */
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
 * Inputs as plain values: a file is its path. Secrets are shown, because in a plan they are only references or
 * placeholders.
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

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cliInstallation } from "./pulumiCli.ts";

/** The options that say where requests go. */
export interface TargetOptions {
  /** A deployed stack, whose outputs name the endpoint. */
  readonly stack?: string;
  /** An endpoint's name, instead of the stack's. */
  readonly endpoint?: string;
  /** The endpoint's region. Default: the stack's or, without a stack, the one AWS's own tools use. */
  readonly region?: string;
  /** A server that isn't on AWS, for example `http://127.0.0.1:8080`. */
  readonly url?: string;
}

/** Where requests go: to a server that follows SageMaker's contract, or to an endpoint. */
export type Target = UrlTarget | EndpointTarget;

/** A server that follows SageMaker's contract: `/ping` and `/invocations`. */
export interface UrlTarget {
  /** Distinguishes it from an endpoint. */
  readonly kind: "url";
  /** Its address, without a slash at the end. */
  readonly url: string;
}

/** An endpoint in SageMaker. */
export interface EndpointTarget {
  /** Distinguishes it from a server. */
  readonly kind: "endpoint";
  /** Its name. */
  readonly endpointName: string;
  /** Its region; absent to let AWS's own tools find it. */
  readonly region?: string;
  /** The stack's profile in AWS's shared files; absent to let AWS's own tools find one. */
  readonly profile?: string;
  /** The stack's outputs; absent if the user named the endpoint directly. */
  readonly outputs?: StackOutputs;
}

/** The outputs of a deployed stack; those of index.ts are strings. */
export type StackOutputs = Readonly<Record<string, unknown>>;

/** Reads a stack. Injected, so that tests need no Pulumi CLI. */
export interface StackReader {
  /** Its outputs. */
  readonly outputs: (stack: string) => Promise<StackOutputs>;
  /** `aws:profile` in its configuration. */
  readonly profile: (stack: string) => string | undefined;
}

/**
 * Finds out where requests go. `url` takes precedence, then `endpoint`, then `stack`.
 *
 * @param options the user's options
 * @param reader reads a stack
 * @throws Error if the options say too little or too much, or the stack has no endpoint
 */
export async function findTarget(options: TargetOptions, reader: StackReader): Promise<Target> {
  const { stack, endpoint, region, url } = options;
  if (url !== undefined) {
    if (endpoint !== undefined) throw new Error("--url can't be combined with --endpoint: use one of them");
    if (region !== undefined)
      throw new Error("--region can't be combined with --url, which names a server: remove one");
    return { kind: "url", url: serverAddress(url) };
  }
  if (endpoint !== undefined) {
    const profile = stack === undefined ? undefined : reader.profile(stack);
    return { kind: "endpoint", endpointName: endpoint, ...given({ region, profile }) };
  }
  if (stack === undefined) {
    throw new Error(
      "no target given: use --stack NAME for a deployed stack, --endpoint NAME --region REGION for any endpoint, or --url http://127.0.0.1:8080 for npm run serve",
    );
  }
  const outputs = await reader.outputs(stack);
  const { endpointName, endpointArn } = outputs;
  if (typeof endpointName !== "string" || endpointName === "") {
    throw new Error(`stack ${stack} has no output endpointName: deploy it with pulumi up, or use --endpoint NAME`);
  }
  const [, , , arnRegion] = typeof endpointArn === "string" ? endpointArn.split(":") : [];
  const profile = reader.profile(stack);
  return { kind: "endpoint", endpointName, outputs, ...given({ region: region ?? arnRegion, profile }) };
}

/**
 * Describes a target, for messages and headings.
 *
 * @param target the target
 */
export function describeTarget(target: Target): string {
  if (target.kind === "url") return target.url;
  return `endpoint ${target.endpointName}${target.region === undefined ? "" : ` in ${target.region}`}`;
}

/**
 * Reads a deployed stack's outputs through the Pulumi CLI.
 *
 * @param stack the stack's name, as the CLI takes it
 * @param directory the project's folder
 * @param cli the CLI's path; `undefined` if there is none
 * @throws Error with the CLI's own reason if it can't
 */
export async function readStackOutputs(
  stack: string,
  directory: string,
  cli: string | undefined,
): Promise<StackOutputs> {
  if (cli === undefined) throw new Error(withoutCli());
  try {
    const { stdout } = await promisify(execFile)(cli, ["stack", "output", "--json", "--stack", stack], {
      cwd: directory,
      maxBuffer: 2 ** 26,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return JSON.parse(stdout) as StackOutputs;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const reason = stderr?.trim() ?? "";
    const undownloaded = cli.includes("node_modules") ? /^pulumi: (.*)$/m.exec(reason)?.[1] : undefined;
    if (undownloaded !== undefined) throw new Error(withoutCli(undownloaded), { cause: error });
    throw new Error(`pulumi can't read the outputs of stack ${stack}: ${reason === "" ? message : reason}`, {
      cause: error,
    });
  }
}

/** The npm package `pulumi` is no CLI yet: it downloads one first. */
function withoutCli(undownloaded?: string): string {
  const download = undownloaded === undefined ? "" : `, and it can't be downloaded (${undownloaded})`;
  return `the Pulumi CLI, which reads a stack's outputs, is not on the PATH${download}: install it from ${cliInstallation}, or use --endpoint NAME --region REGION`;
}

function serverAddress(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Error(`--url: "${text}" is not an address: use one like http://127.0.0.1:8080`);
  }
  return text.replace(/(\/invocations)?\/*$/, "");
}

function given(settings: Readonly<Record<"region" | "profile", string | undefined>>): {
  readonly region?: string;
  readonly profile?: string;
} {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

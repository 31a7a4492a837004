import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What a user says about where requests go. */
export interface TargetOptions {
  /** A deployed stack, whose outputs name the endpoint. */
  readonly stack?: string;
  /** An endpoint's name, in place of the stack's. */
  readonly endpoint?: string;
  /** The endpoint's region. Default: the stack's; without a stack, what AWS's own tools use. */
  readonly region?: string;
  /** A server that isn't on AWS, for example `http://127.0.0.1:8080`. */
  readonly url?: string;
}

/** Where requests go: to a server on SageMaker's contract, or to an endpoint. */
export type Target = UrlTarget | EndpointTarget;

/** A server on SageMaker's contract: `/ping` and `/invocations`. */
export interface UrlTarget {
  /** Tells it from an endpoint. */
  readonly kind: "url";
  /** Its address, without a slash at the end. */
  readonly url: string;
}

/** An endpoint in SageMaker. */
export interface EndpointTarget {
  /** Tells it from a server. */
  readonly kind: "endpoint";
  /** Its name. */
  readonly endpointName: string;
  /** Its region; absent where AWS's own tools are to find it. */
  readonly region?: string;
  /** The profile in AWS's shared files that the stack uses; absent where AWS's own tools are to find one. */
  readonly profile?: string;
  /** What the stack put out; absent where the endpoint was named. */
  readonly outputs?: StackOutputs;
}

/** The outputs of a deployed stack; those of index.ts are texts. */
export type StackOutputs = Readonly<Record<string, unknown>>;

/** How a stack is read. Injected, so that tests need no Pulumi CLI. */
export interface StackReader {
  /** Its outputs. */
  readonly outputs: (stack: string) => Promise<StackOutputs>;
  /** The profile that its configuration names, as `aws:profile`. */
  readonly profile: (stack: string) => string | undefined;
}

/**
 * Finds out where requests go. `url` goes first, then `endpoint`, then `stack`.
 *
 * @param options what the user says
 * @param reader how a stack is read
 * @throws Error where too little or too much is said, or the stack has no endpoint
 */
export async function findTarget(options: TargetOptions, reader: StackReader): Promise<Target> {
  const { stack, endpoint, region, url } = options;
  if (url !== undefined) {
    if (endpoint !== undefined) throw new Error("--url and --endpoint name two places to send to: use one of them");
    if (region !== undefined)
      throw new Error("--region belongs to an endpoint, and --url names a server: leave one out");
    return { kind: "url", url: serverAddress(url) };
  }
  if (endpoint !== undefined) {
    const profile = stack === undefined ? undefined : reader.profile(stack);
    return { kind: "endpoint", endpointName: endpoint, ...given({ region, profile }) };
  }
  if (stack === undefined) {
    throw new Error(
      "where to? Use --stack NAME for a deployed stack, --endpoint NAME --region REGION for any endpoint, or --url http://127.0.0.1:8080 for npm run serve",
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
 * A target in words, for messages and headings.
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
 * @param cli the CLI's path; `undefined` where there is none
 * @throws Error with the CLI's own reason where it can't
 */
export async function readStackOutputs(
  stack: string,
  directory: string,
  cli: string | undefined,
): Promise<StackOutputs> {
  if (cli === undefined) {
    throw new Error(
      "the Pulumi CLI, which knows a stack's outputs, is not on the PATH: install it, or use --endpoint NAME --region REGION",
    );
  }
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
    throw new Error(`pulumi can't tell the outputs of stack ${stack}: ${reason === "" ? message : reason}`, {
      cause: error,
    });
  }
}

function serverAddress(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Error(`--url: "${text}" is no address: use one like http://127.0.0.1:8080`);
  }
  return text.replace(/(\/invocations)?\/*$/, "");
}

function given(settings: Readonly<Record<"region" | "profile", string | undefined>>): {
  readonly region?: string;
  readonly profile?: string;
} {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

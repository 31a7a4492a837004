import { existsSync } from "node:fs";
import { readTextFile } from "../../packing/regularFile.ts";
import { clientSettings, connect, type AwsConnection } from "../../releases/connection.ts";
import { describeEndpoint, readTags } from "../../releases/endpoints.ts";
import { ofType } from "./links.ts";
import { templateStack, type OldStack } from "./oldStack.ts";
import { readServing, servingOf, stackNameTag } from "./readServing.ts";
import { readStack } from "./readStack.ts";
import { readTemplate, type Template } from "./template.ts";

/** What to take over. */
export interface Source {
  /** A template's path, or the name of a deployed stack. Default: the endpoint as it serves. */
  readonly source?: string | undefined;
  /** The endpoint; of a template or a stack that has several, the one to take. */
  readonly endpoint?: string | undefined;
  /** Values of the template's parameters, and of pseudo parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** How to reach AWS. A template alone is read without it. */
  readonly connection: AwsConnection;
}

/** CloudFormation's own limit of a template's size, in bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const mostBytes = 1_000_000;

/**
 * Reads what runs today: from a template, from a deployed stack, or from SageMaker itself.
 *
 * @param from where
 * @throws Error if there is neither a file nor a stack of that name, or if it can't be read
 */
export async function readSource(from: Source): Promise<OldStack> {
  const { source, endpoint, connection } = from;
  if (source === undefined) {
    if (endpoint === undefined)
      throw new Error(
        "nothing to take over is given: name a template, a deployed stack, or an endpoint with --endpoint NAME",
      );
    refuseUnknown({}, from.parameters);
    return readServing(await connect(connection), endpoint);
  }
  if (existsSync(source)) return templateFile(source, from);
  if (/[/\\]|\.(ya?ml|json|template)$/.test(source))
    throw new Error(`"${source}" doesn't exist: name a template, or a deployed stack`);
  return deployedStack(source, from);
}

function templateFile(file: string, { parameters, connection: { region } }: Source): OldStack {
  const template = readTemplate(readTextFile(file, mostBytes), file);
  refuseUnknown(template.parameters, parameters);
  const known = { ...(region !== undefined && { "AWS::Region": region }), ...parameters };
  return templateStack(template, `the template ${file}`, { parameters: known, names: {} });
}

async function deployedStack(name: string, { parameters, connection, endpoint }: Source): Promise<OldStack> {
  const { CloudFormationClient } = await import("@aws-sdk/client-cloudformation");
  const client = new CloudFormationClient(clientSettings(connection, undefined));
  const { template: text, facts } = await readStack(client, name);
  const template = readTemplate(text, `the template of ${name}`);
  refuseUnknown(template.parameters, parameters);
  const whole = { ...facts, parameters: { ...facts.parameters, ...parameters } };
  const stack = templateStack(template, `the stack ${name}`, whole);
  const names = ofType(stack, "AWS::SageMaker::Endpoint").map((one) => one.name);
  const served = names.find((one) => endpoint === undefined || one === endpoint);
  if (typeof served !== "string") return stack;
  const clients = await connect({ ...connection, region: whole.parameters["AWS::Region"] ?? "" });
  const live = await describeEndpoint(clients, served);
  if (!live) return stack;
  const owner = (await readTags(clients, live))[stackNameTag];
  const isOther = owner !== undefined && owner !== whole.parameters["AWS::StackName"];
  return { ...stack, serving: { ...servingOf(live), ...(isOther && { owner }) } };
}

function refuseUnknown(known: Template["parameters"], given: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name) && !name.startsWith("AWS::"));
  if (unknown.length === 0) return;
  const names = Object.keys(known);
  throw new Error(
    `--parameter: there is no ${unknown.join(", ")} in the template: ${names.length > 0 ? `it has ${names.join(", ")}` : "it has no parameters"}`,
  );
}

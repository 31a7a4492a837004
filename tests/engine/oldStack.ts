import { adoptionOf, type Adoption } from "../../operations/adopt/adoption.ts";
import { bucketOf } from "../../operations/adopt/links.ts";
import { templateStack, type OldResource, type OldStack } from "../../operations/adopt/oldStack.ts";
import { readServing } from "../../operations/adopt/readServing.ts";
import { readTemplate } from "../../operations/adopt/template.ts";
import { account, deployedNames, oldTemplates, region } from "../support/adopt/oldStacks.ts";
import { sdkEndpoint, sdkTemplate } from "../support/adopt/pythonSdk.ts";
import { retainingOnly } from "../support/adopt/retention.ts";
import { deleteByHand } from "./byHand.ts";
import { EngineStack } from "./engineStack.ts";
import { deployOldResource, type Made } from "./oldResources.ts";
import { imageIn } from "./readability.ts";
import { pushedImage } from "./provider/resourceTypes.ts";
import { types } from "./types.ts";

/** An old stack in the emulator, and how it is taken over. */
export interface DeployedOldStack {
  /** The new stack, with its settings, of which nothing is made yet. */
  readonly stack: EngineStack;
  /** How the old one is taken over. */
  readonly adoption: Adoption;
  /** What the old stack has made: types and ids of the stand-in. */
  readonly made: readonly Made[];
}

const bySdk = "made by the Python SDK";

/** What is taken over: endpoints that other tools made. */
export const sources: readonly string[] = [...Object.keys(oldTemplates), bySdk];

/**
 * Puts an old stack into the emulator, as CloudFormation does, and configures a new one to take it over.
 *
 * @param source one of the sources
 * @param retained what the old stack retains: everything, or only what `adopt` asks for. Default: everything
 */
export async function deployOldStack(
  source: string,
  retained: "everything" | "what is needed" = "everything",
): Promise<DeployedOldStack> {
  const template = source === bySdk ? sdkTemplate : oldTemplates[source]!;
  const old = stackOf(retained === "everything" ? template : retainingOnly(template, lackRetain));
  const stack = await EngineStack.create("dev");
  await stack.rename("adopted");
  const made: Made[] = [];
  for (const resource of inOrder(old)) made.push(...(await deployOldResource(stack, resource)));
  // No template says what the SDK made: it is read from SageMaker.
  const adoption = adoptionOf(source === bySdk ? await readServing(stack.emulator.clients, sdkEndpoint) : old);
  addContent(stack, old, adoption);
  stack.configure({
    ...Object.fromEntries(Object.keys(stack.workspace.config(stack.name)).map((key) => [key, undefined])),
    ...adoption.settings,
    "aws:region": region,
  });
  return { stack, adoption, made };
}

function stackOf(template: string): OldStack {
  const parameters = { "AWS::AccountId": account, "AWS::Region": region };
  const names = { ...deployedNames, Model: "old-model", Other: "old-other-model", Configuration: "old-configuration" };
  return templateStack(readTemplate(template, "old.yaml"), "the stack old", { parameters, names });
}

/** The lines of the resources that `adopt` wants to be retained. */
function lackRetain(template: string): number[] {
  return adoptionOf(stackOf(template)).problems.map(({ line = 0, message }) => {
    if (!message.startsWith("lacks DeletionPolicy: Retain")) throw new Error(message);
    return line;
  });
}

/** `delete-stack`: what isn't retained goes, the endpoint first. */
export async function deleteOldStack({ stack, made }: DeployedOldStack): Promise<void> {
  for (const { type, id, retained } of made.toReversed()) {
    if (!retained) await deleteByHand(stack, { urn: "", name: "", type, id });
  }
}

/** Each resource after those that it refers to. */
function inOrder({ resources }: OldStack): OldResource[] {
  const order = [
    "Key",
    "Bucket",
    "Repository",
    "Role",
    "Policy",
    "Model",
    "EndpointConfig",
    "Endpoint",
    "ScalableTarget",
    "ScalingPolicy",
  ];
  const place = ({ type }: OldResource) => order.indexOf(type.slice(type.lastIndexOf(":") + 1));
  return resources.filter((one) => place(one) >= 0).sort((one, other) => place(one) - place(other));
}

/** What was put in place by hand: the models and the images. */
function addContent({ cloud }: EngineStack, { resources }: OldStack, { settings }: Adoption): void {
  const kmsKeyId = (settings.kmsKeyArn as string | undefined) ?? "";
  for (const { type, properties } of resources) {
    if (type !== "AWS::SageMaker::Model") continue;
    const { ModelDataUrl: url, Image } = properties.PrimaryContainer as { ModelDataUrl: string; Image: string };
    const { repositoryUrl, reference: digest } = imageIn(JSON.stringify([Image]))!;
    cloud.put({ type: pushedImage, id: Image, inputs: { repositoryUrl, digest }, outputs: { repositoryUrl, digest } });
    const bucket = bucketOf(url)!;
    const key = url.slice(`s3://${bucket}/`.length);
    cloud.put({
      type: types.object,
      id: `${bucket}/${key}`,
      inputs: { bucket, key },
      outputs: { bucket, key, kmsKeyId },
    });
  }
}

/** Deletes by hand what `adopt` lists as left over. */
export async function deleteLeftOver({ stack, adoption, made }: DeployedOldStack): Promise<void> {
  const nouns: Readonly<Record<string, string>> = {
    [types.configuration]: "EndpointConfig",
    [types.model]: "Model",
    [types.role]: "Role",
  };
  const listed = made.filter(({ type, id }) => adoption.leftOver.includes(`${nouns[type] ?? ""} ${id}`));
  for (const { type, id } of listed) await deleteByHand(stack, { urn: "", name: "", type, id });
}

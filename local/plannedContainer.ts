import type { Plan, PlannedResource } from "../preview/plan.ts";
import { publishingAccount } from "../sagemaker/publishedImages.ts";
import { armProcessor } from "../sagemaker/instanceTypes.ts";
import { MessageError } from "./messageError.ts";
import { plannedModelResource, plannedVariant } from "./plannedModel.ts";

/** The container that a planned SageMaker Model is served in. */
export interface PlannedContainer {
  /** The image, as `docker pull` takes it: with the upstream's name, because the stack's own copy is the same image. */
  readonly image: string;
  /** The platform, for example `linux/amd64`. */
  readonly platform: string;
  /** Whether the container reaches nothing outside. */
  readonly networkIsolation: boolean;
}

/**
 * The container of a plan's model.
 *
 * @param plan a stack's plan
 * @param variantName the variant that serves it. Default: the first one
 * @throws MessageError where the image's registry is not known without asking AWS
 */
export function plannedContainer(plan: Plan, variantName?: string): PlannedContainer {
  const { inputs } = plannedModelResource(plan, variantName);
  const platform = `linux/${architectureOf(plan, variantName)}`;
  const { image } = inputs.primaryContainer as { readonly image: string };
  const networkIsolation = inputs.enableNetworkIsolation === true;
  if (!image.includes("${")) return { image, platform, networkIsolation };
  const [copied, tagged] = ["remoteImage:RemoteImage", "tag:Tag"].map((type) =>
    plan.resources.find((resource) => resource.type === `docker:index/${type}`),
  );
  const tag = imageTag(tagged);
  return {
    image: withAccount(String(copied?.inputs.name).replace("@sha256:${digest}", `:${tag}`), tag),
    ...{ platform, networkIsolation },
  };
}

/** An image that is there already has its platform nowhere in a plan, but the instances that run it have. */
function architectureOf(plan: Plan, variantName: string | undefined): "amd64" | "arm64" {
  return armProcessor(plannedVariant(plan, variantName).instanceType ?? "") ? "arm64" : "amd64";
}

/** The tag without the digest that the stack's copy carries. */
function imageTag(tagged: PlannedResource | undefined): string {
  const [, tag = ""] = /:([^:/]+)-(?:\$\{digest\}|[0-9a-f]{12})$/.exec(String(tagged?.inputs.targetImage)) ?? [];
  return tag;
}

/** The account of AWS that publishes the release is a reference in a plan, and on the list of those accounts. */
function withAccount(image: string, tag: string): string {
  const [reference, region = ""] = /^\$\{[^}]*\}\.dkr\.ecr\.([^.]+)\./.exec(image) ?? [];
  if (reference === undefined) return image;
  const account = publishingAccount(tag, region);
  if (account === undefined) {
    throw new MessageError(
      `no list says which account of AWS publishes ${tag} in ${region}: give an image that Docker can pull with imageUri or upstreamImage`,
    );
  }
  return image.replace(/^\$\{[^}]*\}/, account);
}

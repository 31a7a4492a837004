import type { Plan, PlannedResource } from "../preview/plan.ts";
import { describeImage } from "../sagemaker/image.ts";
import { publishingAccount } from "../sagemaker/publishedImages.ts";
import { armProcessor } from "../sagemaker/instanceTypes.ts";
import { MessageError } from "./messageError.ts";
import { plannedModelResource, plannedVariant } from "./plannedModel.ts";

/** The container for a planned SageMaker Model. */
export interface PlannedContainer {
  /** The image for `docker pull`, by its upstream name, because the stack's own copy is the same image. */
  readonly image: string;
  /** The platform, for example `linux/amd64`. */
  readonly platform: string;
  /** True if the container has no access to the outside. */
  readonly networkIsolation: boolean;
}

/**
 * The container of a plan's model.
 *
 * @param plan a stack's plan
 * @param variantName the variant to serve. Default: the first one
 * @throws MessageError if the image's registry isn't known without asking AWS
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

/** A plan doesn't contain the platform of an existing image, but that of the instances that run it. */
function architectureOf(plan: Plan, variantName: string | undefined): "amd64" | "arm64" {
  return armProcessor(plannedVariant(plan, variantName).instanceType ?? "") ? "arm64" : "amd64";
}

/** The tag without the digest that the stack's copy adds. */
function imageTag(tagged: PlannedResource | undefined): string {
  const [, tag = ""] = /:([^:/]+)-(?:\$\{digest\}|[0-9a-f]{12})$/.exec(String(tagged?.inputs.targetImage)) ?? [];
  return tag;
}

/** In a plan, AWS's publishing account is only a reference, so it is looked up in our list of those accounts. */
function withAccount(image: string, tag: string): string {
  const [reference, region = ""] = /^\$\{[^}]*\}\.dkr\.ecr\.([^.]+)\./.exec(image) ?? [];
  if (reference === undefined) return image;
  const { release } = describeImage({ imageTag: tag });
  const account = release === undefined ? undefined : publishingAccount(release, region);
  if (account === undefined) {
    throw new MessageError(
      `no list says which account of AWS publishes ${tag} in ${region}: set imageUri or upstreamImage to an image that Docker can pull`,
    );
  }
  return image.replace(/^\$\{[^}]*\}/, account);
}

import * as z from "zod";
import type { Image } from "../sagemaker/image.ts";
import { imageTagPattern } from "../sagemaker/imageReleases.ts";
import { parseEcrImage } from "../sagemaker/imageUri.ts";
import { repositoryNameAllowed, repositoryNamePattern } from "../sagemaker/limits.ts";
import { nvidiaTagProblem } from "../sagemaker/nvidiaTags.ts";
import { registrySuffixes } from "../sagemaker/partitions.ts";
import { either, flag, identifier, identifying, matching, oneOf } from "./fields.ts";
import type { Problem } from "./problem.ts";

const imageUriForm = "must be <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag> or …@sha256:<digest>";

/** The settings of the Triton image. */
export const imageFields = {
  imageTag: matching(imageTagPattern, "<year>.<month>-py3, for example 26.05-py3")
    .meta({
      description: "Release of Triton's image on AWS, <year>.<month>-py3. Not used with upstreamImage or imageUri.",
    })
    .default("26.05-py3"),
  imageDigest: identifier(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits")
    .optional()
    .meta({
      description:
        "Pins the upstream image: sha256:<64 digits>, the stack output imageDigest of an earlier update. Default: the image the tag points to.",
    }),
  upstreamImage: identifier(
    /^[a-z0-9.:_/-]+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    "an image reference, for example nvcr.io/nvidia/tritonserver:24.10-py3",
  )
    .optional()
    .meta({
      description:
        "An upstream image to copy instead of AWS's, for example nvcr.io/nvidia/tritonserver:24.10-py3. Default: none.",
    }),
  imageUri: identifying(z.string(imageUriForm).refine((uri) => parseEcrImage(uri), imageUriForm))
    .optional()
    .meta({
      description: "An image that is already in ECR: nothing is copied, and no Docker daemon is needed. Default: none.",
    }),
  imageArchitecture: oneOf(["amd64", "arm64"]).optional().meta({
    description:
      "The processor architecture of your own image (upstreamImage, imageUri): amd64, or arm64 for Graviton types. Default: amd64.",
  }),
  repositoryName: matching(repositoryNamePattern, repositoryNameAllowed)
    .optional()
    .meta({ description: "Name of the ECR repository. Default: auto-named by Pulumi." }),
  immutableTags: flag()
    .meta({ description: "Whether a tag in the ECR repository can't be moved to another image." })
    .default(false),
};

/** The Triton image; each field is absent if it isn't set. */
export type ImageSettings = Partial<z.output<z.ZodObject<typeof imageFields>>>;

/**
 * The rules for the image.
 *
 * @param settings the settings that identify it
 */
export function* imageRules(
  { imageUri, imageDigest, upstreamImage, imageArchitecture }: ImageSettings,
  image: Image,
): Generator<Problem> {
  for (const [key, value] of Object.entries({ imageDigest, upstreamImage })) {
    if (value !== undefined && imageUri !== undefined) {
      yield {
        path: [key],
        code: "image-exists",
        message: "can't be combined with imageUri, which names an image that already exists: remove one",
      };
    }
  }
  const problem = imageUri === undefined && upstreamImage !== undefined ? nvidiaTagProblem(upstreamImage) : undefined;
  if (problem !== undefined) yield { path: ["upstreamImage"], code: "upstream-tag", message: problem };
  const registry = image.setting === "imageUri" ? image.ecr : undefined;
  if (registry && !registrySuffixes(registry.region).includes(registry.suffix)) {
    yield {
      path: ["imageUri"],
      code: "image-host",
      message: `must be at ${either(registrySuffixes(registry.region))}, like every registry in ${registry.region}`,
    };
  }
  if (imageArchitecture === "arm64" && image.publisher === "AWS") {
    yield {
      path: ["imageArchitecture"],
      code: "image-architecture",
      message:
        "must be amd64, because Triton's image on AWS is amd64 only: set upstreamImage or imageUri to an arm64 image",
    };
  }
  if (imageDigest !== undefined && upstreamImage?.includes("@") && !upstreamImage.endsWith(imageDigest)) {
    yield {
      path: ["imageDigest"],
      code: "image-digests-differ",
      message: "must be the same as the digest in upstreamImage: remove one",
    };
  }
}

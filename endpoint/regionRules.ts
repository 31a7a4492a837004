import { parseArn } from "../sagemaker/arns.ts";
import type { Image } from "../sagemaker/image.ts";
import { partitionOf } from "../sagemaker/partitions.ts";
import { publishedReleaseProblem, publishingAccount, unlistedReleaseWarning } from "../sagemaker/publishedImages.ts";
import type { Path, Problem } from "./problem.ts";
import type { Endpoint } from "./schema.ts";

/**
 * The rules for regions: SageMaker only uses images, keys and topics in its own region, and AWS doesn't publish every
 * release everywhere.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (Image)
 *
 * @param region the region; if `undefined`, only checks whether AWS publishes the release at all
 */
export function* regionRules(endpoint: Endpoint, image: Image, region: string | undefined): Generator<Problem> {
  yield* releaseRules(image, region);
  if (region === undefined) return;
  const registry = image.setting === "imageUri" ? image.ecr : undefined;
  if (registry && registry.region !== region) {
    yield {
      path: ["imageUri"],
      code: "image-region",
      message: `must be in ${region}, because SageMaker pulls images only from its own region: copy the image there, or set upstreamImage to let the stack copy it`,
    };
  }
  // These may contain ARNs for any purpose of the user's.
  const open = ["environment", "tags"];
  for (const [key, value] of Object.entries(endpoint)) {
    if (!open.includes(key)) yield* arnRules(value, [key], region);
  }
}

function* releaseRules(image: Image, region: string | undefined): Generator<Problem> {
  const { setting, release } = image;
  if (setting !== "imageTag") {
    yield* publishedUriRules(image);
    return;
  }
  if (release === undefined) return;
  const message = publishedReleaseProblem(release, region);
  if (message !== undefined) yield { path: [setting], code: "image-not-published", message };
  const warning = unlistedReleaseWarning(release);
  if (warning !== undefined) yield { path: [setting], code: "image-not-listed", message: warning, severity: "warning" };
}

/** AWS's own image in AWS's own registry. */
function* publishedUriRules({ setting, publisher, release, ecr }: Image): Generator<Problem> {
  if (!ecr || release === undefined || publisher !== "AWS") return;
  const account = publishingAccount(release, ecr.region);
  const message =
    publishedReleaseProblem(release, ecr.region) ??
    (account === undefined || account === ecr.accountId
      ? undefined
      : `must be in the account ${account}, from which AWS publishes ${release}-py3 in ${ecr.region}`);
  if (message !== undefined) yield { path: [setting], code: "image-not-published", message };
}

function* arnRules(value: unknown, path: Path, region: string): Generator<Problem> {
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === "environment") continue;
      yield* arnRules(inner, [...path, Array.isArray(value) ? Number(key) : key], region);
    }
  }
  const arn = typeof value === "string" ? parseArn(value) : undefined;
  if (!arn) return;
  if (arn.partition !== partitionOf(region)) {
    yield {
      path,
      code: "arn-partition",
      message: `must begin with arn:${partitionOf(region)}:, the partition of ${region}, because AWS doesn't connect partitions`,
    };
  } else if (arn.region !== "" && arn.region !== region) {
    yield {
      path,
      code: "arn-region",
      message: `must be in ${region}, because the endpoint is there and AWS doesn't connect the regions`,
    };
  }
}

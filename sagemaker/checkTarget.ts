import type { CheckOptions } from "../triton/modelRepository.ts";
import { servingPlace, type PlaceSettings } from "./capacity.ts";
import { releaseOf, type ImageNames } from "./imageReleases.ts";
import { imageRepository } from "./imageUri.ts";
import { commonHardware, defaultInstanceType } from "./instanceTypes.ts";
import { serverEnvironment, shmDefaultByteSize, type ServerSettings } from "./serverEnvironment.ts";

/** What a model is checked for. */
export interface CheckTarget {
  /** The image that loads it. */
  readonly image: ImageNames;
  /** What the container's environment is made from. */
  readonly server: ServerSettings;
  /** Everything that serves it. Default: what depends on it is not checked. */
  readonly places?: readonly PlaceSettings[];
  /** The region. Default: not known. */
  readonly region?: string;
}

/**
 * What the check of a model has to know of where it will be served.
 *
 * @param target what it is checked for
 */
export function checkOptionsFor({ image, server, places }: CheckTarget): CheckOptions {
  const environment = serverEnvironment(server);
  const instanceTypes = places?.flatMap(({ serverless, instanceType = defaultInstanceType }) =>
    serverless ? [] : [instanceType],
  );
  return {
    defaultModelName: environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME,
    additionalArgs: environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS,
    inferenceType: environment.SAGEMAKER_TRITON_INFERENCE_TYPE ?? "infer",
    release: releaseOf(image)?.slice(0, 5),
    ownImage: isOwnImage(image),
    ...(instanceTypes && commonHardware(instanceTypes)),
    places: places && distinct(places.map(servingPlace)),
    shmDefaultByteSize: shmDefaultByteSize(environment),
  };
}

/**
 * What a model is checked for, in words, for example `26.05-py3 on ml.m5.large in us-east-1`.
 *
 * @param target what it is checked for
 * @returns `undefined` where nothing of it is known
 */
export function describeTarget({ image, places = [], region }: CheckTarget): string | undefined {
  const where = [...new Set(places.map((settings) => servingPlace(settings).place))];
  const name = imageName(image);
  const parts = [
    name ?? (where.length > 0 ? "any release" : []),
    where.length === 0 ? [] : `on ${where.join(" and ")}`,
    region === undefined ? [] : `in ${region}`,
  ].flat();
  return parts.length === 0 ? undefined : parts.join(" ");
}

/**
 * Whether an image is not AWS's but one of the user's own.
 *
 * @param image what it is known by
 */
export function isOwnImage({ imageUri, upstreamImage }: ImageNames = {}): boolean {
  return (imageUri ?? upstreamImage) !== undefined;
}

function imageName(image: ImageNames): string | undefined {
  const own = image.imageUri ?? image.upstreamImage;
  if (own === undefined) return image.imageTag;
  return `your image ${imageRepository(own)} (${releaseOf(image) ?? "a release that its tag does not tell"})`;
}

/** Variants on equal instances need the same. */
function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

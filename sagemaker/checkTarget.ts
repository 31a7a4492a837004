import type { CheckOptions } from "../triton/repository/modelRepository.ts";
import { servingPlace, type PlaceSettings } from "./capacity.ts";
import { describeImage, type ImageNames } from "./image.ts";
import { commonHardware, defaultInstanceType } from "./instanceTypes.ts";
import { nvidiasRepository } from "./nvidiaTags.ts";
import { serverEnvironment, shmDefaultByteSize, type ServerSettings } from "./serverEnvironment.ts";

/** The place where a model will be served, for the check. */
export interface CheckTarget {
  /** The image that loads it. */
  readonly image: ImageNames;
  /** The settings of the container's environment. */
  readonly server: ServerSettings;
  /** The variants that serve it. Default: checks that depend on them are skipped. */
  readonly places?: readonly PlaceSettings[];
  /** The 99th percentile latency above which an alarm goes off, in milliseconds. Default: none. */
  readonly latencyBoundInMilliseconds?: number;
  /** The region. Default: unknown. */
  readonly region?: string;
}

/**
 * The options of a model's check, derived from where the model will be served.
 *
 * @param target where it will be served
 */
export function checkOptionsFor({ image, server, places, latencyBoundInMilliseconds }: CheckTarget): CheckOptions {
  const environment = serverEnvironment(server);
  const { release, isOwn, flavour, repository } = describeImage(image);
  const instanceTypes = places?.flatMap(({ serverless, instanceType = defaultInstanceType }) =>
    serverless ? [] : [instanceType],
  );
  return {
    defaultModelName: environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME,
    additionalArgs: environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS,
    inferenceType: environment.SAGEMAKER_TRITON_INFERENCE_TYPE ?? "infer",
    release,
    ownImage: isOwn,
    ...(flavour !== undefined && { flavour, isCopy: repository !== nvidiasRepository }),
    ...(instanceTypes && commonHardware(instanceTypes)),
    places: places && distinct(places.map(servingPlace)),
    shmDefaultByteSize: shmDefaultByteSize(environment),
    ...(latencyBoundInMilliseconds !== undefined && { latencyBoundInMilliseconds }),
  };
}

/**
 * Describes where a model will be served, for example `26.05-py3 on ml.m5.large in us-east-1`.
 *
 * @param target where it will be served
 * @returns `undefined` if nothing is known
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

function imageName(image: ImageNames): string | undefined {
  const { repository, publisher, isOwn, release, tag: written } = describeImage(image);
  if (repository === undefined) return image.imageTag;
  const tag = release === undefined ? undefined : `${release}-py3`;
  if (!isOwn && tag !== undefined) return `${publisher}'s image ${tag}`;
  return `your image ${repository} (${tag === undefined ? "of an unknown release" : String(written)})`;
}

/** Variants on equal instances need the same. */
function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

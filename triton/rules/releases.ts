import type { Finding } from "../repository/finding.ts";
import {
  departureOf,
  fieldsSince,
  flavourBackends,
  flavourWith,
  holds,
  imageHasBackend,
  platformsSince,
  valuesSince,
} from "../releases/releaseFacts.ts";
import { knownReleases } from "../releases/releases.ts";
import { publishedReleases } from "../releases/publishedReleases.ts";
import type { ServedModel } from "../repository/servedModel.ts";

/** The facts about the image that will load a model. */
export interface ServedImage {
  /** `YY.MM` of the Triton in it. Default: anything that depends on the release isn't checked. */
  readonly release?: string;
  /**
   * True if it is the user's own rather than AWS's or NVIDIA's, so that it may contain more than the release does.
   * Default: AWS's.
   */
  readonly ownImage?: boolean;
  /** The middle of the tag of an image with few backends, for example `trtllm-python`. Default: the image with all. */
  readonly flavour?: string;
  /** True if the image with that flavour may be a copy with more in it. Default: it is NVIDIA's. */
  readonly isCopy?: boolean;
}

/**
 * The rules for fields and platforms that the image's Triton doesn't support yet.
 * Source: `releases.json`, which names its own
 *
 * @param image the image that will load it
 */
export function* releaseRules(model: ServedModel, { release }: ServedImage): Generator<Finding> {
  const { parsed, completed, name } = model;
  if (release === undefined) return;
  if (name.includes("..") && holds("names-without-dots", release)) {
    yield {
      code: "model-name-dots",
      path: name,
      message: `Triton ${release} refuses to load a model whose name contains "..".`,
      remedy: "Rename the folder, or use another release.",
    };
  }
  for (const [field, line] of parsed.fields) {
    const since = fieldsSince[field];
    if (since === undefined || release >= since) continue;
    yield {
      code: "config-too-new",
      line,
      message: `The field "${field.replaceAll(".", " ")}" is supported since Triton ${since}, but the image is ${release}, which refuses the whole file.`,
      remedy: `Remove it, or use an image of ${since} or newer${published(since)}.`,
    };
  }
  yield* valueFindings(model, release);
  const since = platformsSince[completed?.platform ?? ""];
  if (since !== undefined && release < since) {
    yield {
      code: "config-too-new",
      ...(parsed.fields.has("platform") ? { at: ["platform"] } : { path: name }),
      message: `The platform ${completed?.platform ?? ""} is supported since Triton ${since}, but the image is ${release}.`,
      remedy: `Use an image of ${since} or newer${published(since)}.`,
    };
  }
}

/** The findings for types and kinds of tensors that the release doesn't know. */
function* valueFindings({ config }: ServedModel, release: string): Generator<Finding> {
  if (!config) return;
  const words = [
    ...(["input", "output", "batch_input"] as const).flatMap((list) =>
      config[list].map(({ data_type: word = "" }, index) => ({ word, at: [list, index, "data_type"] })),
    ),
    ...config.batch_input.map(({ kind: word }, index) => ({ word, at: ["batch_input", index, "kind"] })),
  ];
  for (const { word, at } of words) {
    const since = valuesSince[word];
    if (since === undefined || release >= since) continue;
    yield {
      code: "config-too-new",
      at,
      message: `The value ${word} is supported since Triton ${since}, but the image is ${release}, which refuses the whole file.`,
      remedy: `Use another, or an image of ${since} or newer${published(since)}.`,
    };
  }
}

/**
 * The finding for a release of which nothing is known here, so that what it takes can't be judged.
 * Source: `releases.json`, which names its own
 */
export function* unknownRelease({ release }: ServedImage): Generator<Finding> {
  if (release === undefined || knownReleases.includes(release)) return;
  const [oldest = "", newest = ""] = [knownReleases[0], knownReleases.at(-1)];
  const isOlder = release < oldest;
  yield {
    code: "release-unknown",
    path: ".",
    message: `Triton ${release} is ${isOlder ? `older than ${oldest}, the oldest` : `newer than ${newest}, the newest`} release that is known here: whether it takes a model's operators, Python packages, TensorRT plans and parameters isn't checked.`,
    remedy: `Try the models on that image, or use a release from ${oldest} to ${newest}.`,
  };
}

/**
 * The finding for a backend that the image lacks.
 * Source: `releases.json`, which names its own
 *
 * @param backend its name
 * @param image the image that will load the model
 * @returns a finding at the configuration's `backend`; `undefined` if the image has it, or if that isn't known
 */
export function missingBackend(backend: string, image: ServedImage): Finding | undefined {
  const { release, ownImage = false, flavour } = image;
  if (release === undefined) return undefined;
  if (flavour !== undefined && flavourBackends(flavour)) return missingInFlavour(backend, flavour, release, image);
  if (imageHasBackend(backend, release) !== false) return undefined;
  const departure = departureOf(backend);
  if (departure) {
    const message = `The backend ${backend} was removed from Triton's images in ${departure.gone}, and the image is ${release}.`;
    const convert = "convert the model, for example to ONNX,";
    return ownImage
      ? {
          ...unknown,
          message,
          remedy: `Make sure that your image has the backend, or ${convert} for another.`,
        }
      : {
          ...missing,
          message,
          remedy: `Set imageTag to ${lastPublished(departure.last)}-py3, the last that AWS publishes with it (NVIDIA's is ${departure.last}), ${convert} or serve it with your own image.`,
        };
  }
  if (ownImage) return undefined;
  const other = flavourWith(backend);
  const suited =
    other === undefined
      ? "set imageUri or upstreamImage"
      : `for example upstreamImage: nvcr.io/nvidia/tritonserver:${release}-${other}-py3`;
  return {
    ...missing,
    message: `Triton's image has no backend "${backend}".`,
    remedy: `Serve it with an image that has it: ${suited}.`,
  };
}

function missingInFlavour(
  backend: string,
  flavour: string,
  release: string,
  { isCopy = false }: ServedImage,
): Finding | undefined {
  const backends = flavourBackends(flavour) ?? [];
  if (backends.includes(backend)) return undefined;
  const other = imageHasBackend(backend, release) === false ? flavourWith(backend) : undefined;
  const tag = other === undefined ? `${release}-py3` : `${release}-${other}-py3`;
  return {
    ...(isCopy ? unknown : missing),
    message: `NVIDIA's image ${release}-${flavour}-py3 has the backends ${backends.join(" and ")} only, not ${backend}.`,
    remedy: `${isCopy ? "Make sure that your image has it, or use" : "Use"} an image of Triton that has it, for example nvcr.io/nvidia/tritonserver:${tag}.`,
  };
}

const unknown = { code: "backend-unknown", at: ["backend"] } as const;
const missing = { code: "backend-not-in-image", at: ["backend"] } as const;

function lastPublished(last: string): string {
  return publishedReleases.findLast((release) => release <= last) ?? last;
}

function published(since: string): string {
  const release = publishedReleases.find((release) => release >= since);
  return release === undefined ? "" : `, for example imageTag ${release}-py3`;
}

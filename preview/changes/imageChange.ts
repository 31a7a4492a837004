import { cudaMajorVersion } from "../../sagemaker/imageReleases.ts";
import { describeImage, type ImageNames } from "../../sagemaker/image.ts";
import { onnxRuntimeOf, pythonOf, tensorRtOf } from "../../triton/releases/releases.ts";
import type { Plan } from "../plan.ts";

/** A fact of an image that differs. */
export interface FactChange {
  /** For example `CUDA` or `penguins/1/model.onnx operators`. */
  readonly fact: string;
  /** Its value before; absent if there was none, or it isn't known. */
  readonly before?: string;
  /** The same after. */
  readonly after?: string;
}

/** How the image of an endpoint differs. */
export interface ImageChange {
  /** The endpoint's name in Pulumi. */
  readonly endpoint: string;
  /** Reference, digest and release; of NVIDIA's and AWS's images the versions that are in them, too. */
  readonly facts: readonly FactChange[];
}

const endpointType = "sagemaker-triton:index:TritonEndpoint";

/**
 * Compares the images of the endpoints that both plans have.
 *
 * @param before the plan of what is deployed
 * @param after the plan of what is to be deployed
 */
export function imageChanges(before: Plan, after: Plan): ImageChange[] {
  const endpoints = ({ resources }: Plan) => resources.filter(({ type }) => type === endpointType);
  return endpoints(after).flatMap(({ name, inputs }) => {
    const old = endpoints(before).find((endpoint) => endpoint.name === name);
    const facts = old ? factChanges(factsOf(old.inputs), factsOf(inputs)) : [];
    return facts.length > 0 ? [{ endpoint: name, facts }] : [];
  });
}

/**
 * The facts that differ, by name.
 *
 * @param before the facts before
 * @param after the facts after
 */
export function factChanges(before: Facts, after: Facts): FactChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((fact) => {
    const [old, now] = [before[fact], after[fact]];
    return old === now
      ? []
      : [{ fact, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) }];
  });
}

type Facts = Readonly<Record<string, string | undefined>>;

function factsOf(inputs: ImageNames & { readonly imageDigest?: string }): Facts {
  const { repository, tag, release, knownRelease, digest } = describeImage(inputs);
  const known = (of: (release: string) => string | undefined) =>
    knownRelease === undefined ? undefined : of(knownRelease);
  return {
    image: `${repository ?? "sagemaker-tritonserver"}${tag === undefined ? "" : `:${tag}`}`,
    digest: inputs.imageDigest ?? digest,
    release,
    CUDA: known((one) => String(cudaMajorVersion(one))),
    "ONNX Runtime": known((one) => onnxRuntimeOf(one)?.version),
    TensorRT: known(tensorRtOf),
    Python: known(pythonOf),
  };
}

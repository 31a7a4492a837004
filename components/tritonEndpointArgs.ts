import type { EndpointArgs, EndpointShadow, EndpointVariant } from "../endpoint/endpointArgs.ts";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import type { ExistingParts } from "./existingParts.ts";
import type { ModelArtifact } from "../packing/modelArtifact.ts";
import type { Transforms } from "./transforms.ts";

/** What may be given in place of a model's source. */
interface WithModel {
  /**
   * The model as `loadModel` returns it, instead of modelRepository, modelArchive, modelDataUrl or multiModel. Required
   * for many models and for single files (`modelDataFormat: "prefix"`), because they decide how many objects there are.
   */
  readonly model?: ModelArtifact;
}

/**
 * Arguments of TritonEndpoint: the settings of a stack, with the same names and defaults. A value that decides which
 * resources there are is plain; every other one may be an Output. Known values are checked at once, others as soon as
 * they are known.
 */
export interface TritonEndpointArgs
  extends Omit<EndpointArgs, "variants" | "shadow" | keyof ExistingParts>, ExistingParts, WithModel {
  /** Several variants that share the traffic by weight, by name. Default: one, AllTraffic. */
  readonly variants?: Readonly<Record<string, EndpointVariant & WithModel>>;
  /** A variant that gets copies of requests and whose responses are discarded. Default: none. */
  readonly shadow?: EndpointShadow & WithModel;
  /** Verifies the releases: the result of `watchReleases`. Default: none; the provider's result is trusted. */
  readonly releaseWatch?: ReleaseWatch;
  /** Changes the resources that the component registers, for whatever the arguments don't offer. Default: none. */
  readonly transform?: Transforms;
}

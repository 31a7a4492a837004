import type { InputTensor, Tensor, TensorHeader } from "./tensorTypes.ts";

/** A request as it may be given. */
export interface InferenceRequest<Input extends TensorHeader = InputTensor> {
  /** Comes back in the response. */
  readonly id?: string;
  /** Triton's and the model's own, for example `{ sequence_id: 7, sequence_start: true }`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The inputs. */
  readonly inputs: readonly Input[];
  /** The outputs wanted. Default: all. */
  readonly outputs?: readonly RequestedOutput[];
}

/** An output that is asked for. */
export interface RequestedOutput {
  /** The output's name. */
  readonly name: string;
  /** For example `{ classification: 3 }`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A response. */
export interface InferenceResponse {
  /** The model that answered. */
  readonly model_name: string;
  /** Its version. */
  readonly model_version?: string;
  /** The request's id. */
  readonly id?: string;
  /** What the model adds. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The outputs. */
  readonly outputs: readonly Tensor[];
}

/** A body as it goes over HTTP. */
export interface EncodedBody {
  /** The body. */
  readonly body: Uint8Array;
  /** Its content type, which in binary form says how long the JSON header is. */
  readonly contentType: string;
}

/** A body in pieces, which go over HTTP one after the other. */
export interface EncodedParts {
  /** The pieces: the JSON and, in binary form, each tensor's bytes. */
  readonly parts: readonly Uint8Array[];
  /** How many bytes they are together: the request's content length. */
  readonly size: number;
  /** The body's content type, which in binary form says how long the JSON header is. */
  readonly contentType: string;
}

/** How tensors are read. */
export interface DecodeOptions {
  /**
   * How `FP16` and `BF16` are read: widened to 32-bit floats, or as their bits in a `Uint16Array`, which takes no time and can be
   * sent on as it is. What comes as JSON is widened in any case. Default: `floats`.
   */
  readonly halfFloats?: "floats" | "bits";
}

/** How tensors travel: `json`, `binary`, or `smaller`: whichever makes the shorter body. */
export type BodyForm = "json" | "binary" | "smaller";

/** The content type of the binary form, without the header's size. */
export const binaryContentType = "application/vnd.sagemaker-triton.binary+json";

/**
 * The content type of a body in binary form.
 *
 * @param headerSize how many bytes its JSON header has
 */
export function binaryContentTypeOf(headerSize: number): string {
  return `${binaryContentType};json-header-size=${headerSize}`;
}

/**
 * How many bytes the JSON header of a body has.
 *
 * @param contentType the body's content type
 * @returns the size; `undefined` where the content type does not say it
 */
export function headerSizeIn(contentType: string): number | undefined {
  const [, size] = /json-header-size\s*=\s*(\d+)/i.exec(contentType) ?? [];
  return size === undefined ? undefined : Number(size);
}

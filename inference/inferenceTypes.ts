import type { InputTensor, Tensor, TensorHeader } from "./tensorTypes.ts";

/** A request to encode. */
export interface InferenceRequest<Input extends TensorHeader = InputTensor> {
  /** Returned in the response. */
  readonly id?: string;
  /** Parameters of Triton or of the model, for example `{ sequence_id: 7, sequence_start: true }`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The inputs. */
  readonly inputs: readonly Input[];
  /** The outputs wanted. Default: all. */
  readonly outputs?: readonly RequestedOutput[];
}

/** A requested output. */
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
  /** Parameters that the model adds. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The outputs. */
  readonly outputs: readonly Tensor[];
}

/** A body as sent over HTTP. */
export interface EncodedBody {
  /** The body. */
  readonly body: Uint8Array;
  /** Its content type, which in binary form says how long the JSON header is. */
  readonly contentType: string;
}

/** A body in pieces, to be sent over HTTP one after the other. */
export interface EncodedParts {
  /** The pieces: the JSON and, in binary form, each tensor's bytes. */
  readonly parts: readonly Uint8Array[];
  /** Their total size in bytes: the request's content length. */
  readonly size: number;
  /** The body's content type, which in binary form says how long the JSON header is. */
  readonly contentType: string;
}

/** How to read tensors. */
export interface DecodeOptions {
  /**
   * How to read `FP16` and `BF16`: widened to 32-bit floats, or as raw bits in a `Uint16Array`, which costs nothing and
   * can be sent on as is. Values from JSON are always 32-bit floats. Default: `floats`.
   */
  readonly halfFloats?: "floats" | "bits";
}

/** How tensors travel: `json`, `binary`, or `smaller`, whichever makes the shorter body. */
export type BodyForm = "json" | "binary" | "smaller";

/** The content type of the binary form, without the header's size. */
export const binaryContentType = "application/vnd.sagemaker-triton.binary+json";

/**
 * The content type of a body in binary form.
 *
 * @param headerSize the size of its JSON header, in bytes
 */
export function binaryContentTypeOf(headerSize: number): string {
  return `${binaryContentType};json-header-size=${headerSize}`;
}

/**
 * Reads the size of a body's JSON header from its content type, in bytes.
 *
 * @param contentType the body's content type
 * @returns the size; `undefined` if the content type doesn't contain it
 */
export function headerSizeIn(contentType: string): number | undefined {
  const [, size] = /json-header-size\s*=\s*(\d+)/i.exec(contentType) ?? [];
  return size === undefined ? undefined : Math.min(Number(size), Number.MAX_SAFE_INTEGER);
}

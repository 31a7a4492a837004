/** A tensor, request or response that can't be encoded or decoded. The message says which one and why. */
export class InferenceError extends Error {}

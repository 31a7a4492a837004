/**
 * KServe's v2 inference protocol as SageMaker AI carries it for Triton: requests and responses as JSON, or as a JSON header
 * with the tensors' bytes after it. Works for anything that sends bytes: the AWS SDK, `fetch`, a file.
 *
 *     const { body, contentType } = encodeRequest({
 *       inputs: [{ name: "x", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }],
 *     });
 *     const answer = await client.send(
 *       new InvokeEndpointCommand({ EndpointName: "penguins", ContentType: contentType, Body: body }),
 *     );
 *     const { outputs } = decodeResponse(answer.Body, answer.ContentType);
 *
 * Sources: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-models-frameworks-triton.html and Triton's binary tensor data
 * extension, https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 *
 * @module sagemaker-triton/client
 */
export { decodeRequest, decodeResponse } from "./decode.ts";
export { encodeRequest, encodeRequestParts } from "./encodeRequest.ts";
export { InferenceError } from "./inferenceError.ts";
export {
  binaryContentType,
  type BodyForm,
  type DecodeOptions,
  type EncodedBody,
  type EncodedParts,
  type InferenceRequest,
  type InferenceResponse,
  type RequestedOutput,
} from "./inferenceTypes.ts";
export { plainTensor, plainValues } from "./tensorJson.ts";
export {
  dataTypes,
  type DataType,
  type InputTensor,
  type Tensor,
  type TensorData,
  type TensorHeader,
  type TensorInput,
  type Value,
} from "./tensorTypes.ts";

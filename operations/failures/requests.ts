import { maxBodyBytes } from "../../sagemaker/invocation.ts";
import { triton, type FailureRow } from "./row.ts";

const longest = `${maxBodyBytes / 2 ** 20} MiB`;
const invoke = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html";

/** Requests that the container, Triton or SageMaker refuse. */
export const requestRows: readonly FailureRow[] = [
  {
    pattern: /HTTP end point doesn't support models with decoupled/i,
    when: "before 25.03",
    cause: "a decoupled model gives many answers, and /invocations takes one",
    remedy:
      "set imageTag to 25.03 or later and modelServer.inferenceType to generate_stream, or let a model that isn't decoupled call it and gather the answers",
    source: triton("server", "blob/main/src/sagemaker_server.cc"),
  },
  {
    pattern: /HTTP end point doesn't support models with decoupled/i,
    cause: "a decoupled model gives many answers, and /invocations takes one",
    remedy:
      "set modelServer.inferenceType to generate_stream, or let a model that isn't decoupled call it and gather the answers",
    source: triton("server", "blob/main/src/sagemaker_server.cc"),
  },
  {
    pattern:
      /oversize body|content length exceeded|Request Entity Too Large|\b413\b.*(too large|exceed|length)|\(413\)|body exceeds maximum|exceeds the maximum allowed (input size|value)/i,
    when: "serverless inference",
    cause: "a request is larger than the 4 MB that serverless inference takes",
    remedy: `send smaller batches or binary tensors instead of JSON, or use an instanceType (${longest}) or asyncInference (1 GB)`,
    source: "https://github.com/aws/sagemaker-python-sdk/issues/4271",
  },
  {
    pattern:
      /oversize body|content length exceeded|Request Entity Too Large|\b413\b.*(too large|exceed|length)|\(413\)|body exceeds maximum|exceeds the maximum allowed (input size|value)/i,
    cause: "a request is too large",
    remedy: `SageMaker takes ${longest} at most: send smaller batches or binary tensors instead of JSON, or use asyncInference (1 GB); Triton's own limit is --http-max-input-size in SAGEMAKER_TRITON_ADDITIONAL_ARGS`,
    source: "https://github.com/aws/amazon-sagemaker-examples/issues/245",
  },
  {
    pattern:
      /invocation timed out|timed out while waiting for a response from container|Model (server )?did not respond within/i,
    cause: "a request took longer than the 60 seconds that SageMaker waits",
    remedy:
      "make it smaller, choose a faster instanceType, or use asyncInference (an hour); if requests wait for each other, set autoscaling or more instances in instance_group",
    source: "https://github.com/aws/amazon-sagemaker-examples/issues/799",
  },
  {
    pattern: /could not load the entire response body/i,
    cause: "the model failed, and its answer broke off",
    remedy: "the container's log at the same time says why: npm run logs",
    kind: "general",
    source: "https://github.com/aws/amazon-sagemaker-examples/issues/4324",
  },
  {
    pattern: /Exceeds maximum queue size|Request timeout expired/i,
    cause: "requests wait longer than the model's queue policy allows",
    remedy:
      "set autoscaling or a larger initialInstanceCount, or raise max_queue_size or the timeout of default_queue_policy in config.pbtxt",
    source: triton("core", "blob/main/src/dynamic_batch_scheduler.cc"),
  },
  {
    pattern: /unexpected datatype|input data-type is|inference input .* data-type/i,
    cause: "a request's data type isn't the model's",
    remedy: "send the datatype of config.pbtxt (TYPE_FP32 is FP32), or convert the data first",
    source: triton("core", "blob/main/src/infer_request.cc"),
  },
  {
    pattern: /ModelNotReadyException/,
    cause: "a model of many is still loading",
    remedy: "send the request again after a minute; load a model that must be fast with a request before it is needed",
    kind: "general",
    source: invoke,
  },
  {
    pattern: /batch[- ]size must be <=|unexpected shape for input|inference request batch-size must be/i,
    cause: "a request's shape doesn't fit config.pbtxt",
    remedy:
      "with max_batch_size above 0 the first dimension is the batch, at most max_batch_size; the others are the input's dims",
    source: triton("core", "blob/main/src/infer_request.cc"),
  },
  {
    pattern:
      /batch size does not match other inputs|unexpected (inference )?(input|output) '[^']*' for model|input '[^']*' does not exist in request|expected \d+ inputs? but got \d+|missing required input/i,
    cause: "a request doesn't have the model's inputs",
    remedy: "name each input as in config.pbtxt: npm run invoke shows a request that the model takes",
    source: triton("core", "blob/main/src/infer_request.cc"),
  },
  {
    pattern:
      /Infer-Header-Content-Length|json-header-size|Unsupported content-encoding|unexpected size for request JSON|unexpected additional input data|unexpected total byte size/i,
    cause: "a binary request has the wrong form",
    remedy:
      "its content type is application/vnd.sagemaker-triton.binary+json;json-header-size=<bytes of the JSON part>, the data follows uncompressed and in the order of the inputs",
    source: triton("server", "blob/main/src/sagemaker_server.cc"),
  },
  {
    pattern:
      /failed to parse the request JSON|Unable to parse 'inputs'|unexpected key not found in generate request|JSON nesting depth/i,
    cause: "a request is not in the form that the server takes",
    remedy:
      'with inferenceType infer it is KServe\'s {"inputs": [{"name", "shape", "datatype", "data"}]}, with generate the inputs by name: {"text_input": "…"}',
    source: triton("server", "blob/main/src/http_server.cc"),
  },
  {
    pattern: /must specify (the START flag|a non-zero or non-empty correlation ID)|correlation ID/i,
    cause: "a request to a model with sequences lacks its sequence's parameters",
    remedy:
      "send sequence_id with each request, sequence_start with the first and sequence_end with the last; all of one sequence must reach the same instance",
    source: triton("core", "blob/main/src/sequence_batch_scheduler/sequence_batch_scheduler.cc"),
  },
  {
    pattern: /ThrottlingException|Rate exceeded|TooManyRequests/i,
    cause: "SageMaker throttles the requests",
    remedy: "send fewer, raise serverless.maxConcurrency or the instance count, or ask AWS for a higher quota",
    source: invoke,
  },
];

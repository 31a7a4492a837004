import type { ProblemCode } from "../../triton/repository/problemCodes.ts";
import type { Pieces } from "./repository.ts";

/** A repository behind a multi-model endpoint, and what the check and the real Triton make of it. */
interface TargetModelCase {
  /** What it is, in words. */
  readonly title: string;
  /** The repository. */
  readonly pieces: Pieces;
  /** What the check finds. */
  readonly codes: readonly ProblemCode[];
  /** What Triton does: answers with the number times ten, does not load it, refuses requests, or loads any one model. */
  readonly triton: number | "does not load" | "refuses requests" | "loads any one";
}

const tensors = `
input { name: "x" data_type: TYPE_FP32 dims: 1 }
output { name: "y" data_type: TYPE_FP32 dims: 1 }`;

const config = `backend: "python"${tensors}`;

function times(factor: number): string {
  return `import triton_python_backend_utils as u
class TritonPythonModel:
  def execute(self, requests):
    xs = [u.get_input_tensor_by_name(r, "x").as_numpy() for r in requests]
    return [u.InferenceResponse([u.Tensor("y", x * ${factor})]) for x in xs]
`;
}

function ensemble(platform: string): string {
  return `${platform}${tensors}
ensemble_scheduling { step {
  model_name: "child" model_version: -1
  input_map { key: "x" value: "x" } output_map { key: "y" value: "y" }
} }`;
}

const child = { "child/config.pbtxt": config, "child/1/model.py": times(4) };

const caller = `import triton_python_backend_utils as u
class TritonPythonModel:
  def execute(self, requests):
    xs = [u.get_input_tensor_by_name(r, "x") for r in requests]
    asked = [u.InferenceRequest(model_name="child", requested_output_names=["y"], inputs=[x]).exec() for x in xs]
    for answer in asked:
      if answer.has_error(): raise u.TritonModelException(answer.error().message())
    return asked
`;

/** Made from small pieces; each is judged by the check and by the real Triton alike. */
export const targetModelCases: readonly TargetModelCase[] = [
  {
    title: "one model",
    pieces: { "double/config.pbtxt": `name: "double" ${config}`, "double/1/model.py": times(2) },
    codes: [],
    triton: 2,
  },
  {
    title: "a model whose environment is at a single model's path",
    pieces: {
      "double/config.pbtxt": `${config}\nparameters { key: "EXECUTION_ENV_PATH" value { string_value: "/opt/ml/model/double/environment" } }`,
      "double/1/model.py": times(2),
      "double/environment/bin/activate": "",
    },
    codes: ["target-model-path"],
    triton: "does not load",
  },
  {
    title: "a model whose versions are 3 and 7: the greatest answers",
    pieces: { "v/config.pbtxt": config, "v/3/model.py": times(3), "v/7/model.py": times(7) },
    codes: [],
    triton: 7,
  },
  {
    title: "an ensemble and its step",
    pieces: { "whole/config.pbtxt": ensemble('platform: "ensemble"'), "whole/1/": "", ...child },
    codes: [],
    triton: 4,
  },
  {
    title: "an ensemble whose platform goes over to the next line",
    pieces: { "whole/config.pbtxt": ensemble('platform:\n  "ensemble"'), "whole/1/": "", ...child },
    codes: [],
    triton: 4,
  },
  {
    title: "an ensemble, its step and a third model",
    pieces: {
      "whole/config.pbtxt": ensemble('platform: "ensemble"'),
      "whole/1/": "",
      ...child,
      "alone/config.pbtxt": config,
      "alone/1/model.py": times(5),
    },
    codes: ["model-not-loaded"],
    triton: 4,
  },
  {
    title: "two models and no ensemble",
    pieces: {
      "one/config.pbtxt": config,
      "one/1/model.py": times(2),
      "two/config.pbtxt": config,
      "two/1/model.py": times(3),
    },
    codes: ["target-model-ambiguous"],
    triton: "loads any one",
  },
  {
    title: "an ensemble without the text that Triton looks for",
    pieces: { "whole/config.pbtxt": ensemble("platform: 'ensemble'"), "whole/1/": "", ...child },
    codes: ["target-model-ambiguous"],
    triton: "loads any one",
  },
  {
    title: "an ensemble and a model that has the text in a comment",
    pieces: {
      "whole/config.pbtxt": ensemble('platform: "ensemble"'),
      "whole/1/": "",
      "child/config.pbtxt": `# no platform: "ensemble" here\n${config}`,
      "child/1/model.py": times(4),
    },
    codes: ["target-model-ambiguous"],
    triton: "loads any one",
  },
  {
    title: "a decoupled model",
    pieces: {
      "stream/config.pbtxt": `model_transaction_policy { decoupled: true } ${config}`,
      "stream/1/model.py": times(2),
    },
    codes: ["target-model-decoupled"],
    triton: "refuses requests",
  },
  {
    title: "an ensemble whose step calls a model that is no step",
    pieces: {
      "whole/config.pbtxt": ensemble('platform: "ensemble"').replace('"child"', '"caller"'),
      "whole/1/": "",
      "caller/config.pbtxt": config,
      "caller/1/model.py": caller,
      ...child,
    },
    codes: ["bls-model-not-loaded"],
    triton: "refuses requests",
  },
  {
    title: "a model with a negative batch size",
    pieces: { "double/config.pbtxt": `max_batch_size: -1 ${config}`, "double/1/model.py": times(2) },
    codes: ["max-batch-size-negative"],
    triton: "does not load",
  },
  {
    title: "a repository one folder too deep",
    pieces: { "models/double/config.pbtxt": config, "models/double/1/model.py": times(2) },
    codes: ["repository-too-deep"],
    triton: "does not load",
  },
];

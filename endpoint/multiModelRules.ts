import type { Image } from "../sagemaker/image.ts";
import { multiModelInstanceTypeProblem } from "../sagemaker/multiModel.ts";
import { table } from "../text/table.ts";
import type { Problem } from "./problem.ts";
import type { Endpoint } from "./schema.ts";
import { knownThroughout } from "./unknownYet.ts";

/**
 * The rules for a variant that serves many models.
 *
 * @param values its complete settings
 */
export function* multiModelRules(values: Endpoint, image: Image): Generator<Problem> {
  if (!values.multiModel) return;
  const { defaultModelName, modelServer, environment, instanceType } = values;
  const release = image.knownRelease;
  if (release !== undefined && release < "22.05") {
    yield {
      path: [image.setting],
      code: "multi-model-release",
      // Source: docker/sagemaker/serve in https://github.com/triton-inference-server/server/compare/r22.04...r22.05
      message: `must be 22.05-py3 or newer with multiModel, because the start of ${release} knows one model only`,
    };
  }
  const because = "can't be used with multiModel";
  if (defaultModelName !== undefined) {
    yield {
      path: ["defaultModelName"],
      code: "multi-model-default",
      message: `${because}, because each request names its model as TargetModel: remove it`,
    };
  }
  if (modelServer?.loadModels?.length) {
    yield {
      path: ["modelServer", "loadModels"],
      code: "multi-model-load",
      message: `${because}, because no model is loaded at the start: remove it`,
    };
  }
  if (knownThroughout(modelServer?.inferenceType ?? "infer") !== "infer") {
    yield {
      path: ["modelServer", "inferenceType"],
      code: "multi-model-inference-type",
      message: `${because}, because Triton then offers only infer: remove it`,
    };
  }
  if (environment) {
    for (const [name, reason] of Object.entries(singleModelVariables)) {
      if (name in environment) {
        yield {
          path: ["environment", name],
          code: "multi-model-variable",
          message: `${because}, because ${reason}: remove it`,
        };
      }
    }
    if (/--load-model\b/.test(environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS ?? "")) {
      yield {
        path: ["environment", "SAGEMAKER_TRITON_ADDITIONAL_ARGS"],
        code: "multi-model-load",
        message: `has --load-model, which ${because}, because no model is loaded at the start: remove it`,
      };
    }
  }
  const problem = instanceType === undefined ? undefined : multiModelInstanceTypeProblem(instanceType);
  if (problem !== undefined) yield { path: ["instanceType"], code: "multi-model-instance-type", message: problem };
}

const singleModelVariables: Readonly<Record<string, string>> = table({
  SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "it needs a single model",
  SAGEMAKER_TRITON_INFERENCE_TYPE: "it needs a single model",
  SAGEMAKER_TRITON_DISABLE_MODEL_NAMESPACING: "models with the same name in two archives would conflict",
  SAGEMAKER_MULTI_MODEL: "SageMaker sets it itself",
});

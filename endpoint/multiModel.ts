import type * as z from "zod";
import { modelCacheSettings, multiModelInstanceTypeProblem } from "../sagemaker/multiModel.ts";
import { object, oneOf, pathTo } from "./fields.ts";
import type { Problem } from "./problem.ts";
import type { WholeVariant } from "./variant.ts";

/** Many models behind one endpoint. */
export const multiModelSchema = object({
  modelRepositories: pathTo("a folder of model repositories").meta({
    description: "A folder of model repositories: each folder in it is one model's.",
  }),
  modelCacheSetting: oneOf(modelCacheSettings).optional().meta({
    description: "Whether an instance keeps models that were asked for. Default: SageMaker's, Enabled.",
  }),
});

/** Many models behind one endpoint. */
export type MultiModelOptions = z.output<typeof multiModelSchema>;

/**
 * The rules for a variant that serves many models.
 *
 * @param variant the variant
 */
export function* multiModelRules({ values }: WholeVariant): Generator<Problem> {
  if (!values.multiModel) return;
  const { defaultModelName, modelServer, environment, instanceType } = values;
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
      message: `${because}, because there is no model to load at the start: remove it`,
    };
  }
  if ((modelServer?.inferenceType ?? "infer") !== "infer") {
    yield {
      path: ["modelServer", "inferenceType"],
      code: "multi-model-inference-type",
      message: `${because}, because Triton offers only infer there: remove it`,
    };
  }
  if (typeof environment === "object") {
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
        message: `has --load-model, which ${because}, because there is no model to load at the start: remove it`,
      };
    }
  }
  const problem = instanceType === undefined ? undefined : multiModelInstanceTypeProblem(instanceType);
  if (problem !== undefined) yield { path: ["instanceType"], code: "multi-model-instance-type", message: problem };
}

const singleModelVariables: Readonly<Record<string, string>> = {
  SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "it means nothing to many models",
  SAGEMAKER_TRITON_INFERENCE_TYPE: "it means nothing to many models",
  SAGEMAKER_TRITON_DISABLE_MODEL_NAMESPACING: "models of the same name in two archives would exclude each other",
  SAGEMAKER_MULTI_MODEL: "SageMaker sets it itself",
};

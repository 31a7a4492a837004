import type { ModelConfig } from "../triton/modelConfig.ts";
import type { InferenceRequest } from "./inference.ts";
import { kserveType } from "./kserveType.ts";
import { elementCount, type Value } from "./tensorTypes.ts";

/**
 * A request of zeros and empty texts that fits a model: one of the batch, and one where a dimension may have any size.
 *
 * @param config the model's configuration
 */
export function zeroRequest(config: ModelConfig): InferenceRequest {
  const batch = config.max_batch_size > 0 ? [1] : [];
  return {
    inputs: config.input
      .filter(({ optional }) => !optional)
      .map(({ name, data_type, dims }) => {
        const shape = [...batch, ...dims.map((dim) => (dim < 0 ? 1 : dim))];
        const zero = data_type === "TYPE_STRING" ? "" : data_type === "TYPE_BOOL" ? false : 0;
        return {
          name,
          datatype: kserveType(data_type),
          shape,
          data: new Array<Value>(elementCount(shape)).fill(zero),
        };
      }),
  };
}

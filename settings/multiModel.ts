import * as z from "zod";
import { modelCacheSettings } from "../sagemaker/multiModel.ts";
import { decoded } from "./fields.ts";

/** Many models behind one endpoint: the setting `multiModel`. */
export const multiModelSchema = decoded(
  z.strictObject({
    modelRepositories: z.string("is not allowed: use a path to a folder of model repositories"),
    modelCacheSetting: z.enum(modelCacheSettings, `is not allowed: use ${modelCacheSettings.join(" or ")}`).optional(),
  }),
);

import * as z from "zod";
import { modelCacheSettings } from "../sagemaker/multiModel.ts";
import { decoded, pathTo } from "./fields.ts";

/** Many models behind one endpoint: the setting `multiModel`. */
export const multiModelSchema = decoded(
  z.strictObject({
    modelRepositories: pathTo("a folder of model repositories"),
    modelCacheSetting: z.enum(modelCacheSettings, `is not allowed: use ${modelCacheSettings.join(" or ")}`).optional(),
  }),
);

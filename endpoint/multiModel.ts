import type * as z from "zod";
import { modelCacheSettings } from "../sagemaker/multiModel.ts";
import { object, oneOf, pathTo } from "./fields.ts";
import { plain } from "./open.ts";

/** Many models behind one endpoint. */
export const multiModelSchema = object({
  modelRepositories: plain(
    pathTo("a folder of model repositories").meta({
      description: "A folder that holds one model repository for each model, as a folder or a .tar.gz.",
    }),
  ),
  // Models are loaded before the component exists, and the setting with them.
  modelCacheSetting: plain(
    oneOf(modelCacheSettings).optional().meta({
      description: "Whether an instance keeps models loaded after a request. Default: Enabled, from SageMaker.",
    }),
  ),
});

/** Many models behind one endpoint. */
export type MultiModelOptions = z.output<typeof multiModelSchema>;

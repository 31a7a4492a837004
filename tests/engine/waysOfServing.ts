import { noInstances } from "./settingChanges.ts";
import type { Config } from "./workspace.ts";

/** Each way of serving, as it differs from the dev stack's configuration. */
export const waysOfServing: Readonly<Record<string, Config>> = {
  "real-time": {},
  variants: { variants: { First: { initialVariantWeight: 9 }, Second: { initialVariantWeight: 1 } } },
  shadow: { shadow: { samplingPercentage: 10 } },
  asynchronous: { asyncInference: { expirationInDays: 30 } },
  serverless: { ...noInstances, serverless: { memorySizeInMb: 2048, maxConcurrency: 5 } },
  prefix: { modelDataFormat: "prefix" },
  "multi-model": {
    multiModel: { modelRepositories: "many" },
    modelRepository: undefined,
    defaultModelName: undefined,
  },
};

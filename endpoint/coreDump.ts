import { object, wholeNumber } from "./fields.ts";

/**
 * Core dumps of a model container that crashes.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCoreDumpConfig.html
 */
export const coreDumpSchema = object({
  expirationInDays: wholeNumber({ min: 1, max: 3650 }).meta({
    description: "How long core dumps stay in the bucket, in days.",
  }),
});

import * as z from "zod";
import { decoded, flag, wholeNumber } from "./fields.ts";

/** What is kept of requests and answers: the setting `dataCapture`. */
export const dataCaptureSchema = decoded(
  z.strictObject({
    initialSamplingPercentage: wholeNumber({ min: 0, max: 100 }),
    input: flag().optional(),
    output: flag().optional(),
    expirationInDays: wholeNumber({ min: 1, max: 3650 }).optional(),
  }),
);

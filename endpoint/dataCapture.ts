import type * as z from "zod";
import { flag, object, wholeNumber } from "./fields.ts";
import type { Problem } from "./problem.ts";

/** Which requests and responses are recorded. */
export const dataCaptureSchema = object({
  initialSamplingPercentage: wholeNumber({ min: 0, max: 100 }).meta({
    description: "The percentage of requests to capture.",
  }),
  input: flag().meta({ description: "Whether requests are captured." }).default(true),
  output: flag().meta({ description: "Whether responses are captured." }).default(true),
  expirationInDays: wholeNumber({ min: 1, max: 3650 })
    .meta({ description: "How long captured data stays in the bucket, in days." })
    .default(30),
});

/** Which requests and responses are recorded. */
export type DataCaptureOptions = z.output<typeof dataCaptureSchema>;

/**
 * The rules for data capture.
 *
 * @param dataCapture the options
 */
export function* dataCaptureRules({ input, output }: DataCaptureOptions): Generator<Problem> {
  if (!input && !output) {
    yield {
      path: [],
      code: "data-capture-nothing",
      message: "must capture something: set input or output to true, or remove dataCapture",
    };
  }
}

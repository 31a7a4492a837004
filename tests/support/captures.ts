import type { EncodedBody } from "../../inference/index.ts";
import { captureLine as lineOf } from "../../local/runtime/capture.ts";

/** A line of captured traffic, as SageMaker writes it. */
export function captureLine(request: EncodedBody, answer: EncodedBody, eventId = "1"): string {
  return lineOf({ variant: "AllTraffic", request, answer }, new Date("2026-11-25T10:00:00Z"), eventId);
}

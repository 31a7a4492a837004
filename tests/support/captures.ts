import type { EncodedBody } from "../../inference/index.ts";

/** A line of captured traffic, as SageMaker writes it: JSON as text, all else as Base64. */
export function captureLine(request: EncodedBody, answer: EncodedBody, eventId = "1"): string {
  const side = ({ body, contentType }: EncodedBody, mode: string) => {
    const isJson = contentType === "application/json";
    const data = Buffer.from(body).toString(isJson ? "utf8" : "base64");
    return { observedContentType: contentType, mode, data, encoding: isJson ? "JSON" : "BASE64" };
  };
  return JSON.stringify({
    captureData: { endpointInput: side(request, "INPUT"), endpointOutput: side(answer, "OUTPUT") },
    eventMetadata: { eventId, inferenceTime: "2026-11-25T10:00:00Z" },
    eventVersion: "0",
  });
}

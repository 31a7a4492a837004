import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { decodeResponse, encodeRequest, plainTensor } from "sagemaker-triton/client";

const client = new SageMakerRuntimeClient();

/**
 * Asks the endpoint for the mean of each row.
 *
 * @param {{ rows: number[][] }} event rows of the same length
 */
export async function handler({ rows }) {
  const { body, contentType } = encodeRequest({
    inputs: [{ name: "values", datatype: "FP32", shape: [rows.length, rows[0]?.length ?? 0], data: rows.flat() }],
  });
  const answer = await client.send(
    new InvokeEndpointCommand({ EndpointName: process.env.ENDPOINT_NAME, ContentType: contentType, Body: body }),
  );
  const { outputs } = decodeResponse(answer.Body, answer.ContentType);
  return { means: outputs.flatMap((output) => plainTensor(output).data) };
}

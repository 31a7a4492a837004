import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { planned } from "./planned.ts";

test("the function may call this endpoint, and no other", async () => {
  const inputs = await planned(() => import("./application.ts"));
  const application = inputs.get("aws:lambda/function:Function::application");
  assert.deepEqual(application?.environment, { variables: { ENDPOINT_NAME: "mean" } });
  const { policy } = inputs.get("aws:iam/rolePolicy:RolePolicy::application") ?? {};
  const { Statement } = (typeof policy === "string" ? JSON.parse(policy) : policy) as { Statement: unknown };
  assert.deepEqual(Statement, [
    { Effect: "Allow", Action: "sagemaker:InvokeEndpoint", Resource: "${mean-server-endpoint.arn}" },
  ]);
});

test("the function answers with the endpoint's means", async () => {
  // In SageMaker's place.
  const answer = { model_name: "mean", outputs: [{ name: "mean", datatype: "FP32", shape: [2, 1], data: [2, 6] }] };
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    request.resume().on("end", () => {
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      ENDPOINT_NAME: "mean",
    });
    const { handler } = await import("./application/handler.mjs");
    assert.deepEqual(
      await handler({
        rows: [
          [1, 2, 3],
          [4, 5, 9],
        ],
      }),
      { means: [2, 6] },
    );
    assert.deepEqual(paths, ["/endpoints/mean/invocations"]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
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
  // As Lambda has it: what the archive holds, beside the AWS SDK.
  const unpacked = mkdtempSync(path.join(tmpdir(), "application-"));
  const { packages } = await import("./application/packages.ts");
  for (const [name, { path: folder }] of packages)
    cpSync(await folder, path.join(unpacked, name), { recursive: true, dereference: true });
  cpSync("application/handler.mjs", path.join(unpacked, "handler.mjs"));
  const sdk = path.resolve(
    fileURLToPath(import.meta.resolve("@aws-sdk/client-sagemaker-runtime/package.json")),
    "../..",
  );
  symlinkSync(sdk, path.join(unpacked, "node_modules/@aws-sdk"));
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
    const { handler } = (await import(
      path.join(unpacked, "handler.mjs")
    )) as typeof import("./application/handler.mjs");
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
    rmSync(unpacked, { recursive: true });
  }
});

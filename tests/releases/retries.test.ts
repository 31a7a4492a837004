import { expect } from "chai";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { limitRetries } from "../../releases/retries.ts";
import { SageMakerClient, DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import { failureOf } from "../support/failures.ts";

describe("a client with limited retries", () => {
  let server: Server;
  let requests = 0;
  let refusal = { status: 400, type: "ThrottlingException" };
  before((done) => {
    server = createServer((_, response) => {
      requests += 1;
      response.writeHead(refusal.status, { "x-amzn-errortype": refusal.type }).end("{}");
    });
    server.listen(0, "127.0.0.1", done);
  });
  beforeEach(() => (requests = 0));
  after(() => server.close());

  for (const [what, answer, attempts] of [
    ["a throttled request", { status: 400, type: "ThrottlingException" }, 3],
    ["a server's error", { status: 500, type: "InternalFailure" }, 2],
    ["a denied request", { status: 400, type: "AccessDeniedException" }, 1],
  ] as const) {
    it(`tries ${what} ${attempts} times`, async () => {
      refusal = answer;
      const { port } = server.address() as AddressInfo;
      const client = new SageMakerClient({
        region: "us-east-1",
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
        endpoint: `http://127.0.0.1:${port}`,
        maxAttempts: 3,
      });
      limitRetries(client, { unanswered: 2, throttled: 3 });
      await failureOf(client.send(new DescribeEndpointCommand({ EndpointName: "penguins" })));
      expect(requests).to.equal(attempts);
    });
  }
});

import { expect } from "chai";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { zeroRequest } from "../../inference/zeroRequest.ts";
import { askForModel } from "../../operations/servedModel.ts";

describe("a server that is asked for its model", () => {
  let server: Server;
  let url: string;
  let documents: Record<string, unknown>;

  beforeEach(async () => {
    documents = {};
    server = createServer((request, response) => {
      const found = documents[request.url ?? ""];
      response
        .writeHead(found === undefined ? 404 : 200)
        .end(typeof found === "string" ? found : JSON.stringify(found));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const input = [{ name: "x", data_type: "TYPE_FP32", dims: ["-1", 2] }];

  it("tells its name, configuration and an ensemble's steps", async () => {
    documents = {
      "/v2/models": { models: ["all"] },
      "/v2/models/all/config": {
        ...{ max_batch_size: 4, input, sequence_batching: null },
        ensemble_scheduling: { step: [{ model_name: "one" }, { model_name: "all" }] },
      },
      "/v2/models/one/config": { input, sequence_batching: { control_input: [] } },
    };
    const { config, steps } = (await askForModel(url))!;
    expect(zeroRequest(config, steps)).to.deep.equal({
      inputs: [{ name: "x", datatype: "FP32", shape: [1, 1, 2], data: [0, 0] }],
      parameters: { sequence_id: 1, sequence_start: true, sequence_end: true },
    });
  });

  it("has to be told which of several models is meant", async () => {
    documents = { "/v2/models": { models: ["a", "b"] }, "/v2/models/b/config": { input } };
    const refused = await askForModel(url).catch((error: unknown) => (error as Error).message);
    expect(refused).to.equal(`${url} serves several models: name one with --default-model: a, b`);
    expect((await askForModel(url, "b"))?.config.max_batch_size).to.equal(0);
  });

  it("says nothing if it has no such paths, or answers with something else", async () => {
    expect(await askForModel(url)).to.equal(undefined);
    for (const answer of ["<html>", "null", { models: "m" }, { models: [] }]) {
      documents = { "/v2/models": answer };
      expect(await askForModel(url)).to.equal(undefined);
    }
    documents = { "/v2/models": { models: ["m"] } };
    for (const answer of ["{", {}, { input: [{ name: "x", data_type: "TYPE_NONE", dims: [1] }] }]) {
      documents["/v2/models/m/config"] = answer;
      expect(await askForModel(url)).to.equal(undefined);
    }
  });

  it("that can't be reached is an error with a remedy", async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    const refused = await askForModel(url).catch((error: unknown) => (error as Error).message);
    expect(refused).to.equal(
      `no connection to ${url} (ECONNREFUSED): is it running? npm run serve starts one on this machine`,
    );
  });
});

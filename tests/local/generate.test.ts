import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { startTriton } from "../../local/startTriton.ts";
import { installTriton } from "../../local/triton.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";

const config = `backend: "python"
model_transaction_policy { decoupled: true }
input { name: "text_input" data_type: TYPE_STRING dims: 1 }
output { name: "text_output" data_type: TYPE_STRING dims: 1 }
`;

const code = `
import numpy as np
import triton_python_backend_utils as u
class TritonPythonModel:
  def execute(self, requests):
    for r in requests:
      sender = r.get_response_sender()
      for word in u.get_input_tensor_by_name(r, "text_input").as_numpy()[0].split():
        sender.send(u.InferenceResponse([u.Tensor("text_output", np.array([word], dtype=object))]))
      sender.send(flags=u.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
`;

describe("a decoupled model, served by a real Triton", () => {
  for (const [type, text, words] of [
    ["generate", "one", ["one"]],
    ["generate_stream", "one two", ["one", "two"]],
  ] as const) {
    it(`answers a request of the inference type ${type}`, async () => {
      await inTemporaryFolder(async (folder) => {
        const modelDirectory = path.join(folder, "opt/ml/model");
        mkdirSync(modelDirectory, { recursive: true });
        writeFiles(modelDirectory, { "talk/config.pbtxt": config, "talk/1/model.py": code });
        const environment = { SAGEMAKER_TRITON_INFERENCE_TYPE: type, SAGEMAKER_TRITON_LOG_VERBOSE: "false" };
        const installation = await installTriton();
        const triton = await startTriton({
          ...{ installation, modelDirectory, environment, port: 0, startupTimeoutInSeconds: 60 },
        });
        try {
          const body = JSON.stringify({ text_input: text });
          const response = await fetch(`${triton.url}/invocations`, { method: "POST", body });
          expect(response.status).to.equal(200);
          const found = [...(await response.text()).matchAll(/"text_output":"(.*?)"/g)].map(([, word]) => word);
          expect(found).to.deep.equal(words);
          expect((await fetch(`${triton.url}/ping`)).status).to.equal(200);
          expect((await fetch(`${triton.url}/v2/models/talk/config`)).status).to.equal(404);
        } finally {
          await triton.stop();
        }
      });
    });
  }
});

import { expect } from "chai";
import { loadRemedy } from "../../local/loadRemedy.ts";

describe("the remedy for a model that doesn't load", () => {
  it("names a missing package, and what provides it on the endpoint and here", () => {
    expect(loadRemedy("Internal: ModuleNotFoundError: No module named 'sklearn.svm'\n\nAt: model.py(1)")).to.equal(
      "\n→ nothing provides sklearn: Triton's image has Python's standard library and numpy. Put an execution environment that has it into the model's folder (EXECUTION_ENV_PATH), or use your own image. The local Triton also installs the requirements.txt next to model.py; the container does not.",
    );
  });

  it("says how to try a model for GPUs without one", () => {
    const reason = "Invalid argument: instance group m_0 of model m has kind KIND_GPU but no GPUs are available";
    expect(loadRemedy(reason)).to.include("write KIND_AUTO in its instance_group").and.include("--docker --gpus");
  });

  it("says that only the image has repository agents", () => {
    const reason =
      "unable to find 'libtritonrepoagent_checksum.so' for repo agent 'checksum', searched: /opt/tritonserver";
    expect(loadRemedy(reason)).to.include("remove model_repository_agents").and.include("--docker");
  });

  it("tells a module next to the code from a package", () => {
    const remedy = loadRemedy("ModuleNotFoundError: No module named '1.helper'");
    expect(remedy).to.include("put the file next to model.py").and.not.include("nothing provides");
  });

  it("is given once for each cause, and for none that the reason only repeats or doesn't name", () => {
    const reason = "failed to load 'm' version 1: Internal: failed to stat file /opt/ml/model/m/1/model.onnx";
    expect(loadRemedy(`${reason}\n${reason}`).match(/→/g)).to.have.length(1);
    expect(loadRemedy("failed to load all models")).to.equal("");
    expect(loadRemedy("ValueError: No model")).to.equal("");
  });
});

import { expect } from "chai";
import { missingPackageRemedy } from "../../local/missingPackage.ts";

describe("the remedy for a missing package", () => {
  it("names the package, and what provides it on the endpoint and here", () => {
    expect(
      missingPackageRemedy("Internal: ModuleNotFoundError: No module named 'sklearn.svm'\n\nAt: model.py(1)"),
    ).to.equal(
      "\nNothing provides sklearn: Triton's image has Python's standard library and numpy. Put an execution environment that has it into the model's folder (EXECUTION_ENV_PATH), or use an image of your own. The local Triton also installs what requirements.txt beside model.py lists; the container does not.",
    );
  });

  it("is not given for a module beside the code, or for another failure", () => {
    expect(missingPackageRemedy("ModuleNotFoundError: No module named '1.helper'")).to.equal("");
    expect(missingPackageRemedy("ValueError: No model")).to.equal("");
  });
});

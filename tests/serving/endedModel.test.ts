import { expect } from "chai";
import { describeEndedModel } from "../../local/endedModel.ts";

const ended = { model: "m", status: 9, bytes: 1.2e9, machineBytes: 8e9, outOfMemory: true };

describe("the description of a model's ended process", () => {
  it("says what ended it, its memory, and what follows", () => {
    expect(describeEndedModel(ended)).to.equal(
      "The process of model m was ended by SIGKILL, by the system, because memory ran out. It had 1.20 GB of memory, of this machine's 8.00 GB.\n" +
        "Every request that needs it now fails with status 500, and /ping goes on answering 200. It is the same on the endpoint with Triton 24.06 or newer: SageMaker sees a healthy container and starts no other one until you update the endpoint.",
    );
  });

  it("blames the system for a SIGKILL alone, and only if memory ran out", () => {
    const first = (changes: Partial<typeof ended>) => describeEndedModel({ ...ended, ...changes }).split(". It had")[0];
    expect(first({ outOfMemory: false })).to.include("was ended by SIGKILL: something killed it");
    expect(first({ status: 6 })).to.equal("The process of model m was ended by SIGABRT");
    // 128 marks a core dump.
    expect(first({ status: 128 + 11 })).to.equal("The process of model m was ended by SIGSEGV");
    expect(first({ status: 40 })).to.equal("The process of model m was ended by signal 40");
    expect(first({ status: 3 << 8 })).to.include("ended by itself with exit code 3");
  });

  it("contains what Python printed of a crash", () => {
    expect(describeEndedModel(ended, "Fatal Python error: Aborted\n  line 3")).to.include(
      "\nFatal Python error: Aborted\n",
    );
  });
});

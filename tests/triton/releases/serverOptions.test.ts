import { expect } from "chai";
import { readServerOptions } from "../../../triton/releases/serverOptions.ts";
import { serverOptionCases } from "../../support/serverOptionCases.ts";

describe("a command line for Triton's server", () => {
  for (const { title, text, release = "24.10", fault } of serverOptionCases) {
    it(`${fault === undefined ? "is accepted" : "is refused"}: ${title}`, () => {
      const { faults } = readServerOptions(text, release);
      if (fault === undefined) expect(faults).to.deep.equal([]);
      else
        expect(faults)
          .to.have.lengthOf(1)
          .and.to.satisfy(([only]: string[]) => fault.test(only ?? ""));
    });
  }

  it("is parsed into full names and values", () => {
    expect(readServerOptions("--log-verb 1 --id=a=b --disable-auto-complete-config").options).to.deep.equal([
      { name: "log-verbose", value: "1" },
      { name: "id", value: "a=b" },
      { name: "disable-auto-complete-config" },
    ]);
  });

  it("has all its problems reported at once", () => {
    expect(readServerOptions("--cach-config=local,size=1 --log-info=maybe stray", "24.10").faults).to.have.lengthOf(3);
  });

  it("is reported without values, which may be secret", () => {
    const { faults } = readServerOptions(
      "--log-info=s3cret s3cret --http-restricted-api=s3cret --s --x=s3cret",
      "24.10",
    );
    expect(faults.length).to.be.at.least(4);
    expect(faults.join()).not.to.include("s3cret");
  });
});

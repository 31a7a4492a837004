import { expect } from "chai";
import { accessProblem, awsReason } from "../../releases/accessProblem.ts";

function thrown(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

describe("an error of AWS's clients", () => {
  it("says which option and variable name a missing region", () => {
    expect(accessProblem(thrown("Error", "Region is missing"))).to.deep.equal({
      kind: "region",
      message: "no AWS region is known: pass --region, or set AWS_REGION",
    });
  });

  it("says how to set credentials where there are none, and to sign in again where AWS rejects them", () => {
    expect(awsReason(thrown("CredentialsProviderError", "Could not load credentials from any providers"))).to.match(
      /^there are no valid AWS credentials \(Could not load credentials from any providers\): set AWS_PROFILE /,
    );
    expect(awsReason(thrown("ExpiredTokenException", "The security token\n is expired."))).to.match(
      /^AWS rejected the credentials \(The security token is expired\): sign in again, or set AWS_PROFILE /,
    );
  });

  it("names what to check where there is no connection", () => {
    const error = thrown("Error", "getaddrinfo ENOTFOUND api.sagemaker.us-east-9.amazonaws.com", { code: "ENOTFOUND" });
    expect(awsReason(error)).to.equal(
      "there is no connection to AWS (ENOTFOUND): check the region, the network and any proxy",
    );
  });

  it("keeps AWS's own words where AWS answered", () => {
    const error = thrown("AccessDeniedException", "not authorized to perform: sagemaker:DescribeEndpoint");
    expect(accessProblem(error)).to.equal(undefined);
    expect(awsReason(error)).to.equal("AccessDeniedException: not authorized to perform: sagemaker:DescribeEndpoint");
  });
});

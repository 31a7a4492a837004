import { expect } from "chai";
import { otherAccountProblem } from "../../releases/otherAccount.ts";

describe("the account of a run", () => {
  const arn = "arn:aws:sagemaker:eu-central-1:222222222222:endpoint/penguins";
  const endpoint = { type: "aws:sagemaker/endpoint:Endpoint", name: "triton-server-endpoint", outputs: { arn } };
  const component = {
    type: "sagemaker-triton:index:TritonEndpoint",
    name: "triton",
    outputs: { endpointArn: arn },
  };
  const here = { accountId: "222222222222", region: "eu-central-1" };

  it("must be the one that the stack's endpoint is in", () => {
    expect(otherAccountProblem(here, [endpoint, component])).to.equal(undefined);
    expect(otherAccountProblem({ ...here, accountId: "111111111111" }, [endpoint, component])).to.equal(
      "these are the credentials of account 111111111111 (eu-central-1), but the stack's endpoint penguins is in account 222222222222 (eu-central-1): sign in to that account (set AWS_PROFILE (after aws configure or aws sso login), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or use another stack",
    );
  });

  it("must be the same region, too", () => {
    expect(otherAccountProblem({ ...here, region: "us-east-1" }, [endpoint])).to.equal(
      "the region is us-east-1, but the stack's endpoint penguins is in account 222222222222 (eu-central-1): set AWS_REGION (or aws:region, if the stack has it) to eu-central-1, or use another stack for us-east-1",
    );
  });

  it("is known even after a refresh that found the endpoint no more", () => {
    expect(otherAccountProblem({ ...here, accountId: "111111111111" }, [component])).to.include("222222222222");
  });

  it("may be any before the first update, and one of several that a program's endpoints are in", () => {
    const other = { ...component, outputs: { endpointArn: arn.replace("222222222222", "111111111111") } };
    expect(otherAccountProblem(here, [])).to.equal(undefined);
    expect(otherAccountProblem(here, [{ ...component, outputs: {} }])).to.equal(undefined);
    expect(otherAccountProblem(here, [other, component])).to.equal(undefined);
  });
});

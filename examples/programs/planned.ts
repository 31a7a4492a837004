import * as pulumi from "@pulumi/pulumi";
import { PlanMocks, useMocks } from "sagemaker-triton/testing";

/**
 * What a program registers, without AWS: the resources' inputs by their types and names. What only AWS knows is a
 * reference, for example `${models.arn}`.
 *
 * @param program imports the program
 */
export async function planned(program: () => Promise<unknown>): Promise<Map<string, Record<string, unknown>>> {
  const mocks = new PlanMocks("us-east-1");
  await useMocks(mocks, "programs", "dev");
  pulumi.runtime.setAllConfig({ "aws:region": "us-east-1" });
  await program();
  await pulumi.runtime.disconnect();
  return mocks.inputs;
}

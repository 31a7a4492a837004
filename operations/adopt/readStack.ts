import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { ask, pagesOf } from "../../releases/connection.ts";
import type { Facts } from "./resolve.ts";

/** A deployed stack, as CloudFormation tells of it. */
export interface DeployedStack {
  /** The template that it was deployed from, with its transforms applied. */
  readonly template: string;
  /** Its parameters, the pseudo parameters among them, and the names of its resources. */
  readonly facts: Facts;
}

/**
 * Reads a deployed stack from CloudFormation.
 *
 * @param client CloudFormation
 * @param StackName the stack's name or ARN
 * @throws AwsError if CloudFormation doesn't have it, or returns an error; Error if it is being changed
 */
export async function readStack(client: CloudFormationClient, StackName: string): Promise<DeployedStack> {
  const { DescribeStacksCommand, GetTemplateCommand, paginateListStackResources } =
    await import("@aws-sdk/client-cloudformation");
  const { Stacks = [] } = await ask(`DescribeStacks of ${StackName}`, () =>
    client.send(new DescribeStacksCommand({ StackName })),
  );
  const { Parameters = [], StackId = "", StackStatus = "", StackName: name = StackName } = Stacks[0] ?? {};
  if (!/^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE$/.test(StackStatus)) {
    throw new Error(`the stack ${name} is ${StackStatus}: bring it to UPDATE_COMPLETE first`);
  }
  const { TemplateBody = "" } = await ask(`GetTemplate of ${name}`, () =>
    client.send(new GetTemplateCommand({ StackName, TemplateStage: "Processed" })),
  );
  const names: Record<string, string> = {};
  await ask(`ListStackResources of ${name}`, async () => {
    for await (const { StackResourceSummaries = [] } of pagesOf(
      paginateListStackResources({ client }, { StackName }),
    )) {
      for (const { LogicalResourceId = "", PhysicalResourceId } of StackResourceSummaries) {
        if (PhysicalResourceId !== undefined) names[LogicalResourceId] = PhysicalResourceId;
      }
    }
  });
  const [, , , region = "", accountId = ""] = StackId.split(":");
  return {
    template: TemplateBody,
    facts: {
      names,
      parameters: {
        ...Object.fromEntries(
          Parameters.map(({ ParameterKey = "", ParameterValue = "", ResolvedValue = ParameterValue }) => [
            ParameterKey,
            ResolvedValue,
          ]),
        ),
        ...{ "AWS::AccountId": accountId, "AWS::Region": region, "AWS::StackName": name, "AWS::StackId": StackId },
      },
    },
  };
}

import type * as z from "zod";
import { vpcLimits } from "../sagemaker/limits.ts";
import { between, identifier, ids, object } from "./fields.ts";
import { plain } from "./open.ts";
import type { Problem } from "./problem.ts";

/** The endpoint's VPC, with existing security groups or with one created for the endpoint. */
export const vpcConfigSchema = object({
  subnets: ids("subnet", vpcLimits.subnets).meta({ description: `Ids of ${between(vpcLimits.subnets)} subnets.` }),
  securityGroupIds: ids("sg", vpcLimits.securityGroupIds)
    .optional()
    .meta({
      description: `Ids of ${between(vpcLimits.securityGroupIds)} security groups. Default: one is created that allows only HTTPS to S3.`,
    }),
  vpcId: identifier(/^vpc-[0-9a-f]{8,17}$/, "an id such as vpc-0123456789abcdef0")
    .optional()
    .meta({ description: "The VPC's id; required to create a security group." }),
  routeTableIds: plain(
    ids("rtb", { min: 1, max: 50 }).optional().meta({
      description: "Ids of route tables that get a gateway endpoint to S3; only with vpcId. Default: none.",
    }),
  ),
});

/** The endpoint's VPC. */
export type EndpointVpcConfig = z.output<typeof vpcConfigSchema>;

/**
 * The rules for the VPC.
 *
 * @param vpcConfig the VPC
 */
export function* vpcRules({ securityGroupIds, vpcId, routeTableIds }: EndpointVpcConfig): Generator<Problem> {
  if ((securityGroupIds === undefined) === (vpcId === undefined)) {
    yield {
      path: [],
      code: "vpc-security-group",
      message: "must have either securityGroupIds, to use existing groups, or vpcId, to create one: set one of them",
    };
  }
  if (routeTableIds !== undefined && vpcId === undefined) {
    yield {
      path: ["routeTableIds"],
      code: "vpc-route-tables",
      message: "needs vpcId, because the gateway endpoint is created in that VPC: set vpcId as well",
    };
  }
}

import { account, properties, region, template } from "./templateParts.ts";

/** The name of the endpoint, which the Python SDK made up, as it does its configuration's. */
export const sdkEndpoint = "pytorch-inference-2026-11-30-10-00-00-111";

/** What the Python SDK leaves in an account, as a template: a bucket and a role of the account, and names with a time. */
export const sdkTemplate = template("sdk", (resources) => {
  const bucket = properties(resources, "Models");
  const role = properties(resources, "Role");
  bucket.BucketName = `sagemaker-${region}-${account}`;
  role.RoleName = "AmazonSageMaker-ExecutionRole-20261130T100000";
  role.Path = "/service-role/";
  properties(resources, "Model").ModelName = "pytorch-inference-2026-11-30-10-00-00-000";
  properties(resources, "Configuration").EndpointConfigName = sdkEndpoint;
  properties(resources, "Endpoint").EndpointName = sdkEndpoint;
  properties(resources, "Endpoint").Tags = [{ Key: "team", Value: "birds" }];
});

import config from "@pulumi/aws/config/vars.js";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity.js";
import { getRegion } from "@pulumi/aws/getRegion.js";
import { runtime } from "@pulumi/pulumi";
import type { AwsConnection, AwsIdentity } from "./connection.ts";

/**
 * Reads how the stack's AWS provider reaches AWS from the stack's own `aws:` configuration: region, profile, keys,
 * roles, endpoints.
 */
export async function providerConnection(): Promise<AwsConnection> {
  const { region, profile, maxRetries, s3UsePathStyle, endpoints = [] } = config;
  const own = endpoints.at(0);
  const credentials = await providerCredentials();
  return {
    ...(runtime.hasEngine() && { identity: () => providerIdentity() }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(credentials !== undefined && { credentials }),
    ...(maxRetries !== undefined && { maxAttempts: maxRetries + 1 }),
    ...(own?.sagemaker && { sagemakerEndpoint: own.sagemaker }),
    ...((own?.applicationautoscaling ?? own?.appautoscaling) && {
      applicationAutoScalingEndpoint: own.applicationautoscaling ?? own.appautoscaling,
    }),
    ...(own?.cloudwatch && { cloudwatchEndpoint: own.cloudwatch }),
    ...(own?.s3 && { s3Endpoint: own.s3 }),
    ...(s3UsePathStyle !== undefined && { s3UsePathStyle }),
  };
}

async function providerIdentity(): Promise<AwsIdentity> {
  const [{ accountId }, { region }] = await Promise.all([getCallerIdentity(), getRegion()]);
  return { accountId, region };
}

async function providerCredentials(): Promise<AwsConnection["credentials"]> {
  const { accessKey, secretKey, token, region, profile, assumeRoles = [], assumeRoleWithWebIdentity } = config;
  let credentials: AwsConnection["credentials"] =
    accessKey && secretKey
      ? { accessKeyId: accessKey, secretAccessKey: secretKey, ...(token && { sessionToken: token }) }
      : undefined;
  const clientConfig = { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) };
  const roles = assumeRoles.filter(({ roleArn }) => roleArn);
  if (roles.length === 0 && !assumeRoleWithWebIdentity?.roleArn) return credentials;

  const { fromTemporaryCredentials, fromTokenFile, fromWebToken } = await import("@aws-sdk/credential-providers");
  if (assumeRoleWithWebIdentity?.roleArn) {
    const { roleArn, sessionName, webIdentityToken, webIdentityTokenFile } = assumeRoleWithWebIdentity;
    const session = { roleArn, ...(sessionName && { roleSessionName: sessionName }), clientConfig };
    credentials = webIdentityToken
      ? fromWebToken({ ...session, webIdentityToken })
      : fromTokenFile({ ...session, ...(webIdentityTokenFile && { webIdentityTokenFile }) });
  }
  for (const { roleArn, sessionName, externalId, policy, sourceIdentity } of roles) {
    credentials = fromTemporaryCredentials({
      ...(credentials && { masterCredentials: credentials }),
      clientConfig,
      params: {
        RoleArn: roleArn,
        RoleSessionName: sessionName ?? "sagemaker-triton",
        ...(externalId && { ExternalId: externalId }),
        ...(policy && { Policy: policy }),
        ...(sourceIdentity && { SourceIdentity: sourceIdentity }),
      },
    });
  }
  return credentials;
}

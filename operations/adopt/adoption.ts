import { describeProblem } from "../../endpoint/problem.ts";
import { checkSettings } from "../../endpoint/settings/checkSettings.ts";
import { parseEcrImage } from "../../sagemaker/imageUri.ts";
import { logGroupName } from "../../sagemaker/monitoring.ts";
import { Findings, type AdoptionRow, type Finding } from "./findings.ts";
import { leftOver } from "./leftOver.ts";
import { bucketOf, named, ofType } from "./links.ts";
import type { OldResource, OldStack } from "./oldStack.ts";
import { requireRetention } from "./retention.ts";
import { adoptRole, reasonToKeepRole } from "./roles.ts";
import { adoptBucket, adoptKey, adoptRepository, delegates } from "./storage.ts";
import { tagSettings } from "./tags.ts";
import { refuseFeatures, trafficValues } from "./traffic.ts";
import { deploymentRules, servingRules } from "./servingRules.ts";
import { textOf } from "./template.ts";
import { servedVariants, sharedValues, variantSettings } from "./served.ts";
import { defined, type Values } from "./variants.ts";

/** How a stack of this program takes over what runs. */
export interface Adoption {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** Its region; absent if nothing says it. */
  readonly region?: string;
  /** The settings of the stack's file, without the project's name. */
  readonly settings: Values;
  /** What becomes of each resource. */
  readonly rows: readonly AdoptionRow[];
  /** What the settings can't describe. */
  readonly undescribed: readonly Finding[];
  /** What is stricter than before. */
  readonly stricter: readonly Finding[];
  /** What prevents the move; nothing may be written then. */
  readonly problems: readonly Finding[];
  /** What nobody needs and nobody deletes any more once the old stack is gone, in words. */
  readonly leftOver: readonly string[];
}

/**
 * Describes what runs today as settings, and says what the first update takes over.
 *
 * @param stack what runs today
 * @param endpointName the endpoint. Default: the only one
 * @throws Error if there is no such endpoint, or there are several
 */
export function adoptionOf(stack: OldStack, endpointName?: string): Adoption {
  const findings = new Findings();
  const endpoint = findEndpoint(stack, endpointName);
  const name = findings.name(endpoint) ?? endpoint.logicalId;
  const described = describe(stack, endpoint, findings);
  servingRules(stack, endpoint, findings);
  const { imageUri } = described;
  const region = stack.region ?? (typeof imageUri === "string" ? parseEcrImage(imageUri)?.region : undefined);
  if (region === undefined)
    findings.problems.push({ resource: "aws:region", message: "the region isn't known: add --region REGION" });
  const settings = { endpointName: name, ...described };
  findings.problems.push(...settingProblems(settings, region, findings));
  requireRetention(stack, settings, findings);
  const { rows, undescribed, stricter, problems } = findings;
  return {
    endpointName: name,
    ...(region !== undefined && { region }),
    settings,
    rows,
    undescribed,
    stricter,
    problems,
    leftOver: leftOver(stack, endpoint, findings),
  };
}

function findEndpoint(stack: OldStack, endpointName: string | undefined): OldResource {
  const endpoints = ofType(stack, "AWS::SageMaker::Endpoint");
  const names = endpoints.map(({ name, logicalId }) => (typeof name === "string" ? name : logicalId));
  const found = endpoints.filter((_, index) => endpointName === undefined || names[index] === endpointName);
  const [endpoint, ...others] = found;
  if (endpoint && others.length === 0) return endpoint;
  if (endpoint)
    throw new Error(
      `${stack.source} has ${found.length} endpoints, and a stack of this program has one: add --endpoint with one of ${names.join(", ")}`,
    );
  if (endpointName !== undefined && names.length > 0)
    throw new Error(`${stack.source} has no endpoint ${endpointName}: it has ${names.join(", ")}`);
  const nested = ofType(stack, "AWS::CloudFormation::Stack").map(({ logicalId }) => logicalId);
  throw new Error(
    `${stack.source} has no AWS::SageMaker::Endpoint: ${nested.length > 0 ? `give the nested stack that has it, one of ${nested.join(", ")}` : "give the template or the stack that creates the endpoint"}`,
  );
}

function describe(stack: OldStack, endpoint: OldResource, findings: Findings): Values {
  const configuration = named(stack, "AWS::SageMaker::EndpointConfig", endpoint.properties.EndpointConfigName);
  deploymentRules(endpoint, findings);
  if (!configuration) {
    const shown = findings.text(endpoint, "EndpointConfigName") ?? "";
    findings.refuse(
      endpoint,
      ["EndpointConfigName"],
      `${stack.source} doesn't have the configuration ${shown}: give the deployed endpoint with --endpoint instead`,
    );
    return {};
  }
  refuseFeatures(configuration, findings);
  findings.row("taken over", endpoint, "keeps its name, and moves to a new release");
  const served = servedVariants(stack, endpoint, configuration, findings);
  const models = served.map(({ model }) => model);
  const traffic = trafficValues(configuration, findings);
  const shared = sharedValues(models, findings, configuration);
  const { imageUri } = shared as { imageUri?: string };
  const modelBuckets = models.flatMap(({ modelDataUrl }) => bucketOf(modelDataUrl) ?? []);
  const bucketName = traffic.bucket ?? modelBuckets[0];
  const parts = [named(stack, "AWS::S3::Bucket", bucketName), repositoryOf(stack, imageUri)];
  const kmsKeyArn = adoptKey(stack, [configuration, ...parts], findings);
  const writes = traffic.bucket !== undefined;
  const bucket = adoptBucket(stack, bucketName, { writes, kmsKeyArn }, findings);
  const repository = adoptRepository(stack, imageUri, kmsKeyArn, findings);
  const key =
    kmsKeyArn === undefined
      ? undefined
      : { arn: kmsKeyArn, delegates: delegates(named(stack, "AWS::KMS::Key", kmsKeyArn)) };
  const foreignBucket = modelBuckets.find((one) => !named(stack, "AWS::S3::Bucket", one) && !isOwnBucket(stack, one));
  const why = reasonToKeepRole({ queued: traffic.settings.asyncInference !== undefined, key, foreignBucket });
  const role = adoptRole(
    stack,
    models.flatMap(({ roleArn }) => roleArn ?? []),
    why,
    findings,
  );
  const takenOver = [endpoint, bucket.takenOver, repository.takenOver].filter((one) => one !== undefined);
  const scales = served.some(({ values }) => values.autoscaling !== undefined);
  return defined({
    ...bucket.settings,
    ...repository.settings,
    ...shared,
    ...variantSettings(served),
    ...traffic.settings,
    kmsKeyArn,
    ...role,
    ...logGroup(stack, endpoint, findings),
    ...tagSettings(takenOver, findings),
    protect: true,
    takeOver: [
      "endpoint",
      ...(bucket.takenOver ? ["bucket"] : []),
      ...(repository.takenOver ? ["repository"] : []),
      ...(scales ? ["autoscaling"] : []),
    ],
  });
}

function repositoryOf(stack: OldStack, imageUri: string | undefined): OldResource | undefined {
  const image = imageUri === undefined ? undefined : parseEcrImage(imageUri);
  return image && named(stack, "AWS::ECR::Repository", image.repositoryName);
}

/** SageMaker's own tools name their bucket after the account; of any other nothing is known. */
function isOwnBucket({ accountId }: OldStack, bucket: string): boolean {
  return accountId !== undefined && bucket.includes(accountId);
}

/** The endpoint's log group, if the old stack made it: SageMaker goes on writing to it. */
function logGroup(stack: OldStack, { name }: OldResource, findings: Findings): Values {
  const group = typeof name === "string" ? named(stack, "AWS::Logs::LogGroup", logGroupName(name)) : undefined;
  if (!group) return {};
  findings.row("used", group, "SageMaker goes on writing the endpoint's logs to it");
  return { logGroup: group.name };
}

/** What a stack with these settings would be refused for. */
function settingProblems(settings: Values, region: string | undefined, { problems }: Findings): Finding[] {
  // What isn't known is missing, too.
  if (problems.length > 0) return [];
  const raw = Object.entries(settings).map(([key, value]) => [key, textOf(value)]);
  const found = checkSettings(Object.fromEntries(raw) as Record<string, string>, {
    directory: ".",
    name: "triton",
    region,
  });
  return found.problems.map(({ value, ...problem }) => ({
    resource: "settings",
    message: describeProblem(problem, value),
  }));
}

import { getImage } from "@pulumi/aws/ecr/getImage.js";
import { getRole } from "@pulumi/aws/iam/getRole.js";
import { getBucket } from "@pulumi/aws/s3/getBucket.js";
import { getObject } from "@pulumi/aws/s3/getObject.js";
import type * as pulumi from "@pulumi/pulumi";
import type { DescribeModelOutput } from "@aws-sdk/client-sagemaker";
import { ask, isRefusal, type AwsClients } from "./connection.ts";
import { lookUp } from "./providerLookups.ts";

/** What a Model needs in order to start an instance, besides itself. */
interface ModelNeeds {
  /** The name of the role that SageMaker assumes. */
  readonly roleName?: string;
  /** The objects and buckets that it downloads: `s3://<bucket>/<key>`, a prefix ends in `/`. */
  readonly modelDataUrls: readonly string[];
  /** The images in ECR: `<account>.dkr.ecr.<region>.<domain>/<repository>@<digest>`. */
  readonly images: readonly string[];
}

/**
 * Reads from a Model what it needs.
 *
 * @param model the Model as SageMaker describes it
 */
function modelNeeds({ ExecutionRoleArn, PrimaryContainer, Containers = [] }: DescribeModelOutput): ModelNeeds {
  const containers = PrimaryContainer ? [PrimaryContainer, ...Containers] : Containers;
  const roleName = ExecutionRoleArn?.split("/").at(-1);
  return {
    ...(roleName !== undefined && { roleName }),
    modelDataUrls: containers.flatMap(
      ({ ModelDataUrl, ModelDataSource }) => ModelDataUrl ?? ModelDataSource?.S3DataSource?.S3Uri ?? [],
    ),
    images: containers.flatMap(({ Image }) => Image ?? []),
  };
}

/**
 * Finds what is missing in AWS that new instances of an endpoint need: instances that run don't, so SageMaker still calls
 * the endpoint InService. What can't be asked, for want of a permission, isn't reported.
 *
 * @param clients the services
 * @param modelNames the Models that the endpoint serves
 * @param options which provider to ask, as the endpoint is in its account and region
 * @returns what is missing, for example `the role triton-execution-role-1a2b3c4`
 */
export async function missingToStart(
  clients: AwsClients,
  modelNames: readonly string[],
  options: pulumi.InvokeOptions,
): Promise<string[]> {
  const models = await Promise.all([...new Set(modelNames)].map((name) => describeModel(clients, name)));
  const missing = models.map(async (model) => {
    if (typeof model === "string") return [model];
    return model ? missingOf(modelNeeds(model), options) : [];
  });
  return [...new Set((await Promise.all(missing)).flat())];
}

/** The Model; the words for it if it is gone, and nothing if it can't be asked for. */
async function describeModel(
  { sagemaker }: AwsClients,
  ModelName: string,
): Promise<DescribeModelOutput | string | undefined> {
  const { DescribeModelCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    return await ask(`DescribeModel ${ModelName}`, () => sagemaker.send(new DescribeModelCommand({ ModelName })));
  } catch (error) {
    return isRefusal(error, /could not find/i) ? `the Model ${ModelName}` : undefined;
  }
}

async function missingOf(
  { roleName, modelDataUrls, images }: ModelNeeds,
  options: pulumi.InvokeOptions,
): Promise<string[]> {
  const asked = await Promise.all([
    roleName !== undefined && isMissing(`the role ${roleName}`, () => getRole({ name: roleName }, options)),
    ...modelDataUrls.map((url) => missingModelData(url, options)),
    ...images.map((image) => missingImage(image, options)),
  ]);
  return asked.filter((missing) => typeof missing === "string");
}

function missingModelData(url: string, options: pulumi.InvokeOptions): Promise<string | undefined> {
  const { hostname: bucket, pathname } = new URL(url);
  return url.endsWith("/")
    ? isMissing(`the bucket ${bucket}`, () => getBucket({ bucket }, options))
    : isMissing(`the model data ${url}`, () => getObject({ bucket, key: pathname.slice(1) }, options));
}

function missingImage(image: string, options: pulumi.InvokeOptions): Promise<string | undefined> {
  const [, registryId, repositoryName = "", imageDigest] =
    /^(\d{12})\.dkr\.ecr\.[^/]+\/([^@:]+)@(sha256:\w+)$/.exec(image) ?? [];
  if (imageDigest === undefined) return Promise.resolve(undefined);
  return isMissing(`the image ${image}`, () => getImage({ registryId, repositoryName, imageDigest }, options));
}

async function isMissing(what: string, asked: () => Promise<unknown>): Promise<string | undefined> {
  return (await lookUp(asked)).missing ? what : undefined;
}

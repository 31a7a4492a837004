import { cp, rm } from "node:fs/promises";
import * as path from "node:path";
import { makeFolders } from "../packing/makeFolders.js";
import type { Plan, PlannedResource } from "../preview/plan.ts";
import { unpackModelArchive } from "../packing/modelArchive.ts";
import { defaultStartupTimeoutInSeconds } from "../sagemaker/limits.ts";
import { freshFolder } from "./freshFolder.ts";
import { MessageError } from "./messageError.ts";

/** One of many models behind an endpoint. */
export interface PlannedTargetModel {
  /** The name that requests use. */
  readonly name: string;
  /** Unpacks its repository into an empty folder, as SageMaker would. */
  readonly unpack: (directory: string) => Promise<void>;
}

/** Everything needed to serve a planned SageMaker Model. */
export interface PlannedModel {
  /** The URL at which SageMaker would find it. */
  readonly url: string;
  /** The container's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The time that the container may take to its first healthy ping, in seconds. */
  readonly startupTimeoutInSeconds: number;
  /** Unpacks the model into an empty folder, as SageMaker would; the folder stays empty if there are many models. */
  readonly unpack: (directory: string) => Promise<void>;
  /** The models, if there are many: each is unpacked when a request first names it. */
  readonly targetModels?: readonly PlannedTargetModel[];
}

/**
 * Finds the model of a plan, with what is needed to serve it on this machine.
 *
 * @param plan a stack's plan
 * @param variantName the variant to serve. Default: the first one
 * @throws MessageError if there is no such variant, or its model is already in AWS and so not on this machine
 */
export function plannedModel(plan: Plan, variantName?: string): PlannedModel {
  const variant = plannedVariant(plan, variantName);
  const container = modelOf(plan, variant).inputs.primaryContainer as PrimaryContainer;
  const url = container.modelDataUrl ?? container.modelDataSource?.s3DataSources[0]?.s3Uri ?? "";
  const objects = plan.resources.filter(({ type }) => type === "aws:s3/bucketObjectv2:BucketObjectv2");
  const archive = objects.find((object) => urlOf(object) === url);
  const targetModels = container.mode === "MultiModel" ? targetModelsBelow(url, objects) : undefined;
  const unpack = targetModels
    ? () => Promise.resolve()
    : archive
      ? (directory: string) => unpackModelArchive(fileOf(archive), directory)
      : prefixUnpacker(plan, objects, url);
  return {
    url,
    environment: container.environment ?? {},
    startupTimeoutInSeconds: variant.containerStartupHealthCheckTimeoutInSeconds ?? defaultStartupTimeoutInSeconds,
    unpack,
    ...(targetModels && { targetModels }),
  };
}

function targetModelsBelow(url: string, objects: readonly PlannedResource[]): PlannedTargetModel[] {
  return objects
    .filter((object) => urlOf(object).startsWith(url))
    .map((object) => ({
      name: urlOf(object).slice(url.length),
      unpack: (directory: string) => unpackModelArchive(fileOf(object), directory),
    }));
}

/**
 * Unpacks the model into a new folder, which is removed after use.
 *
 * @param model the planned model
 * @param use uses the model's folder, `<root>/opt/ml/model`; everything in the root is removed with it
 */
export async function withUnpacked<T>(
  model: PlannedModel,
  use: (directory: string, root: string) => Promise<T>,
): Promise<T> {
  const root = await freshFolder();
  try {
    const directory = path.join(root, "opt/ml/model");
    makeFolders(directory);
    await model.unpack(directory);
    return await use(directory, root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

interface PrimaryContainer {
  readonly mode?: string;
  readonly modelDataUrl?: string;
  readonly modelDataSource?: { readonly s3DataSources: readonly { readonly s3Uri: string }[] };
  readonly environment?: Readonly<Record<string, string>>;
}

/** A variant as in a plan's endpoint configuration. */
export interface ProductionVariant {
  readonly variantName: string;
  readonly modelName: string;
  /** Absent if it is serverless. */
  readonly instanceType?: string;
  readonly containerStartupHealthCheckTimeoutInSeconds?: number;
  readonly initialVariantWeight?: number;
}

/** The planned endpoint's name, and its production variants. */
export function plannedEndpoint(plan: Plan): {
  readonly name: string;
  readonly variants: readonly ProductionVariant[];
} {
  const { inputs } = one(plan, "aws:sagemaker/endpointConfiguration:EndpointConfiguration");
  const endpoint = one(plan, "aws:sagemaker/endpoint:Endpoint");
  return { name: String(endpoint.inputs.name), variants: inputs.productionVariants as ProductionVariant[] };
}

/**
 * Finds a variant of a plan's endpoint, production or shadow.
 *
 * @param plan a stack's plan
 * @param variantName its name. Default: the first one
 * @throws MessageError if there is no such variant
 */
export function plannedVariant(plan: Plan, variantName?: string): ProductionVariant {
  const { inputs } = one(plan, "aws:sagemaker/endpointConfiguration:EndpointConfiguration");
  const { productionVariants, shadowProductionVariants = [] } = inputs;
  const variants = [productionVariants, shadowProductionVariants].flat() as ProductionVariant[];
  const chosen = variants.find((variant) => variant.variantName === (variantName ?? variants[0]?.variantName));
  if (chosen) return chosen;
  const names = variants.map((variant) => variant.variantName).join(", ");
  throw new MessageError(`there is no variant "${variantName ?? ""}": use one of ${names}`);
}

/**
 * Finds the Model of a plan's variant.
 *
 * @param plan a stack's plan
 * @param variantName the variant. Default: the first one
 * @throws MessageError if there is no such variant, or its Model is already in AWS
 */
export function plannedModelResource(plan: Plan, variantName?: string): PlannedResource {
  return modelOf(plan, plannedVariant(plan, variantName));
}

/** A variant refers to its Model's name as: `${triton-server-model.name}`. */
function modelOf(plan: Plan, { modelName }: ProductionVariant): PlannedResource {
  const model = plan.resources.find(
    ({ type, name }) => type === "aws:sagemaker/model:Model" && modelName === `\${${name}.name}`,
  );
  if (model) return model;
  throw new MessageError(
    `the Model ${modelName} is already in SageMaker and not on this machine: pass its repository with --model-repository`,
  );
}

function one(plan: Plan, type: string): PlannedResource {
  const found = plan.resources.find((resource) => resource.type === type);
  if (!found) throw new MessageError(`the stack ${plan.stack} plans no ${type.split(":").at(-1) ?? type}`);
  return found;
}

/** The files of a prefix: uploaded directly, or uploaded elsewhere and copied there within S3. */
function prefixUnpacker(plan: Plan, objects: readonly PlannedResource[], url: string) {
  const sources = new Map(objects.map((object) => [urlOf(object), fileOf(object)]));
  for (const { type, inputs } of plan.resources) {
    if (type !== "aws:s3/objectCopy:ObjectCopy") continue;
    const file = sources.get(`s3://${String(inputs.source)}`);
    if (file !== undefined) sources.set(`s3://${String(inputs.bucket)}/${String(inputs.key)}`, file);
  }
  const files = [...sources].filter(([place]) => url.endsWith("/") && place.startsWith(url));
  if (files.length === 0) {
    throw new MessageError(
      `the model ${url} is already in S3 and not on this machine: pass its repository with --model-repository`,
    );
  }
  return async (directory: string) => {
    for (const [place, file] of files) await cp(file, path.join(directory, place.slice(url.length)));
  };
}

function urlOf({ inputs }: PlannedResource): string {
  return `s3://${String(inputs.bucket)}/${String(inputs.key)}`;
}

function fileOf({ inputs }: PlannedResource): string {
  return (inputs.source as { readonly path: string }).path;
}

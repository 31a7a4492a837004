import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { autoscalingSchema } from "../endpoint/autoscaling.ts";
import { matching, object, omit, withoutDefaults } from "../endpoint/fields.ts";
import { imageFields } from "../endpoint/image.ts";
import { parse, unreported } from "../endpoint/parse.ts";
import type { Path, Problem } from "../endpoint/problem.ts";
import { endpointProblems } from "../endpoint/rules.ts";
import { endpointFields, kmsKeyArnField, tagsField, type Endpoint } from "../endpoint/schema.ts";
import { serverlessSchema } from "../endpoint/serverless.ts";
import {
  environmentField,
  instanceFields,
  modelNameField,
  modelSources,
  samplingPercentage,
  unknownYet,
  type VariantValues,
} from "../endpoint/variant.ts";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import { inferenceAmiVersionFor } from "../sagemaker/hostImages.ts";
import { releaseOf } from "../sagemaker/imageReleases.ts";
import { defaultInstanceType } from "../sagemaker/instanceTypes.ts";
import { namePattern } from "../sagemaker/limits.ts";
import type { ModelArtifact } from "./modelArtifact.ts";
import { variantName as onlyVariantName } from "./productionVariant.ts";

const artifact = z
  .custom<ModelArtifact>(isArtifact, "must be the result of loadModel: use await loadModel(…)")
  .optional();

const variantArguments = {
  ...instanceFields,
  modelName: input(modelNameField).optional(),
  serverlessConfig: serverlessSchema.optional(),
};

const namedVariantArguments = {
  ...variantArguments,
  variantName: matching(namePattern, "1 to 63 letters and digits, with hyphens between them"),
  model: artifact,
  environment: input(environmentField).optional(),
  autoscaling: autoscalingSchema.optional(),
};

const shadowArguments = omit(namedVariantArguments, "initialVariantWeight", "autoscaling");

/** TritonEndpoint's arguments: an endpoint's fields, with the image and the variants grouped into objects. */
const argumentsSchema = object({
  model: artifact,
  image: object({ ...withoutDefaults(imageFields), immutableTags: imageFields.immutableTags }).optional(),
  variant: object(variantArguments).optional(),
  variants: z
    .array(object(namedVariantArguments), "must be a list of variants")
    .min(1, "must have 1 to 10 variants")
    .max(10, "must have 1 to 10 variants")
    .optional(),
  shadow: object({ ...shadowArguments, samplingPercentage }).optional(),
  environment: input(environmentField).default({}),
  ...endpointFields,
  kmsKeyArn: input(kmsKeyArnField).optional(),
  autoscaling: autoscalingSchema.optional(),
  releaseWatch: z.custom<ReleaseWatch>().optional(),
  tags: tagsField.default({}),
});

type Arguments = z.output<typeof argumentsSchema>;
type NamedVariantArguments = NonNullable<Arguments["variants"]>[number];

/** TritonEndpoint's arguments after validation, with all defaults. */
export interface ResolvedArguments extends Omit<Arguments, "variant" | "variants" | "endpointName" | "image"> {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The image. */
  readonly image: NonNullable<Arguments["image"]>;
  /** The production variants, at least one. */
  readonly variants: readonly NamedVariantArguments[];
  /**
   * Whether there may be several variants; the names of each variant's own resources then contain the variant's name.
   */
  readonly named: boolean;
}

/**
 * Checks TritonEndpoint's arguments by the same rules as a stack's settings.
 *
 * @param name the component's name
 * @param given the arguments, of any type: the caller may not use TypeScript
 * @returns the arguments with all defaults, or every problem
 */
export function checkArguments(
  name: string,
  given: unknown,
): { args?: ResolvedArguments; problems: readonly Problem[] } {
  const { value, sound, problems } = parse(argumentsSchema, defined(given));
  const ruled = [
    ...argumentRules(sound),
    ...endpointProblems(toEndpoint(sound), { name, region: new pulumi.Config("aws").get("region") }).map((problem) => ({
      ...problem,
      path: argumentPath(problem.path, sound),
    })),
  ];
  const all = [...problems, ...unreported(ruled, problems)];
  const errors = all.filter(({ severity }) => severity !== "warning");
  return value && errors.length === 0 ? { args: resolve(name, value), problems: all } : { problems: errors };
}

function* argumentRules({ image, variant, variants }: Partial<Arguments>): Generator<Problem> {
  if ((image?.imageTag ?? image?.upstreamImage ?? image?.imageUri) === undefined) {
    yield {
      path: ["image"],
      code: "image-missing",
      message: "must be an object with imageTag, upstreamImage or imageUri",
    };
  }
  if (variant !== undefined && variants !== undefined) {
    yield { path: ["variant"], code: "variant-and-variants", message: "can't be combined with variants: remove one" };
  }
  const names = variants?.map(({ variantName }) => variantName) ?? [];
  for (const [index, variantName] of names.entries()) {
    if (names.indexOf(variantName) !== index) {
      yield {
        path: ["variants", index, "variantName"],
        code: "variant-name-twice",
        message: "must be unique among the variants",
      };
    }
  }
}

/** The arguments in the form that the rules take. */
function toEndpoint(args: Partial<Arguments>): Endpoint {
  const { model, image, variant = {}, variants, shadow, environment, kmsKeyArn, ...rest } = omit(args, "releaseWatch");
  return {
    ...rest,
    ...image,
    ...variantValues(variant),
    ...modelValues(model),
    environment: known(environment),
    variants: variants && Object.fromEntries(variants.map((named) => [named.variantName, variantValues(named)])),
    shadow: shadow && { ...variantValues(shadow), samplingPercentage: shadow.samplingPercentage },
    kmsKeyArn: known(kmsKeyArn),
  };
}

function variantValues(variant: Partial<NamedVariantArguments>): VariantValues {
  const { model, modelName, environment, serverlessConfig, ...rest } = omit(variant, "variantName");
  const values: VariantValues = {
    ...rest,
    modelName: known(modelName),
    serverless: serverlessConfig,
    ...modelValues(model),
  };
  return environment === undefined ? values : { ...values, environment: known(environment) };
}

/** A model as the settings that describe it. */
function modelValues(model: ModelArtifact | undefined): VariantValues {
  switch (model?.format) {
    case undefined:
      return {};
    case "archive":
      return { modelArchive: model.file };
    case "prefix":
      return { modelRepository: model.name, modelDataFormat: "prefix" };
    case "stored":
      return { modelDataUrl: model.modelDataUrl };
    case "multiModel":
      return { multiModel: { modelRepositories: ".", modelCacheSetting: model.modelCacheSetting } };
  }
}

/** The path in the arguments of a value of the endpoint. */
function argumentPath([key = "", ...rest]: Path, { variants = [] }: Partial<Arguments>): Path {
  if (key === "shadow") return [key, ...variantPath(rest)];
  if (key === "variants" && rest.length > 0) {
    const [variantName, ...inner] = rest;
    const index = variants.findIndex((variant) => variant.variantName === variantName);
    return [key, index, ...(inner.length === 0 ? ["variantName"] : variantPath(inner))];
  }
  if (Object.hasOwn(imageFields, key)) return ["image", key, ...rest];
  return Object.hasOwn(variantArguments, key) || key === "serverless"
    ? ["variant", ...variantPath([key, ...rest])]
    : variantPath([key, ...rest]);
}

function variantPath([key, ...rest]: Path): Path {
  if (key === undefined) return [];
  const isModel = key === "modelDataFormat" || (modelSources as readonly (string | number)[]).includes(key);
  if (isModel) return ["model"];
  return [key === "serverless" ? "serverlessConfig" : key, ...rest];
}

function resolve(name: string, { variant, variants, shadow, ...args }: Arguments): ResolvedArguments {
  const { endpointName = name, image = { immutableTags: false } } = args;
  const whole = <V extends Partial<NamedVariantArguments>>(own: V): V => {
    if (own.serverlessConfig) return own;
    const { instanceType = defaultInstanceType } = own;
    const release = releaseOf(image) ?? image.imageTag;
    const inferenceAmiVersion =
      own.inferenceAmiVersion ?? (release === undefined ? undefined : inferenceAmiVersionFor(release, instanceType));
    return { ...own, instanceType, inferenceAmiVersion };
  };
  const only = { ...(variant ?? object(variantArguments).parse({})), variantName: onlyVariantName };
  return {
    ...args,
    endpointName,
    image,
    variants: (variants ?? [only]).map(whole),
    named: variants !== undefined,
    shadow: shadow && whole(shadow),
  };
}

/** Drops undefined arguments, unknown ones too. */
function defined(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(defined);
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, defined(inner)]));
}

/** A schema for a value that may be an Output, which is passed on unchecked. */
function input<S extends z.ZodType>(schema: S) {
  return z.unknown().transform((value, context): pulumi.Input<z.output<S>> => {
    if (isLater(value)) return value as pulumi.Input<z.output<S>>;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues)
      context.issues.push({ code: "custom", path, message, input: value });
    return z.NEVER;
  });
}

function known<T>(value: pulumi.Input<T> | undefined): T | typeof unknownYet | undefined {
  return isLater(value) ? unknownYet : (value as T | undefined);
}

/** Whether a value is or contains an Output. */
function isLater(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isLater);
}

function isArtifact(model: unknown): boolean {
  const formats: readonly unknown[] = ["archive", "prefix", "stored", "multiModel"];
  return typeof model === "object" && model !== null && "format" in model && formats.includes(model.format);
}

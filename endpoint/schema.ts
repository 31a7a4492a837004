import * as z from "zod";
import { kmsKeyArnPattern } from "../sagemaker/encryption.ts";
import { bucketNamePattern, namePattern } from "../sagemaker/limits.ts";
import { asyncInferenceSchema } from "./asyncInference.ts";
import { budgetSchema } from "./budget.ts";
import { coreDumpSchema } from "./coreDump.ts";
import { dataCaptureSchema } from "./dataCapture.ts";
import { flag, matching, object, omit, strings, withoutDefaults } from "./fields.ts";
import { imageFields } from "./image.ts";
import { monitoringSchema } from "./monitoring.ts";
import { multiModelSchema } from "./multiModel.ts";
import { vpcConfigSchema } from "./network.ts";
import { rolloutSchema } from "./rollout.ts";
import { serverlessSchema } from "./serverless.ts";
import {
  samplingPercentage,
  type unknownYet,
  variantFields,
  wholeVariant,
  type VariantValues,
  type WholeVariant,
} from "./variant.ts";

const names =
  "must be an object of at most 10 variants by their names, each 1 to 63 letters, digits and hyphens inside";
const shadowFields = omit(withoutDefaults(variantFields), "initialVariantWeight", "autoscaling");

/** Tags of every resource. */
export const tagsField = strings();

/** A KMS key's ARN. */
export const kmsKeyArnField = matching(kmsKeyArnPattern, "a key's ARN, arn:aws:kms:<region>:<account>:key/<id>");

/** What there is of an endpoint besides its image and its variants. */
export const endpointFields = {
  endpointName: matching(namePattern, "1 to 63 letters, digits and hyphens inside").optional().meta({
    description: "Name of the endpoint, up to 63 letters, digits and hyphens. Default: <project>-<stack>.",
  }),
  replaceEndpoint: matching(namePattern, "the name of the endpoint that may be deleted").optional().meta({
    description:
      "The endpoint that an update with another endpointName may delete, by its name. Default: none; such an update is refused.",
  }),
  bucketName: matching(
    bucketNamePattern,
    "3 to 63 lowercase letters, digits, hyphens and dots inside, no IP address and none of the names that S3 reserves",
  )
    .optional()
    .meta({ description: "Name of the bucket for models. Default: auto-named by Pulumi." }),
  accessLogging: flag()
    .meta({ description: "Whether requests to the bucket are logged, in a bucket of their own." })
    .default(false),
  asyncInference: asyncInferenceSchema.optional().meta({
    description:
      "Queues requests and writes the responses to the bucket: maxConcurrentInvocationsPerInstance, successTopic, errorTopic, expirationInDays. Default: requests are answered at once.",
  }),
  vpcConfig: vpcConfigSchema.optional().meta({
    description:
      "The VPC: subnets with securityGroupIds, or with vpcId for a security group of the endpoint's own. Default: no VPC.",
  }),
  networkIsolation: flag()
    .meta({
      description: "Whether the container is cut off from every network. SageMaker itself fetches image and model.",
    })
    .default(false),
  createKmsKey: flag()
    .meta({ description: "Whether a KMS key is created for bucket, repository and volumes." })
    .default(false),
  protect: flag()
    .meta({
      description: "Whether bucket, repository and endpoint are protected; the first two also stay on destroy.",
    })
    .default(false),
  keepReleases: flag()
    .meta({ description: "Whether models, endpoint configurations and model data of earlier releases are kept." })
    .default(false),
  rollout: rolloutSchema.optional().meta({
    description:
      "How the endpoint moves to a new release and what rolls it back: strategy, sizes, waits, alarms. Needs keepReleases. Default: all at once, no alarms.",
  }),
  monitoring: monitoringSchema.optional().meta({
    description:
      "The endpoint's logs, alarms and dashboard: retentionInDays, topicArn or emailAddresses, alarms. Default: none.",
  }),
  dataCapture: dataCaptureSchema.optional().meta({
    description:
      "Which requests and responses are recorded: initialSamplingPercentage, input, output, expirationInDays. Default: none.",
  }),
  coreDump: coreDumpSchema.optional().meta({
    description:
      "Writes a core dump to the bucket when the model container crashes, for debugging: expirationInDays. Default: none.",
  }),
  budget: budgetSchema.optional().meta({
    description:
      "What the service, by its CostService tag, may cost in a month: limitAmount, emailAddresses. Default: no budget.",
  }),
};

/** An endpoint, described once: a stack's configuration and TritonEndpoint's arguments are both checked with it. */
export const endpointSchema = object({
  ...variantFields,
  multiModel: multiModelSchema.optional().meta({
    description:
      "Many models behind one endpoint: modelRepositories (a folder of model repositories) and modelCacheSetting.",
  }),
  ...imageFields,
  ...endpointFields,
  serverless: serverlessSchema.optional().meta({
    description:
      "Serves without instances: memorySizeInMb, maxConcurrency, provisionedConcurrency. Default: with instances.",
  }),
  variants: z
    .record(z.string().regex(namePattern, names), object(withoutDefaults(variantFields)), names)
    .refine((variants) => Object.keys(variants).length <= 10, names)
    .optional()
    .meta({
      description:
        "Several variants that share the traffic by their weights: by name, what each sets in place of the stack's settings. Default: one, AllTraffic.",
    }),
  shadow: object({ samplingPercentage, ...shadowFields })
    .optional()
    .meta({
      description:
        "A variant that gets copies of requests and whose responses nobody gets: samplingPercentage, and what it sets in place of the stack's settings. Default: none.",
    }),
  kmsKeyArn: kmsKeyArnField.optional().meta({
    description: "A KMS key for bucket, repository and volumes. Default: keys of AWS.",
  }),
  tags: tagsField.meta({ description: "More tags of every resource, names and strings." }).default({}),
});

/** An endpoint as the rules see it: each value sound by itself, absent where it isn't set or isn't sound. */
export interface Endpoint
  extends
    VariantValues,
    Omit<Partial<z.output<typeof endpointSchema>>, keyof VariantValues | "variants" | "shadow" | "kmsKeyArn"> {
  /** Several variants: what each sets itself, by their names. */
  readonly variants?: Readonly<Record<string, VariantValues>>;
  /** The shadow variant: what it sets itself. */
  readonly shadow?: VariantValues & { readonly samplingPercentage: number };
  /** A KMS key that exists. */
  readonly kmsKeyArn?: string | typeof unknownYet;
}

/**
 * The production variants with everything that each is made from.
 *
 * @param endpoint the endpoint
 */
export function wholeVariants<E extends Endpoint>(endpoint: E): WholeVariant<E>[] {
  if (endpoint.variants === undefined) return [wholeVariant("", [], {}, endpoint)];
  return Object.entries(endpoint.variants).map(([name, own]) => wholeVariant(name, ["variants", name], own, endpoint));
}

/**
 * The shadow variant with everything that it is made from.
 *
 * @param endpoint the endpoint
 */
export function wholeShadow<E extends Endpoint>(endpoint: E): WholeVariant<E> | undefined {
  return endpoint.shadow && wholeVariant("Shadow", ["shadow"], endpoint.shadow, endpoint);
}

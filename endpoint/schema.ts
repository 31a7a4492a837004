import * as z from "zod";
import { kmsKeyArnPattern } from "../sagemaker/encryption.ts";
import { bucketNameAllowed, bucketNamePattern, mostVariants, namePattern } from "../sagemaker/limits.ts";
import { asyncInferenceSchema } from "./asyncInference.ts";
import { budgetSchema } from "./budget.ts";
import { coreDumpSchema } from "./coreDump.ts";
import { dataCaptureSchema } from "./dataCapture.ts";
import { existingPartFields } from "./existingParts.ts";
import { flag, identifier, matching, object, omit, strings, withoutDefaults } from "./fields.ts";
import { imageFields } from "./image.ts";
import { monitoringSchema } from "./monitoring.ts";
import { multiModelSchema } from "./multiModel.ts";
import { vpcConfigSchema } from "./network.ts";
import { plain } from "./open.ts";
import { rolloutSchema } from "./rollout.ts";
import { serverlessSchema } from "./serverless.ts";
import { samplingPercentage, variantFields, type VariantValues } from "./variant.ts";

const names = `must be an object of at most ${mostVariants} variants, each with a name of 1 to 63 letters and digits, with hyphens between them`;
const shadowFields = omit(withoutDefaults(variantFields), "initialVariantWeight", "autoscaling");

/** The settings of an endpoint apart from its image and variants. */
const endpointFields = {
  endpointName: plain(
    matching(namePattern, "1 to 63 letters and digits, with hyphens between them").optional().meta({
      description: "Name of the endpoint, up to 63 letters, digits and hyphens. Default: <project>-<stack>.",
    }),
  ),
  replaceEndpoint: plain(
    matching(namePattern, "the name of the endpoint that may be deleted").optional().meta({
      description:
        "Name of the endpoint that may be deleted when endpointName changes. Default: none; changing endpointName is refused.",
    }),
  ),
  bucketName: matching(bucketNamePattern, bucketNameAllowed)
    .optional()
    .meta({ description: "Name of the bucket for models. Default: auto-named by Pulumi." }),
  accessLogging: plain(
    flag().meta({ description: "Whether requests to the bucket are logged, in a separate bucket." }),
  ).default(false),
  asyncInference: asyncInferenceSchema.optional().meta({
    description:
      "Queues requests and writes the responses to the bucket: maxConcurrentInvocationsPerInstance, successTopic, errorTopic, expirationInDays. Default: requests are answered directly.",
  }),
  vpcConfig: vpcConfigSchema.optional().meta({
    description:
      "The VPC: subnets, and either securityGroupIds or a vpcId to create a security group in. Default: no VPC.",
  }),
  networkIsolation: flag()
    .meta({
      description: "Whether the container has no network access. SageMaker fetches the image and the model.",
    })
    .default(false),
  createKmsKey: plain(
    flag().meta({ description: "Whether a KMS key is created for the bucket, the repository and the volumes." }),
  ).default(false),
  protect: plain(
    flag().meta({
      description:
        "Whether the bucket, the repository and the endpoint are protected. The first two also stay after a destroy.",
    }),
  ).default(false),
  keepReleases: plain(
    flag().meta({
      description: "Whether the models, endpoint configurations and model data of earlier releases are kept.",
    }),
  ).default(false),
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
      "Which requests and responses are captured: initialSamplingPercentage, input, output, expirationInDays. Default: none.",
  }),
  coreDump: coreDumpSchema.optional().meta({
    description:
      "Writes a core dump to the bucket when the model container crashes, for debugging: expirationInDays. Default: none.",
  }),
  budget: budgetSchema.optional().meta({
    description:
      "The monthly budget of everything with the CostService tag: limitAmount, emailAddresses. Default: no budget.",
  }),
};

/** The schema of an endpoint, which checks both a stack's configuration and TritonEndpoint's arguments. */
export const endpointSchema = object({
  ...variantFields,
  multiModel: multiModelSchema.optional().meta({
    description:
      "Many models behind one endpoint: modelRepositories (a folder of model repositories) and modelCacheSetting.",
  }),
  ...imageFields,
  ...endpointFields,
  ...existingPartFields,
  serverless: serverlessSchema.optional().meta({
    description:
      "Serves without instances: memorySizeInMb, maxConcurrency, provisionedConcurrency. Default: with instances.",
  }),
  variants: plain(
    z
      .record(z.string().regex(namePattern, names), object(withoutDefaults(variantFields)), names)
      .refine((variants) => Object.keys(variants).length <= mostVariants, names)
      .optional()
      .meta({
        description:
          "Variants that share the traffic by weight: by name, the settings that each overrides. Default: one, AllTraffic.",
      }),
  ),
  shadow: object({ samplingPercentage, ...shadowFields })
    .optional()
    .meta({
      description:
        "A variant that gets copies of requests and whose responses are discarded: samplingPercentage, and the settings that it overrides. Default: none.",
    }),
  kmsKeyArn: identifier(kmsKeyArnPattern, "a key's ARN, arn:aws:kms:<region>:<account>:key/<id>").optional().meta({
    description: "ARN of a KMS key for the bucket, the repository and the volumes. Default: AWS's keys.",
  }),
  tags: plain(strings().meta({ description: "More tags for every resource, as names and values." })).default({}),
});

/** An endpoint as the rules see it: each value is valid by itself, and absent if it isn't set or is invalid. */
export interface Endpoint
  extends VariantValues, Omit<Partial<z.output<typeof endpointSchema>>, keyof VariantValues | "variants" | "shadow"> {
  /** Several variants: each one's own settings, by name. */
  readonly variants?: Readonly<Record<string, VariantValues>>;
  /** The shadow variant's own settings. */
  readonly shadow?: VariantValues & { readonly samplingPercentage: number };
}

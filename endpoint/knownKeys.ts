import { closest, distance } from "../text/nearest.ts";
import * as z from "zod";
import { formatPath, type Path } from "./problem.ts";
import { table } from "../text/table.ts";

/**
 * The fields that an object at a path in a schema may have.
 *
 * @param path the path of the object
 * @returns the fields by name; empty if there is no such object
 */
export function fieldsAt(schema: z.core.$ZodType, path: Path): Readonly<Record<string, z.ZodType>> {
  const inner = unwrapped(schema);
  const [first, ...rest] = path;
  if (first !== undefined) {
    const next = part(inner, first);
    return next ? fieldsAt(next, rest) : {};
  }
  return inner instanceof z.ZodObject ? inner.shape : {};
}

/** A schema without its optional wrappers. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? unwrapped(schema.unwrap())
    : schema;
}

/**
 * The key of an object that is nearest to an unknown one.
 *
 * @param schema the schema of the whole
 * @param path the path of the object
 * @param key the unknown key
 * @returns `undefined` if the object has no known keys
 */
export function nearestKey(schema: z.core.$ZodType, path: Path, key: string): string | undefined {
  const here = Object.keys(fieldsAt(schema, path));
  return here.length === 0 ? undefined : closest(key, here);
}

/**
 * Guesses what an unknown key was meant to be: a key that belongs elsewhere, or the nearest one.
 *
 * @param schema the schema of the whole
 * @param path the path of the object with the key
 * @param key the unknown key
 * @returns a sentence to follow the key
 */
export function unknownKeyMessage(schema: z.core.$ZodType, path: Path, key: string): string {
  const reason = unsupported[key];
  if (reason !== undefined) return reason;
  const places = placesOf(schema, path);
  const elsewhere = places.find(({ keys }) => keys.includes(key));
  if (elsewhere) return `is unknown here: it belongs ${under(elsewhere.at)}`;
  const nearest = nearestKey(schema, path, key);
  for (const { at, keys } of places) {
    const other = closest(key, keys);
    const near = distance(key, other) <= 2 && (nearest === undefined || distance(key, other) < distance(key, nearest));
    if (near) return `is unknown: did you mean ${other}, which belongs ${under(at)}?`;
  }
  return nearest === undefined ? "is unknown: remove it" : `is unknown: did you mean ${nearest}?`;
}

const componentsOnly =
  "can't be used: SageMaker allows it for endpoints of inference components only, and here every variant names a Model";
const lacking = "isn't supported by this program, because @pulumi/aws has no such";

/**
 * The features of SageMaker that can't be set here: each with the reason and what serves instead.
 * Sources: the answer of CreateEndpointConfig in https://github.com/hashicorp/terraform-provider-aws/pull/45926, the types of
 * @pulumi/aws 7.48 and @pulumi/aws-native 1.79, and the model of the API in https://github.com/boto/botocore (sagemaker)
 */
const unsupported: Readonly<Record<string, string>> = table({
  managedInstanceScaling: `${componentsOnly}. Use autoscaling`,
  inferenceComponents: `${lacking} resource. To share instances between models, use multiModel, or put several models into one repository; @pulumi/aws-native has InferenceComponent`,
  inferenceComponentName: `${componentsOnly}. Use variants, or multiModel`,
  instancePools: `${lacking} property of a variant. To spread over instance types, use several variants with weights`,
  metricsConfig: `${lacking} property of an endpoint configuration. SageMaker publishes its detailed metrics by default, and monitoring watches them`,
  retainAllVariantProperties:
    "isn't needed: an update keeps the instance counts that autoscaling has set, and the weights are settings",
  excludeRetainedVariantProperties: "isn't needed: no property is retained but autoscaling's instance counts",
  retainDeploymentConfig: "isn't needed: rollout is given to SageMaker with each update",
  explainerConfig: `${lacking} property of an endpoint configuration. Compute explanations in a Python model of the repository`,
  acceleratorType: "isn't supported by AWS any more: Elastic Inference has ended. Choose an instanceType with a GPU",
  containers:
    "isn't supported by this program: an inference pipeline runs one container after the other. Use an ensemble or a Python model that calls the others, which Triton runs in one container",
  inferenceExecutionConfig: "isn't supported by this program, which runs one container in each variant. Use multiModel",
  additionalModelDataSources:
    "isn't supported by this program: Triton serves one repository. Put the files into the folders of the models that read them",
  modelPackageName:
    "isn't supported by this program, which makes the Model from a repository. Set modelName to a Model that is made from the package",
  modelAccessConfig:
    "isn't supported by this program: it accepts the licenses of JumpStart's models, which aren't for Triton",
  hubAccessConfig: "isn't supported by this program: it is for JumpStart's models, which aren't for Triton",
  customizedMetricSpecification:
    "isn't supported by this program. Use invocationsPerInstance, concurrentRequestsPerModel, backlogSizePerInstance or provisionedConcurrencyUtilization, and queueTimeInMicroseconds or pendingRequests beside it",
  predefinedMetricType:
    "isn't a setting: the metric follows from invocationsPerInstance, concurrentRequestsPerModel, backlogSizePerInstance or provisionedConcurrencyUtilization",
  stepScalingPolicyConfiguration: "isn't supported by this program, which tracks a target. Use invocationsPerInstance",
});

/** The other objects of the same endpoint or variant, nearest first. */
function placesOf(schema: z.core.$ZodType, path: Path): { at: Path; keys: string[] }[] {
  const below = [path, ...path.map((_, index) => path.slice(0, path.length - 1 - index))].flatMap((start) =>
    objectsBelow(schema, start),
  );
  const places = below.filter(({ at }) => formatPath(at) !== formatPath(path));
  return [...new Map(places.map((place) => [formatPath(place.at), place])).values()];
}

function objectsBelow(schema: z.core.$ZodType, at: Path): { at: Path; keys: string[] }[] {
  const fields = fieldsAt(schema, at);
  const keys = Object.keys(fields);
  if (keys.length === 0) return [];
  // Objects such as variants are named by the user, so a name that doesn't exist has no known keys.
  const inner = Object.entries(fields).filter(([, field]) => unwrapped(field) instanceof z.ZodObject);
  return [{ at, keys }, ...inner.flatMap(([key]) => objectsBelow(schema, [...at, key]))];
}

function under(at: Path): string {
  return at.length === 0 ? "at the top level" : `under ${formatPath(at)}`;
}

/** The schema of one part of an object, a record or a list; `undefined` if there is no such part. */
export function part(schema: z.core.$ZodType, key: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string | number, z.core.$ZodType>;
    return Object.hasOwn(shape, key) ? shape[key] : undefined;
  }
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

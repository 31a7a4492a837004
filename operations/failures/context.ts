import type { WholeVariant } from "../../endpoint/wholeVariants.ts";
import { describeImage } from "../../sagemaker/image.ts";
import type { VariantStatus } from "../endpointStatus.ts";
import type { FailureContext } from "./row.ts";

type Values = NonNullable<FailureContext["settings"]>;

/**
 * The surroundings of a variant as its settings plan it.
 *
 * @param variant the variant with its complete settings
 */
export function plannedContext({ values, image }: WholeVariant): FailureContext {
  const { serverless, instanceType, multiModel } = values;
  return {
    ...(serverless ? { serverless: true } : instanceType !== undefined && { instanceType }),
    multiModel: multiModel !== undefined,
    ownImage: image.isOwn,
    ...(image.release !== undefined && { release: image.release }),
    settings: scalars(values),
  };
}

/**
 * The surroundings of a variant as AWS describes it. A copy of AWS's image looks like the user's own, so that is left open.
 *
 * @param variant the variant
 */
export function servedContext({ instanceType, image, settings = {}, multiModel }: VariantStatus): FailureContext {
  const release = image === undefined ? undefined : describeImage({ imageUri: image }).release;
  return {
    ...(instanceType === undefined ? { serverless: "serverless.memorySizeInMb" in settings } : { instanceType }),
    ...(multiModel !== undefined && { multiModel }),
    ...(release !== undefined && { release }),
    settings,
  };
}

/** The single values of nested settings by their full names; none below `environment`, which may hold secrets. */
function scalars(values: object, prefix = ""): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
      const name = `${prefix}${key}`;
      if (typeof value === "string" || typeof value === "number") return [[name, value]];
      if (typeof value !== "object" || value === null || Array.isArray(value) || key === "environment") return [];
      return Object.entries(scalars(value, `${name}.`));
    }),
  );
}

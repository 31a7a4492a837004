import { omit } from "../../endpoint/fields.ts";
import { onlyVariantName } from "../../endpoint/variant.ts";
import type { Findings } from "./findings.ts";
import { named } from "./links.ts";
import { modelValues, type DescribedModel } from "./models.ts";
import type { OldResource, OldStack } from "./oldStack.ts";
import { isObject } from "./template.ts";
import { autoscaling, defined, variantValues, type Values } from "./variants.ts";

/** A variant as it serves. */
export interface Served {
  readonly name: string;
  readonly values: Values;
  readonly model: DescribedModel;
}

/**
 * The variants of an endpoint, with what their Models say.
 *
 * @param stack what runs today
 * @param endpoint the endpoint
 * @param configuration its configuration
 * @param findings what is found out
 */
export function servedVariants(
  stack: OldStack,
  endpoint: OldResource,
  configuration: OldResource,
  findings: Findings,
): Served[] {
  const list = configuration.properties.ProductionVariants;
  const made = new Map<OldResource, DescribedModel>();
  findings.row("made new", configuration, "can't be changed; the old one stays for turning back");
  return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((variant, index) => {
    if (!isObject(variant)) return [];
    const path = ["ProductionVariants", index] as const;
    const name = findings.text(configuration, ...path, "VariantName") ?? onlyVariantName;
    const model = named(stack, "AWS::SageMaker::Model", variant.ModelName);
    if (!model) {
      const shown = findings.text(configuration, ...path, "ModelName") ?? "";
      findings.refuse(
        configuration,
        [...path, "ModelName"],
        `${stack.source} doesn't have the Model ${shown}: give the deployed endpoint with --endpoint instead`,
      );
      return [];
    }
    if (!made.has(model)) findings.row("made new", model, "can't be changed; the old one stays for turning back");
    const described = made.get(model) ?? modelValues(model, findings);
    made.set(model, described);
    const endpointName = typeof endpoint.name === "string" ? endpoint.name : "";
    const scaling = autoscaling(stack, endpointName, name, findings);
    const { initialInstanceCount: configured, ...values } = variantValues(configuration, index, findings);
    // An autoscaled variant starts with its minimum; another keeps the instances that it was given since.
    const isCounted = !scaling && configured !== undefined;
    const initialInstanceCount = isCounted ? (stack.serving?.counts[name] ?? configured) : undefined;
    return [{ name, values: defined({ ...values, initialInstanceCount, autoscaling: scaling }), model: described }];
  });
}

/**
 * The variants' own settings. One variant with the program's own name is the endpoint itself.
 *
 * @param served the variants
 */
export function variantSettings(served: readonly Served[]): Values {
  const [first, ...others] = served;
  if (!first) return {};
  if (others.length === 0 && first.name === onlyVariantName)
    return { ...first.model.own, ...withoutWeight(first.values) };
  const { serverless } = first.values;
  return {
    ...(serverless !== undefined && { serverless }),
    variants: Object.fromEntries(
      served.map(({ name, values, model }) => [name, { ...model.own, ...omit(values, "serverless") }]),
    ),
  };
}

/** The only variant gets all traffic, whatever its weight, unless that is 0. */
function withoutWeight({ initialVariantWeight, ...values }: Values): Values {
  return initialVariantWeight === 0 ? { initialVariantWeight, ...values } : values;
}

/**
 * The settings that all variants share. If their Models differ in them, that prevents the move.
 *
 * @param models the variants' Models
 * @param findings what is found out
 * @param configuration the endpoint's configuration
 */
export function sharedValues(
  models: readonly DescribedModel[],
  findings: Findings,
  configuration: OldResource,
): Values {
  const all = [...new Set(models.map(({ shared }) => JSON.stringify(shared)))];
  if (all.length > 1) {
    findings.refuse(
      configuration,
      ["ProductionVariants"],
      "the variants' Models differ in image, VPC or network isolation, which all variants share here: make them the same first",
    );
  }
  return models[0]?.shared ?? {};
}

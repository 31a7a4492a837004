import { describeImage, type Image } from "../sagemaker/image.ts";
import type { Path, Problem } from "./problem.ts";
import type { Endpoint } from "./schema.ts";
import { modelSources, onlyVariantName, type VariantValues } from "./variant.ts";

/** A variant with its complete settings. */
export interface WholeVariant<Values extends Endpoint = Endpoint> {
  /** Its name. */
  readonly variantName: string;
  /** The path of its own settings, for example `["variants", "next"]`. */
  readonly at: Path;
  /** Its own settings. */
  readonly own: VariantValues;
  /** Its complete settings: its own override the shared ones. */
  readonly values: Values;
  /** Its image. */
  readonly image: Image;
}

/** The production variants, each with its complete settings. */
export function wholeVariants<E extends Endpoint>(endpoint: E): WholeVariant<E>[] {
  if (endpoint.variants === undefined) return [wholeVariant(onlyVariantName, [], {}, endpoint)];
  return Object.entries(endpoint.variants).map(([name, own]) => wholeVariant(name, ["variants", name], own, endpoint));
}

/** The shadow variant with its complete settings. */
export function wholeShadow<E extends Endpoint>(endpoint: E): WholeVariant<E> | undefined {
  return endpoint.shadow && wholeVariant("Shadow", ["shadow"], endpoint.shadow, endpoint);
}

/** Checks whether a variant is the shadow. */
export function isShadow({ at }: Pick<WholeVariant, "at">): boolean {
  return at[0] === "shadow";
}

/** All variants, each with its complete settings: the production variants, then the shadow. */
export function allVariants<E extends Endpoint>(endpoint: E): WholeVariant<E>[] {
  const shadow = wholeShadow(endpoint);
  return [...wholeVariants(endpoint), ...(shadow ? [shadow] : [])];
}

/** The variants, the shadow included, that serve the model that the endpoint itself names. */
export function sharingVariants<E extends Endpoint>(endpoint: E): WholeVariant<E>[] {
  return allVariants(endpoint).filter(({ own }) => !hasOwnModel(own));
}

/** Merges a variant's own settings with the shared ones. Its own model replaces the shared one, whatever kind either is. */
function wholeVariant<Values extends Endpoint>(
  variantName: string,
  at: Path,
  own: VariantValues,
  shared: Values,
): WholeVariant<Values> {
  const replaced: readonly string[] = [
    ...(hasOwnModel(own) ? modelKeys : []),
    ...(hasOwnModel(own) && own.modelRepository === undefined ? ["modelDataFormat"] : []),
  ];
  const given = (values: object) => Object.entries(values).filter(([, value]) => value !== undefined);
  const kept = given(shared).filter(([key]) => !replaced.includes(key));
  const values = Object.fromEntries([...kept, ...given(own)]) as unknown as Values;
  return { variantName, at, own, values, image: describeImage(values) };
}

/**
 * Checks whether a variant has its own model.
 *
 * @param own its own settings
 */
export function hasOwnModel(own: VariantValues): boolean {
  return modelKeys.some((key) => own[key] !== undefined);
}

const modelKeys = [...modelSources, "modelName"] as const;

/**
 * Moves a variant's problem to the value to change: the shared value if the variant inherits it, otherwise the
 * variant's own.
 *
 * @param problem the problem; its path starts from the variant
 */
export function relocated(problem: Problem, { at, own, values }: WholeVariant): Problem {
  const [key = ""] = problem.path as readonly string[];
  const has = (object: object) => (object as Partial<Record<string, unknown>>)[key] !== undefined;
  const isOwn = has(own) || !has(values);
  return isOwn ? { ...problem, path: [...at, ...problem.path] } : problem;
}

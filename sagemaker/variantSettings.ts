import { modelSources, type VariantSettings } from "./variantRules.ts";

/** A variant with everything that it is made from. */
export interface WholeVariant<Settings extends VariantSettings> {
  /** Its name. */
  readonly variantName: string;
  /** What it sets itself. */
  readonly own: Partial<Settings>;
  /** What it is made from: its own settings in front of the shared ones. */
  readonly settings: Settings;
}

/**
 * A variant's own settings in front of those that all variants begin with. A model of its own takes the place of the
 * shared one, whatever kind either is of.
 *
 * @param variantName its name
 * @param own what it sets itself
 * @param shared what all variants begin with
 */
export function wholeVariant<Settings extends VariantSettings>(
  variantName: string,
  own: Partial<Settings>,
  shared: Settings,
): WholeVariant<Settings> {
  const replaced = [
    ...(hasOwnModel(own) ? modelKeys : []),
    ...(hasOwnModel(own) && own.modelRepository === undefined ? ["modelDataFormat"] : []),
  ];
  const begin = Object.fromEntries(Object.entries(shared).filter(([key]) => !replaced.includes(key))) as Settings;
  return { variantName, own, settings: { ...begin, ...own } };
}

/**
 * Whether a variant brings a model of its own.
 *
 * @param own what it sets itself
 */
export function hasOwnModel(own: VariantSettings): boolean {
  return modelKeys.some((key) => own[key] !== undefined);
}

const modelKeys: readonly (keyof VariantSettings)[] = [...modelSources, "modelName"];

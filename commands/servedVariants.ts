import { MessageError } from "../local/messageError.ts";
import { plannedEndpoint, plannedModel, type PlannedModel } from "../local/plannedModel.ts";
import type { ServedVariant } from "../local/runtime/variants.ts";
import type { Plan } from "../preview/plan.ts";
import { printableMessage } from "../text/printable.ts";
import type { Served } from "./serving.ts";

/** A planned model, and the variants that it answers for. */
export interface ModelOfVariants {
  readonly model: PlannedModel;
  readonly variants: readonly Pick<ServedVariant, "name" | "weight">[];
}

/** Serves a model while it is used. */
export type WithModel = <Result>(planned: ModelOfVariants, use: (served: Served) => Promise<Result>) => Promise<Result>;

/**
 * The models of an endpoint's production variants, each once. A later variant whose Model isn't on this machine is left
 * out, with a line that says so.
 *
 * @param variantName serves this one alone. Default: all
 * @throws MessageError if there is no such variant, or the first one's Model isn't on this machine
 */
export function modelsOfVariants(plan: Plan, variantName?: string): readonly ModelOfVariants[] {
  if (variantName !== undefined) {
    return [{ model: plannedModel(plan, variantName), variants: [{ name: variantName, weight: 1 }] }];
  }
  const { variants } = plannedEndpoint(plan);
  const byModel = Map.groupBy(variants, ({ modelName }) => modelName);
  return [...byModel.values()].flatMap((group, index) => {
    const names = group.map(({ variantName: name }) => name);
    try {
      const weighted = group.map(({ variantName: name, initialVariantWeight: weight = 1 }) => ({ name, weight }));
      return [{ model: plannedModel(plan, names[0]), variants: weighted }];
    } catch (error) {
      if (index === 0 || !(error instanceof MessageError)) throw error;
      console.log(printableMessage(`Note: without variant ${names.join(" and ")}: ${error.message}`));
      return [];
    }
  });
}

/**
 * Serves the models of all variants together.
 *
 * @param withModel serves one
 * @param use uses all
 */
export async function withVariants<Result>(
  models: readonly ModelOfVariants[],
  withModel: WithModel,
  use: (served: Omit<Served, "container"> & { readonly variants: readonly ServedVariant[] }) => Promise<Result>,
): Promise<Result> {
  const begin = (index: number, before: readonly Served[]): Promise<Result> => {
    const planned = models[index];
    if (planned) return withModel(planned, (served) => begin(index + 1, [...before, served]));
    return use({
      ended: Promise.race(before.map(({ ended }) => ended)),
      modelEnded: Promise.race(before.map(({ modelEnded }) => modelEnded)),
      command: before[0]?.command ?? "",
      variants: models.flatMap(({ model, variants }, at) => {
        const container = before[at]?.container;
        const multiModel = model.targetModels !== undefined;
        return container ? variants.map((variant) => ({ ...variant, multiModel, container })) : [];
      }),
    });
  };
  return begin(0, []);
}

/** How AWS's SDKs reach an endpoint on this machine, in a line or two. */
export function apiLines(url: string, plan: Plan, variants: readonly ServedVariant[]): string {
  const { name } = plannedEndpoint(plan);
  const shares = variants.map(({ name: variant, weight }) => `${variant} (weight ${weight})`).join(", ");
  return [
    `AWS's SDKs reach it with the endpoint_url ${url} and the EndpointName ${name}`,
    ...(variants.length > 1 ? [`Variants: ${shares}`] : []),
  ].join("\n");
}

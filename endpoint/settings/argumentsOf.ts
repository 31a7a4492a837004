import * as pulumi from "@pulumi/pulumi";
import { omit } from "../fields.ts";
import { servingTarget } from "../servingTarget.ts";
import { modelSources, type VariantValues } from "../variant.ts";
import { sharingVariants, wholeShadow, wholeVariants } from "../wholeVariants.ts";
import { loadModel } from "../../packing/loadModel.ts";
import type { ModelArtifact } from "../../packing/modelArtifact.ts";
import { checkOptionsFor, describeTarget, type CheckTarget } from "../../sagemaker/checkTarget.ts";
import { configuredRegion } from "../../sagemaker/region.ts";
import type { Settings } from "./schema.ts";
import { isSecretSetting } from "./secrets.ts";

/**
 * TritonEndpoint's arguments from a stack's settings: the same names, with the models checked and packed, the stack's tags,
 * and secrets as such.
 *
 * @param settings the stack's settings
 * @throws pulumi.RunError listing every error in a model
 */
export async function argumentsOf(settings: Settings) {
  const region = configuredRegion(pulumi.runtime.allConfig());
  const { costEnv = pulumi.getStack(), costService = pulumi.getProject(), variants, shadow, ...others } = settings;
  const rest = omit(others, "takeOver");
  const shares = sharingVariants(settings).length > 0;
  const named = new Map(wholeVariants(settings).map(({ variantName, values }) => [variantName, values]));
  const own = async <V extends VariantValues>(values: V, whole: Settings, setting: keyof Settings) => ({
    ...(await withModel(values, whole, servingTarget(whole, [whole], region))),
    ...(values.environment && { environment: secretIf(setting, values.environment) }),
  });
  return {
    ...(shares ? await withModel(rest, settings, servingTarget(settings, undefined, region)) : withoutSources(rest)),
    endpointName: settings.endpointName ?? `${pulumi.getProject()}-${pulumi.getStack()}`,
    environment: secretIf("environment", settings.environment),
    variants:
      variants &&
      Object.fromEntries(
        await Promise.all(
          Object.entries(variants).map(
            async ([name, values]) => [name, await own(values, named.get(name) ?? settings, "variants")] as const,
          ),
        ),
      ),
    shadow: shadow && (await own(shadow, wholeShadow(settings)?.values ?? settings, "shadow")),
    tags: { CostEnv: costEnv, CostService: costService, ...settings.tags },
  };
}

/** The settings with the model, checked and packed, in place of where it comes from. */
async function withModel<V extends VariantValues>(
  values: V,
  whole: Settings,
  target: CheckTarget,
): Promise<V & { readonly model?: ModelArtifact }> {
  if (!modelSources.some((source) => values[source] !== undefined)) return values;
  const model = await loadModel(whole, {
    check: checkOptionsFor(target),
    checkedFor: describeTarget(target),
    serverMetrics: target.server.serverMetrics !== undefined,
  });
  return { ...withoutSources(values), model } as V & { readonly model: ModelArtifact };
}

function withoutSources<V extends VariantValues>(values: V) {
  return omit(values, ...modelSources, "modelDataFormat");
}

/** Makes a value secret if the setting that it comes from is. */
function secretIf(
  setting: keyof Settings,
  value: Readonly<Record<string, string>>,
): pulumi.Input<Readonly<Record<string, string>>> {
  return isSecretSetting(setting) ? pulumi.secret(value) : value;
}

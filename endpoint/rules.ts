/*
 * To add a rule:
 * 1. Write `if (bad) yield { path, code, message }` in a generator: in variantRules.ts if it applies to each variant and
 *    the shadow (paths start from the variant; `variant.values` also has the endpoint's own settings, and `variant.image`
 *    describes its image), in the file of
 *    the setting (rollout.ts, network.ts, …) where that has its own rules, and otherwise in endpointRules below. Features that
 *    exclude each other are a line in the table of exclusions.ts.
 * 2. `path` leads to the value to change, in the schema's names; the caller finds where the user wrote it.
 *    `code` is new and in kebab case. `message` says what must hold, why, and what to do, and is printed after the path and
 *    the value: `instanceType ml.c7g.large: must be …`. It never repeats a value of `environment` or `tags`.
 *    `severity: "warning"` doesn't stop anything.
 * 3. What a rule needs to know from outside is in `Surroundings`; if it is unknown, the rule yields nothing.
 *    The same goes for a value that is `unknownYet`: the rule ends where it looks into it, and is tried again once it is known.
 * 4. Add a fault to tests/endpoint/faults.ts, which is tried on a stack's settings and on TritonEndpoint.
 */
import { describeImage } from "../sagemaker/image.ts";
import { firstInstanceCount } from "./autoscaling.ts";
import { budgetRules } from "./budget.ts";
import { dataCaptureRules } from "./dataCapture.ts";
import { exclusionRules } from "./exclusions.ts";
import { expirationRules, logGroupRules } from "./existingPartRules.ts";
import { imageRules } from "./image.ts";
import { monitoringRules } from "./monitoring.ts";
import { vpcRules } from "./network.ts";
import type { Path, Problem } from "./problem.ts";
import { regionRules } from "./regionRules.ts";
import { rolloutRules } from "./rollout.ts";
import type { Endpoint } from "./schema.ts";
import { tagRules } from "./tags.ts";
import { asFarAsKnown, knownThroughout } from "./unknownYet.ts";
import { modelSources } from "./variant.ts";
import { variantRules } from "./variantRules.ts";
import { allVariants, hasOwnModel, isShadow, relocated, type WholeVariant } from "./wholeVariants.ts";

/** The facts from outside the endpoint that the rules use. */
export interface Surroundings {
  /** The component's name, with which auto-named resources start. */
  readonly name: string;
  /** The AWS region, if it is known. */
  readonly region?: string;
  /** The endpoint's name if endpointName isn't set, as far as it is known. */
  readonly defaultEndpointName?: string;
}

/**
 * Finds everything in an endpoint that SageMaker or another AWS service would refuse, mostly only after minutes and
 * with half of the stack created.
 *
 * @param endpoint the endpoint, each value valid by itself
 * @param surroundings what the rules need to know from outside
 * @returns the problems, each once
 */
export function endpointProblems(endpoint: Endpoint, surroundings: Surroundings): Problem[] {
  const problems = [...allRules(endpoint, surroundings)];
  return [...new Map(problems.map((problem) => [JSON.stringify([problem.path, problem.message]), problem])).values()];
}

function* allRules(endpoint: Endpoint, surroundings: Surroundings): Generator<Problem> {
  const variants = allVariants(endpoint);
  for (const variant of variants) {
    for (const problem of variantRules(variant)) yield relocated(problem, variant);
  }
  const production = variants.filter((variant) => !isShadow(variant));
  yield* asFarAsKnown(exclusionRules(endpoint, variants), ...endpointRules(endpoint, production, surroundings));
}

function endpointRules(
  endpoint: Endpoint,
  variants: readonly WholeVariant[],
  { name, region, defaultEndpointName }: Surroundings,
): Iterable<Problem>[] {
  const image = describeImage(endpoint);
  const { vpcConfig, monitoring, dataCapture, budget, tags = {} } = endpoint;
  const budgetContext = { monitored: monitoring !== undefined, costService: tags.CostService };
  return [
    nameRules(endpoint, name),
    imageRules(endpoint, image),
    regionRules(endpoint, image, region),
    trafficRules(endpoint, variants),
    keptModelRules(endpoint),
    rolloutOf(endpoint, variants),
    vpcConfig ? below(["vpcConfig"], vpcRules(vpcConfig)) : [],
    monitoring ? below(["monitoring"], monitoringRules(monitoring, endpoint.logGroup)) : [],
    dataCapture ? below(["dataCapture"], dataCaptureRules(dataCapture)) : [],
    budget ? below(["budget"], budgetRules(budget, budgetContext)) : [],
    below(["tags"], tagRules(tags)),
    keyRules(endpoint),
    expirationRules(endpoint),
    logGroupRules(endpoint, defaultEndpointName),
  ];
}

function* keyRules({ kmsKeyArn, createKmsKey }: Endpoint): Generator<Problem> {
  if (kmsKeyArn === undefined || !createKmsKey) return;
  yield {
    path: ["kmsKeyArn"],
    code: "key-exists",
    message: "can't be combined with createKmsKey: use an existing key or create one",
  };
}

function* below(at: Path, problems: Iterable<Problem>): Generator<Problem> {
  for (const problem of problems) yield { ...problem, path: [...at, ...problem.path] };
}

/** SageMaker's names have at most 63 characters, and the longest auto-name must fit. */
function* nameRules({ variants = {} }: Endpoint, name: string): Generator<Problem> {
  // The longest auto-name of a single variant is `<name>-server-configuration-` and seven characters.
  if (!/^[a-z][a-z0-9-]{0,34}$/.test(name)) {
    yield {
      path: ["name"],
      code: "name",
      message: "must be 1 to 35 lowercase letters, digits and hyphens, starting with a letter",
    };
  }
  // The longest auto-name of a variant's own resource is `<name>-server-<variantName>-model-` and seven characters.
  const longest = 41 - name.length;
  for (const variantName of Object.keys(variants)) {
    if (variantName.length > longest) {
      yield {
        path: ["variants", variantName],
        code: "variant-name",
        message: `must have a name of 1 to ${longest} letters and digits, with hyphens between them`,
      };
    }
  }
}

function* trafficRules(endpoint: Endpoint, variants: readonly WholeVariant[]): Generator<Problem> {
  const weights = variants.map(({ values }) => values.initialVariantWeight);
  if (variants.length > 1 && weights.every((weight) => weight === 0)) {
    yield {
      path: ["variants"],
      code: "variants-no-traffic",
      message: "must have at least one initialVariantWeight above 0, because otherwise no variant answers",
    };
  }
  if (endpoint.shadow && weights[0] === 0) {
    yield {
      path: ["shadow"],
      code: "shadow-no-traffic",
      message: "needs a variant with traffic to copy, but its initialVariantWeight is 0: use a weight above 0",
    };
  }
  if (!endpoint.multiModel) return;
  for (const { at, own } of variants) {
    const source = modelSources.find((key) => own[key] !== undefined) ?? "modelName";
    if (hasOwnModel(own)) {
      yield {
        path: [...at, source],
        code: "multi-model-variant",
        message: "can't be used with multiModel, because requests that name a TargetModel would fail on it: remove it",
      };
    }
  }
}

/** Without keepReleases a stack's Models are deleted once new ones replace them, even one that modelName refers to. */
function* keptModelRules(endpoint: Endpoint): Generator<Problem> {
  const { keepReleases, variants = {}, shadow } = endpoint;
  const places = [
    { at: [], own: endpoint },
    ...Object.entries(variants).map(([name, own]) => ({ at: ["variants", name], own })),
    ...(shadow ? [{ at: ["shadow"], own: shadow }] : []),
  ];
  const makesModels = places.some(({ own }) => modelSources.some((source) => own[source] !== undefined));
  if (keepReleases || !makesModels) return;
  for (const { at, own } of places) {
    if (own.modelName !== undefined) {
      yield {
        path: [...at, "modelName"],
        code: "model-name-not-kept",
        message:
          "needs keepReleases, because otherwise the stack deletes its own Models, this one included, once new ones replace them: set keepReleases and update, then set modelName",
      };
    }
  }
}

function* rolloutOf(endpoint: Endpoint, variants: readonly WholeVariant[]): Generator<Problem> {
  const { keepReleases, rollout, serverless } = endpoint;
  if (!rollout || serverless) return;
  const counts = variants.map(({ values }) => firstInstanceCount(values.initialInstanceCount, values.autoscaling));
  const context = { keepReleases, variants: variants.length, instanceCount: Math.min(...counts) };
  yield* below(["rollout"], rolloutRules(knownThroughout(rollout), context));
}

import * as pulumi from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";
import { omit } from "../endpoint/fields.ts";
import { judge } from "../endpoint/judge.ts";
import { open } from "../endpoint/open.ts";
import { formatPath, type Path, type Problem } from "../endpoint/problem.ts";
import { endpointProblems } from "../endpoint/rules.ts";
import { packedBefore } from "../endpoint/serverMetricsRules.ts";
import { endpointSchema, type Endpoint } from "../endpoint/schema.ts";
import { unknownYet } from "../endpoint/unknownYet.ts";
import { modelSources } from "../endpoint/variant.ts";
import { allVariants, hasOwnModel } from "../endpoint/wholeVariants.ts";
import { withIdentifiers } from "./existingParts.ts";
import { isLater, replaceLater } from "./later.ts";
import { isMissing, isSound, standIn } from "./lateValue.ts";
import type { ModelArtifact } from "../packing/modelArtifact.ts";
import { resolveEndpoint, type GivenModels, type ResolvedEndpoint } from "./resolvedEndpoint.ts";
import { transformable } from "./transforms.ts";
import type { TritonEndpointArgs } from "./tritonEndpointArgs.ts";

/** TritonEndpoint's arguments after their check. */
export interface CheckedEndpoint extends ResolvedEndpoint {
  /** Fails if a check that takes place while resources are registered finds an error; absent if there is none. */
  readonly checked: pulumi.Output<unknown> | undefined;
}

/**
 * Checks TritonEndpoint's arguments by the same schema and rules as a stack's settings.
 *
 * @param name the component's name
 * @param given the arguments, of any type: the caller may not use TypeScript
 * @param region the region, if it is known
 * @param refuse called, while resources are created, with the errors of a value that only became known then
 * @returns the arguments with all defaults, or every error
 */
export function checkArguments(
  name: string,
  given: unknown,
  region: pulumi.Input<string | undefined>,
  refuse: (problems: readonly Problem[]) => never,
): { readonly args?: CheckedEndpoint; readonly problems: readonly Problem[] } {
  const { description, models, problems: givenProblems } = withSources(defined(plainArguments(given)));
  const ownProblems = [...givenProblems, ...transformProblems(given)];
  // What is known so far, by path; the region under a path that no argument has.
  const resolved = new Map<string, unknown>(isLater(region) ? [] : [[formatPath(regionPath), region]]);
  const judged = () => {
    const known = replaceLater(description, (_, path) => resolved.get(formatPath(path)) ?? unknownYet);
    const surroundings = {
      name,
      defaultEndpointName: name,
      region: resolved.get(formatPath(regionPath)) as string | undefined,
    };
    const { value, problems } = judge(
      endpointSchema,
      known,
      (sound) => [...loadingRules(sound as Endpoint, models), ...endpointProblems(sound as Endpoint, surroundings)],
      openSchema(),
    );
    return { value, problems: problems.map((problem) => ({ ...problem, path: givenPath(problem.path, models) })) };
  };
  const judgedWith = (output: pulumi.Input<unknown>, path: Path) =>
    pulumi.all([output as pulumi.Input<object>]).apply(([value]: readonly unknown[]) => {
      if (isMissing(value)) return standIn(path);
      if (isSound(path, value)) resolved.set(formatPath(path), value);
      const errors = judged().problems.filter(isError);
      return errors.length > 0 ? refuse(errors) : value;
    });
  const { value, problems } = judged();
  if (!value || ownProblems.length > 0) return { problems: [...ownProblems, ...problems.filter(isError)] };
  const whole = replaceLater(value, (_, path) => judgedWith(outputAt(description, path), path)) as Endpoint;
  const args = resolveEndpoint(name, whole, models, isLater(region) ? undefined : (region as string | undefined));
  const gates = [...args.checks, ...(isLater(region) ? [judgedWith(region, regionPath)] : [])];
  return { args: { ...args, checked: gates.length > 0 ? pulumi.all(gates) : undefined }, problems };
}

const regionPath = ["aws:region"];

function transformProblems(given: unknown): Problem[] {
  const transform = isRecord(given) && isRecord(given.transform) ? given.transform : {};
  const unknown = Object.keys(transform).filter((key) => !(transformable as readonly string[]).includes(key));
  return unknown.map((key) => ({
    path: ["transform", key],
    code: "unknown-key",
    message: `is unknown: did you mean ${closest(key, transformable)}?`,
  }));
}

function isError({ severity }: Problem): boolean {
  return severity !== "warning";
}

/** Only an archive is one object, whatever is in it. */
function* loadingRules(endpoint: Endpoint, models: GivenModels): Generator<Problem> {
  const places = [
    { at: [], values: endpoint },
    ...allVariants(endpoint).filter(({ at, own }) => at.length > 0 && hasOwnModel(own)),
  ];
  for (const { at, values } of places) {
    const given = models.get(formatPath(at));
    if (given?.format === "prefix" && values.monitoring?.serverMetrics && !given.serverMetrics) {
      yield { path: [...at, "modelRepository"], code: "server-metrics-packed", message: packedBefore };
    }
    if (given) continue;
    const source = values.multiModel
      ? "multiModel"
      : values.modelDataFormat === "prefix"
        ? "modelRepository"
        : undefined;
    if (source === undefined || values[source] === undefined) continue;
    yield {
      path: [...at, source],
      code: "model-not-loaded",
      message:
        "must be loaded first, because its files decide how many objects there are: pass await loadModel(…) as model",
    };
  }
}

let opened: typeof endpointSchema | undefined;

function openSchema(): typeof endpointSchema {
  return (opened ??= open(endpointSchema));
}

function outputAt(description: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], description);
}

/**
 * The arguments for messages: a value that isn't known yet isn't shown.
 *
 * @param given the arguments
 */
export function knownArguments(given: unknown): unknown {
  return replaceLater(plainArguments(given), () => undefined);
}

/** The arguments that describe the endpoint. */
function plainArguments(given: unknown): unknown {
  return isRecord(given) ? withIdentifiers(omit(given, "releaseWatch", "transform")) : given;
}

/**
 * The arguments as Pulumi's state shows them: without functions, and without paths on this machine.
 *
 * @param given the arguments
 */
export function shownInputs(given: TritonEndpointArgs): pulumi.Inputs {
  return replaceModels(plainArguments(given)) as pulumi.Inputs;
}

function replaceModels(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (isArtifact(value)) return omit(value, "file", "files", "archives");
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaceModels(inner)]));
}

/** The arguments with each `model` as the settings that describe it. */
function withSources(given: unknown): { description: unknown; models: GivenModels; problems: Problem[] } {
  const models = new Map<string, ModelArtifact>();
  const problems: Problem[] = [];
  const own = (value: unknown, at: Path): unknown => {
    if (!isRecord(value) || !("model" in value)) return value;
    const { model, ...rest } = value;
    const other = modelSources.find((source) => rest[source] !== undefined);
    if (!isArtifact(model)) {
      problems.push({
        path: [...at, "model"],
        code: "model-not-loaded",
        message: "must be the result of loadModel: use await loadModel(…)",
      });
      return rest;
    }
    if (other !== undefined) {
      const message = `can't be combined with ${other}: remove one`;
      problems.push({ path: [...at, "model"], code: "model-ambiguous", message });
    }
    models.set(formatPath(at), model);
    return { ...rest, ...sourcesOf(model) };
  };
  const whole = own(given, []);
  if (!isRecord(whole)) return { description: whole, models, problems };
  const { variants, shadow } = whole;
  const description = {
    ...whole,
    ...(isRecord(variants) && {
      variants: Object.fromEntries(
        Object.entries(variants).map(([name, variant]) => [name, own(variant, ["variants", name])]),
      ),
    }),
    ...(shadow !== undefined && { shadow: own(shadow, ["shadow"]) }),
  };
  return { description, models, problems };
}

function sourcesOf(model: ModelArtifact): Record<string, unknown> {
  switch (model.format) {
    case "archive":
      // One that was packed here is no archive of the user's own.
      return model.serverMetrics ? { modelRepository: model.name } : { modelArchive: model.file };
    case "prefix":
      return { modelRepository: model.name, modelDataFormat: "prefix" };
    case "stored":
      return { modelDataUrl: model.modelDataUrl };
    case "multiModel":
      return { multiModel: { modelRepositories: ".", modelCacheSetting: model.modelCacheSetting } };
  }
}

/** The path that the user wrote: a problem with a loaded model's source is one with `model`. */
function givenPath(path: Path, models: GivenModels): Path {
  const depth = path[0] === "variants" ? 2 : path[0] === "shadow" ? 1 : 0;
  const at = path.slice(0, depth);
  const key = String(path[depth]);
  const isModel = key === "modelDataFormat" || (modelSources as readonly string[]).includes(key);
  return isModel && models.has(formatPath(at)) ? [...at, "model"] : path;
}

/** Drops undefined arguments. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, defined(inner)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isArtifact(model: unknown): model is ModelArtifact {
  const formats: readonly unknown[] = ["archive", "prefix", "stored", "multiModel"];
  return isRecord(model) && formats.includes(model.format);
}

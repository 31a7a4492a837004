import type { EndpointShape } from "./endpointRules.ts";

/**
 * Everything in an endpoint's arguments that is missing or of another kind than its type says, as a program without types
 * may have it: nothing else can be judged before that is right.
 *
 * @param args the arguments, whatever they are
 * @returns one sentence for each problem, naming the argument and what is allowed; empty where there is none
 */
export function argumentProblems(args: unknown): string[] {
  if (!isObject(args)) return ["the arguments are not given: use an object with model, image and variant"];
  const variants = Array.isArray(args.variants) ? args.variants : [];
  const served = [
    ["", args],
    ["variant.", args.variant],
    ["shadow.", args.shadow],
  ] as const;
  const numbered = variants.map((variant, index) => [`variants[${index}].`, variant as unknown] as const);
  return [
    ...(isImage(args.image) ? [] : ["image is not given: use an object with imageTag, or with imageUri"]),
    ...objects.flatMap((key) =>
      args[key] === undefined || isObject(args[key]) ? [] : [`${key} is no object: use one, or leave it out`],
    ),
    ...(args.variants === undefined || Array.isArray(args.variants) ? [] : ["variants is no list: use one"]),
    ...numbered.flatMap(([key, variant]) => (isObject(variant) ? [] : [`${key.slice(0, -1)} is no object: use one`])),
    ...[...served, ...numbered].flatMap(([key, variant]) => (isObject(variant) ? variantProblems(key, variant) : [])),
    ...(isObject(args.vpcConfig) && !Array.isArray(args.vpcConfig.subnets)
      ? ["vpcConfig.subnets is no list: use one of 1 to 16 ids of subnets"]
      : []),
    ...numberProblems("monitoring", args.monitoring, ["retentionInDays"]),
    ...numberProblems("dataCapture", args.dataCapture, ["initialSamplingPercentage"]),
    ...numberProblems("budget", args.budget, ["limitAmount"]),
    ...numberProblems("shadow", args.shadow, ["samplingPercentage"]),
    ...(isObject(args.rollout) && !strategies.includes(args.rollout.strategy)
      ? [`rollout.strategy is not one of its strategies: use ${strategies.join(", ")}`]
      : []),
  ];
}

const objects = [
  ...["variant", "shadow", "vpcConfig", "rollout", "autoscaling", "asyncInference"],
  ...["monitoring", "dataCapture", "budget", "tags"],
];

const strategies: readonly unknown[] = ["allAtOnce", "canary", "linear", "rolling"] satisfies NonNullable<
  EndpointShape["rollout"]
>["strategy"][];

const formats: readonly unknown[] = ["archive", "prefix", "stored", "multiModel"];

function variantProblems(key: string, variant: Record<string, unknown>): string[] {
  const { model, instanceType, autoscaling, serverlessConfig } = variant;
  return [
    ...(model === undefined || (isObject(model) && formats.includes(model.format))
      ? []
      : [`${key}model is not what loadModel returns: use await loadModel(…)`]),
    ...(instanceType === undefined || typeof instanceType === "string"
      ? []
      : [`${key}instanceType is no text: use for example ml.m5.large`]),
    ...numberProblems(`${key}serverlessConfig`, serverlessConfig, ["memorySizeInMb", "maxConcurrency"]),
    ...(isObject(autoscaling) ? autoscalingKinds(`${key}autoscaling`, autoscaling) : []),
  ];
}

function autoscalingKinds(key: string, autoscaling: Record<string, unknown>): string[] {
  const { scheduledActions = [] } = autoscaling;
  const isAction = (action: unknown) => isObject(action) && isObject(action.scalableTargetAction);
  return [
    ...numberProblems(key, autoscaling, ["minCapacity", "maxCapacity"]),
    ...(Array.isArray(scheduledActions) && scheduledActions.every(isAction)
      ? []
      : [`${key}.scheduledActions is no list of actions, each with its scalableTargetAction: use one`]),
  ];
}

function numberProblems(key: string, object: unknown, numbers: readonly string[]): string[] {
  if (!isObject(object)) return [];
  return numbers.flatMap((name) =>
    typeof object[name] === "number" ? [] : [`${key}.${name} is no number, and has to be one: set it`],
  );
}

function isImage(image: unknown): boolean {
  if (!isObject(image)) return false;
  const given = [image.imageTag, image.imageUri, image.upstreamImage].filter((name) => name !== undefined);
  return given.length > 0 && given.every((name) => typeof name === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

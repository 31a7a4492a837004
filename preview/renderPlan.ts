import treeify from "object-treeify";
import { instanceGpus } from "../sagemaker/instanceTypes.ts";
import { describeCosts } from "./costs/describeCosts.ts";
import type { Plan, PlannedResource } from "./plan.ts";

/**
 * Renders a plan for people: the tree of components, each resource with its relevant inputs and options.
 *
 * @param plan the plan
 * @returns lines without colours, ready to print
 */
export function renderPlan(plan: Plan): string {
  const tags = commonTags(plan);
  const custom = plan.resources.filter(({ type }) => !isComponent(type));
  return [
    `stack ${plan.stack} of ${plan.project}: ${custom.length} resources`,
    ...plan.notes,
    ...(tags === undefined ? [] : [`tags of every taggable resource: ${entries(tags)}`]),
    treeify(children(plan.resources, undefined)),
    "",
    "outputs",
    treeify(readable(plan.outputs) as Tree),
    "",
    "costs",
    treeify(Object.fromEntries(describeCosts(plan).map((cost) => [cost, null]))),
  ].join("\n");
}

/**
 * Counts a plan's resources by type, without components.
 *
 * @param plan the plan
 * @returns the counts by type as shown in the plan, for example `aws.s3.Bucket`
 */
export function countByType(plan: Plan): Record<string, number> {
  const types = plan.resources.map(({ type }) => type).filter((type) => !isComponent(type));
  return Object.fromEntries([...Map.groupBy(types, shortType)].map(([type, { length }]) => [type, length]));
}

type Tree = Record<string, unknown>;

function children(resources: readonly PlannedResource[], parent: string | undefined): Tree {
  return Object.fromEntries(
    resources
      .filter((resource) => resource.parent === parent)
      .map((resource) => [
        heading(resource),
        isComponent(resource.type) ? children(resources, resource.name) : inputsOf(resource),
      ]),
  );
}

function heading({ type, name, options }: PlannedResource): string {
  const treatment = [
    ...(options.protect ? ["protected"] : []),
    ...(options.retainOnDelete ? ["retained on delete"] : []),
    ...(options.hooks ? ["watched"] : []),
    ...(options.secrets ?? []).map((input) => `${input} secret`),
  ];
  return `${shortType(type)} ${name}${treatment.length > 0 ? ` (${treatment.join(", ")})` : ""}`;
}

/** `aws:s3/bucket:Bucket` is `aws.s3.Bucket`; our own components are shown by class. */
export function shortType(type: string): string {
  const [provider = "", module = "", name = ""] = type.split(":");
  if (isComponent(type)) return name;
  if (provider === "pulumi") return `${name} provider`;
  const folder = module.split("/")[0] ?? "";
  return [provider, ...(folder === "index" ? [] : [folder]), name].join(".");
}

function isComponent(type: string): boolean {
  return type.startsWith("sagemaker-triton:");
}

function inputsOf({ inputs }: PlannedResource): Tree {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([key]) => key !== "tags")
      .map(([key, value]) => [key, readable(value)]),
  );
}

/**
 * JSON documents: policies are shown with one statement per line, dashboards with one row per line, alarms with one
 * metric per line.
 */
function readable(value: unknown): unknown {
  const document = documentIn(value);
  if (document !== undefined) return readable(document);
  if (Array.isArray(value)) {
    if (value.some(isMetricQuery)) {
      return Object.fromEntries((value as MetricQuery[]).map((query) => [describeMetricQuery(query), null]));
    }
    if (value.every((item) => typeof item !== "object" || item === null)) return value.join(", ");
    return value.length === 1
      ? readable(value[0])
      : Object.fromEntries(value.map((item, i) => [`#${i + 1}`, readable(item)]));
  }
  if (typeof value !== "object" || value === null) return value;
  if (Object.keys(value).length === 0) return "{}";
  if ("widgets" in value && Array.isArray(value.widgets)) return dashboardRows(value.widgets as Widget[]);
  if ("Statement" in value && Array.isArray(value.Statement)) {
    return Object.fromEntries(
      (value.Statement as Statement[]).map((statement) => [describeStatement(statement), null]),
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "instanceType" && typeof inner === "string" ? withGpus(inner) : readable(inner),
    ]),
  );
}

/** Parses JSON text if it is an object or a list of objects. */
function documentIn(value: unknown): object | undefined {
  if (typeof value !== "string" || !/^(\{|\[\s*\{)/.test(value)) return undefined;
  try {
    return JSON.parse(value) as object;
  } catch {
    return undefined;
  }
}

/** An instance type, and the GPUs that come with it. */
function withGpus(instanceType: string): string {
  const gpus = instanceGpus(instanceType);
  if (!gpus) return instanceType;
  return `${instanceType} (${gpus.count} × ${gpus.name} of ${Math.round(gpus.memorySizeInMib / 1024)} GiB)`;
}

interface MetricQuery {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly stat: string;
    readonly period: number;
    readonly dimensions: Readonly<Record<string, string>>;
  };
}

function isMetricQuery(value: unknown): boolean {
  return typeof value === "object" && value !== null && "id" in value && ("metric" in value || "expression" in value);
}

function describeMetricQuery({ id, expression, metric }: MetricQuery): string {
  if (!metric) return `${id}: ${expression ?? ""}`;
  const { namespace, metricName, stat, period, dimensions } = metric;
  return `${id}: ${stat} of ${namespace} ${metricName} in ${period} s, ${entries(dimensions)}`;
}

interface Widget {
  readonly y: number;
  readonly properties: { readonly title?: string };
}

/** The titles of widgets in the same row. */
function dashboardRows(widgets: readonly Widget[]): Tree {
  const titled = widgets.filter(({ properties }) => properties.title !== undefined);
  const rows = Map.groupBy(titled, ({ y }) => y);
  return Object.fromEntries(
    [...rows.values()].map((row) => [row.map(({ properties }) => properties.title).join(" | "), null]),
  );
}

/** A statement of a policy. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Principal?: string | Record<string, string>;
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

/** Whether a value is a statement of a policy. */
export function isStatement(value: unknown): value is Statement {
  return typeof value === "object" && value !== null && "Effect" in value && "Action" in value;
}

/** A statement in a line: what it allows or denies whom, on what, and if. */
export function describeStatement({ Effect, Principal, Action, Resource, Condition }: Statement): string {
  const conditions = Object.entries(Condition ?? {}).flatMap(([operator, tests]) =>
    Object.entries(tests).map(([key, value]) => `${key} ${operator} ${[value].flat().join(", ")}`),
  );
  return [
    Effect,
    ...(Principal === undefined
      ? []
      : [typeof Principal === "string" ? Principal : Object.values(Principal).join(", ")]),
    [Action].flat().join(", "),
    ...(Resource === undefined ? [] : [`on ${[Resource].flat().join(", ")}`]),
    ...(conditions.length > 0 ? [`if ${conditions.join(" and ")}`] : []),
  ].join(" ");
}

function commonTags({ resources }: Plan): Record<string, string> | undefined {
  return resources.map(({ inputs }) => inputs.tags as Record<string, string> | undefined).find((tags) => tags);
}

function entries(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

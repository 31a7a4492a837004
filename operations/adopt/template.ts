import { isAlias, isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, type Node, type YAMLSeq } from "yaml";
import { parseYaml, withinStack, type YamlDocument } from "../../text/yamlDocument.ts";

/** A CloudFormation template, with its short functions (`!Ref`) written as the long ones. */
export interface Template {
  /** Its name, for messages: the file's, or the stack's. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, { readonly Type?: unknown; readonly Default?: unknown }>>;
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  /**
   * The line of a key, counted from 1: of the deepest key of the path that the template has.
   *
   * @param path keys and indexes from the top, for example `"Resources", "Endpoint", "Properties"`
   */
  readonly lineOf: (...path: readonly (string | number)[]) => number;
}

/** A resource as its template has it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: unknown;
  readonly Condition?: unknown;
}

/**
 * Reads a CloudFormation template, YAML or JSON.
 *
 * @param text the template
 * @param name its name, for messages
 * @throws Error if it isn't valid YAML, or no template
 */
export function readTemplate(text: string, name: string): Template {
  const yaml = parseYaml(text, name, shortFunctions);
  const content: unknown = withinStack(name, () => yaml.document.toJS() as unknown);
  const lineOf = lines(yaml);
  const refuse = (line: number, message: string): never => {
    throw new Error(`${name} is no CloudFormation template: line ${line}: ${message}`);
  };
  if (!isObject(content) || !isObject(content.Resources)) {
    return refuse(1, "there is no object Resources");
  }
  for (const [logicalId, resource] of Object.entries(content.Resources)) {
    const line = lineOf("Resources", logicalId);
    if (!isObject(resource) || typeof resource.Type !== "string")
      return refuse(line, `the resource ${logicalId} has no Type`);
    if (resource.Properties !== undefined && !isObject(resource.Properties))
      return refuse(line, `the Properties of ${logicalId} must be an object`);
  }
  const part = (key: string) => (isObject(content[key]) ? content[key] : {});
  return {
    name,
    parameters: Object.fromEntries(Object.entries(part("Parameters")).filter(([, one]) => isObject(one))) as object,
    mappings: part("Mappings"),
    conditions: part("Conditions"),
    resources: content.Resources as Template["resources"],
    lineOf,
  } as Template;
}

/** Whether a value is an object, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A value as text: numbers and booleans are strings to CloudFormation.
 *
 * @param value a value of a template
 */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

/**
 * The functions that have a tag in YAML.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
const functions = [
  ...["And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue", "Join", "Length"],
  ...["Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"],
];

const longNames: readonly (readonly [string, string])[] = [
  ...functions.map((name) => [`!${name}`, `Fn::${name}`] as const),
  ["!Ref", "Ref"],
  ["!Condition", "Condition"],
];

/** Each tag on a scalar, a list and an object; `!GetAtt Role.Arn` is the only one whose scalar is a list. */
const shortFunctions = longNames.flatMap(([tag, name]) => [
  {
    tag,
    resolve: (value: string) => ({ [name]: name === "Fn::GetAtt" ? splitOnce(value) : value }),
  },
  ...(["seq", "map"] as const).map((collection) => ({
    tag,
    collection,
    resolve: (argument: YAMLMap.Parsed | YAMLSeq.Parsed) => {
      const call = new YAMLMap();
      call.items.push(new Pair(new Scalar(name), argument));
      return call;
    },
  })),
]) as never[];

function splitOnce(value: string): string[] {
  const dot = value.indexOf(".");
  return dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)];
}

function lines({ document, lines }: YamlDocument): Template["lineOf"] {
  return (...path) => {
    let [node, at]: [Node | null | undefined, number] = [document.contents, 0];
    for (const key of path) {
      if (isAlias(node)) node = node.resolve(document);
      const [place, value] = child(node, key);
      if (!place) break;
      at = place.range?.[0] ?? at;
      node = value;
    }
    return lines.linePos(at).line;
  };
}

/** The node of a key or of an item, and its value's. */
function child(node: unknown, key: string | number): [Node | undefined, Node | null | undefined] {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined;
    return [item, item];
  }
  const pair = isMap(node) ? node.items.find(({ key: one }) => isScalar(one) && one.value === key) : undefined;
  return pair ? [pair.key as Node, pair.value as Node | null] : [undefined, undefined];
}

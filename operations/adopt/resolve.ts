import { partitionOf, registrySuffixes } from "../../sagemaker/partitions.ts";
import { isObject, type Template, type TemplateResource, textOf } from "./template.ts";
import { attributeOf, physicalName, referenceOf } from "./resourceNames.ts";
import { firstUnknown, Unknown } from "./unknown.ts";

/** What is known beside the template. */
export interface Facts {
  /** Values of parameters, and of pseudo parameters such as `AWS::AccountId`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The names that AWS gave to a deployed stack's resources, by logical id; empty if it isn't known to be deployed. */
  readonly names: Readonly<Record<string, string>>;
}

/** Computes the values of a template, as CloudFormation does when it deploys it. */
export class Resolver {
  /** The template. */
  readonly template: Template;
  /** The names that AWS gave to resources, by logical id. */
  readonly names: Facts["names"];
  readonly #parameters: Facts["parameters"];

  /**
   * @param template the template
   * @param facts what is known beside it
   */
  constructor(template: Template, { parameters, names }: Facts) {
    this.template = template;
    this.names = names;
    this.#parameters = parameters;
  }

  /**
   * Computes a value: its parts that aren't known are `Unknown`, and those that the template leaves out are left out.
   *
   * @param raw the value as the template has it
   */
  value(raw: unknown): unknown {
    if (typeof raw === "string") return raw.includes("{{resolve:") ? new Unknown(dynamic) : raw;
    if (Array.isArray(raw)) return raw.map((item) => this.value(item)).filter((item) => item !== undefined);
    if (!isObject(raw)) return raw ?? undefined;
    const [name = "", ...others] = Object.keys(raw);
    if (others.length === 0 && /^(Fn::.+|Ref)$/.test(name)) return this.#call(name, raw[name]);
    const entries = Object.entries(raw).map(([key, value]) => [key, this.value(value)] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  /** Whether the template creates the resource. */
  creates({ Condition }: TemplateResource): boolean | Unknown {
    return typeof Condition === "string" ? this.#condition({ Condition }) : true;
  }

  #call(name: string, argument: unknown): unknown {
    if (name === "Ref") return this.#ref(textOf(argument));
    if (name === "Fn::If") return this.#if(argument);
    if (name === "Fn::Sub") return this.#sub(argument);
    const resolved = this.value(argument);
    const unknown = firstUnknown(resolved);
    if (unknown) return unknown;
    const list = Array.isArray(resolved) ? (resolved as unknown[]) : [];
    switch (name) {
      case "Fn::GetAtt":
        return this.#attribute(textOf(list[0]), textOf(list[1]));
      case "Fn::Join":
        return Array.isArray(list[1]) ? list[1].map(textOf).join(textOf(list[0])) : new Unknown(unsupported(name));
      case "Fn::Split":
        return textOf(list[1]).split(textOf(list[0]));
      case "Fn::Select":
        return Array.isArray(list[1]) ? (list[1] as unknown[])[Number(list[0])] : new Unknown(unsupported(name));
      case "Fn::FindInMap":
        return this.#map(list.map(textOf));
      case "Fn::ImportValue":
        return new Unknown(`another stack exports it as ${textOf(resolved)}: give the stack that has the endpoint`);
      default:
        return new Unknown(unsupported(name));
    }
  }

  #ref(name: string): unknown {
    if (name === "AWS::NoValue") return undefined;
    if (Object.hasOwn(this.template.parameters, name) || name.startsWith("AWS::")) return this.#parameter(name);
    const resource = own(this.template.resources, name);
    return resource ? referenceOf(this, name, resource) : new Unknown(`the template has no ${name}`);
  }

  #parameter(name: string): unknown {
    const { Type, Default } = own(this.template.parameters, name) ?? {};
    const given = own(this.#parameters, name);
    const isStored = textOf(Type).startsWith("AWS::SSM::Parameter");
    const value = given ?? derived(name, this.#parameters) ?? (isStored ? undefined : Default);
    if (value === undefined) return new Unknown(`${name} isn't known: add --parameter ${name}=VALUE`);
    if (value === "****") return new Unknown(`CloudFormation doesn't show ${name}: add --parameter ${name}=VALUE`);
    const text = textOf(value);
    return textOf(Type).includes("List") ? text.split(",").map((item) => item.trim()) : text;
  }

  #if(argument: unknown): unknown {
    const [condition, then, otherwise] = Array.isArray(argument) ? (argument as unknown[]) : [];
    const holds = this.#condition({ Condition: condition });
    return holds instanceof Unknown ? holds : this.value(holds ? then : otherwise);
  }

  #condition(raw: unknown): boolean | Unknown {
    const [name, argument] = Object.entries(isObject(raw) ? raw : {})[0] ?? ["", undefined];
    if (name === "Condition") {
      const named = own(this.template.conditions, textOf(argument));
      return named === undefined
        ? new Unknown(`the template has no condition ${textOf(argument)}`)
        : this.#condition(named);
    }
    const operands = Array.isArray(argument) ? (argument as unknown[]) : [];
    if (name === "Fn::Equals") {
      const [one, other] = operands.map((operand) => this.value(operand));
      return firstUnknown([one, other]) ?? textOf(one) === textOf(other);
    }
    const holds = operands.map((operand) => this.#condition(operand));
    const known = holds.find((one) => one === (name === "Fn::Or"));
    const unknown = holds.find((one) => one instanceof Unknown);
    switch (name) {
      case "Fn::Not":
        return unknown ?? holds[0] === false;
      case "Fn::And":
      case "Fn::Or":
        return known ?? unknown ?? name === "Fn::And";
      default:
        return new Unknown(unsupported(textOf(name)));
    }
  }

  #sub(argument: unknown): unknown {
    const [text, variables] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
    const own = isObject(variables) ? variables : {};
    let unknown: Unknown | undefined;
    const whole = textOf(text).replace(/\$\{([^}]*)\}/g, (_, name: string) => {
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      const [logicalId = "", ...attribute] = name.split(".");
      const value = Object.hasOwn(own, name)
        ? this.value(own[name])
        : attribute.length > 0
          ? this.#attribute(logicalId, attribute.join("."))
          : this.#ref(name);
      unknown ??= firstUnknown(value);
      return textOf(value);
    });
    return unknown ?? this.value(whole);
  }

  #attribute(logicalId: string, attribute: string): unknown {
    const resource = own(this.template.resources, logicalId);
    if (!resource) return new Unknown(`the template has no ${logicalId}`);
    return attributeOf(this, logicalId, resource, attribute);
  }

  #map([map = "", key = "", name = ""]: readonly string[]): unknown {
    const level = (from: unknown, at: string) => (isObject(from) ? own(from, at) : undefined);
    return level(level(own(this.template.mappings, map), key), name) ?? new Unknown(`${map} has no ${key} ${name}`);
  }

  /** The name in AWS of a resource of the template. */
  nameOf(logicalId: string): string | Unknown {
    const resource = own(this.template.resources, logicalId);
    return resource ? physicalName(this, logicalId, resource) : new Unknown(`the template has no ${logicalId}`);
  }
}

/** A property of an object whose keys come from outside. */
function own<Value>(object: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The pseudo parameters that follow from the region. */
function derived(name: string, { "AWS::Region": region }: Readonly<Record<string, string | undefined>>): unknown {
  if (name === "AWS::NotificationARNs") return "";
  if (region === undefined) return undefined;
  return { "AWS::Partition": partitionOf(region), "AWS::URLSuffix": registrySuffixes(region)[0] }[name];
}

const dynamic =
  "CloudFormation reads it from another service when it deploys: write the value itself into the template";

function unsupported(name: string): string {
  return `adopt doesn't compute ${name}: write the value itself into the template`;
}

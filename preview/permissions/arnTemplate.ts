import facts from "../../sagemaker/permissions.json" with { type: "json" };
import { partitionOf } from "../../sagemaker/partitions.ts";
import replacements from "../../sagemaker/replacements.json" with { type: "json" };
import type { Plan, PlannedResource } from "../plan.ts";

/** Where a stack's resources are, as far as it is known before they exist. */
export interface PlannedScope {
  /** The region. Default: any. */
  readonly region?: string | undefined;
  /** The account, twelve digits. Default: any. */
  readonly account?: string | undefined;
}

/**
 * Fills in templates of ARNs from a plan. What only AWS or Pulumi knows is `*`: an auto-named resource is
 * `<name in Pulumi>-*`.
 */
export class ArnTemplates {
  readonly #resources: ReadonlyMap<string, PlannedResource>;
  readonly #scope: Readonly<Record<string, string>>;

  /**
   * @param plan the stack's plan
   * @param scope where its resources are
   */
  constructor({ resources }: Plan, { region = "*", account = "*" }: PlannedScope) {
    this.#resources = new Map(resources.map((resource) => [resource.name, resource]));
    // IAM refuses any other partition than a real one.
    this.#scope = { partition: partitionOf(region), region, account };
  }

  /**
   * Fills in a template: `{name}` is an input of the resource, `{a.b}` an input within it or within the resource that it
   * refers to, and `{name:transform}` what `transforms` makes of it.
   *
   * @param template for example `arn:{partition}:s3:::{bucket}`
   * @param resource the resource
   * @returns `undefined` if the resource lacks an input that the template needs
   */
  fill(template: string, resource: PlannedResource): string | undefined {
    const missing: string[] = [];
    const filled = template.replaceAll(/\{([^{}:]+)(?::(\w+))?\}/g, (_, input: string, transform?: string) => {
      const value = this.#scope[input] ?? this.#input(resource, input.split("."));
      const made = transform === undefined ? value : transforms[transform]?.(value, this.#scope);
      if (made === undefined) missing.push(input);
      return made ?? "";
    });
    return missing.length > 0 ? undefined : filled;
  }

  /**
   * The KMS keys that a resource's inputs name.
   *
   * @param resource the resource
   */
  keysOf({ inputs }: PlannedResource): string[] {
    return texts(inputs).flatMap((text) => {
      const arn = this.resolve(text);
      return /^arn:[^:]+:kms:/.test(arn) ? [arn] : [];
    });
  }

  /**
   * Replaces references to other resources and to AWS by what is known of them.
   *
   * @param text for example `${triton-storage-bucket.bucket}`
   */
  resolve(text: string): string {
    return text.replaceAll(/\$\{([^{}]+?)(?:\.(\w+))?\}/g, (_, name: string, output = "") => {
      const resource = this.#resources.get(name);
      if (resource) return this.#output(resource, output as string);
      return name === "aws" && output === "accountId" ? (this.#scope.account ?? "*") : "*";
    });
  }

  #output(resource: PlannedResource, output: string): string {
    const given = resource.inputs[output];
    if (typeof given === "string") return this.resolve(given);
    if (output === "arn") return this.fill([arnsOf(resource.type)].flat()[0] ?? "*", resource) ?? "*";
    return output === autoName(resource.type) ? autoNamed(resource) : "*";
  }

  #input(resource: PlannedResource, [key = "", ...rest]: readonly string[]): string | undefined {
    let value: unknown = resource.inputs[key];
    for (const [index, step] of rest.entries()) {
      const [, name = ""] = typeof value === "string" ? (/^\$\{(.+)\.\w+\}$/.exec(value) ?? []) : [];
      const other = this.#resources.get(name);
      if (other) return this.#input(other, rest.slice(index));
      value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined;
    }
    if (typeof value === "string") return this.resolve(value);
    if (value !== undefined) return JSON.stringify(value);
    return rest.length === 0 && key === autoName(resource.type) ? autoNamed(resource) : undefined;
  }
}

type Transform = (value: string | undefined, scope: Readonly<Record<string, string>>) => string | undefined;

const bucketOf = (url: string | undefined, partition = "aws") => {
  const [, bucket] = /^s3:\/\/([^/]+)\//.exec(url ?? "") ?? [];
  return bucket === undefined ? undefined : `arn:${partition}:s3:::${bucket}`;
};

const transforms: Readonly<Record<string, Transform>> = {
  /** Nothing, if there is a value. */
  present: (value) => value && "",
  /** The first folder of an object's key. */
  folder: (key) => /^([^/]*\/)?/.exec(key ?? "")?.[0],
  /** The bucket of an `s3://` URL. */
  bucket: (url, { partition }) => bucketOf(url, partition),
  /** The objects in the first folder of an `s3://` URL, where the next release's are too. */
  object: (url, { partition }) => {
    const bucket = bucketOf(url, partition);
    const [, folder = ""] = /^s3:\/\/[^/]+\/([^/]+\/)?/.exec(url ?? "") ?? [];
    return bucket === undefined ? undefined : `${bucket}/${folder}*`;
  },
  /** The repository of an image in ECR. */
  repository: (image, { partition }) => {
    const [, account, region, name] = /^([^.]+)\.dkr\.ecr\.([^.]+)\.[^/]+\/([^:@]+)/.exec(image ?? "") ?? [];
    return name === undefined
      ? undefined
      : `arn:${partition ?? "aws"}:ecr:${region ?? ""}:${account ?? ""}:repository/${name}`;
  },
};

/** The input that Pulumi fills in if the program doesn't give it. */
function autoName(type: string): string | undefined {
  return (replacements.types as Readonly<Record<string, { readonly name?: string }>>)[type]?.name;
}

/** Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming */
function autoNamed({ type, name }: PlannedResource): string {
  const lowerCase = ["aws:s3/bucket:Bucket", "aws:ecr/repository:Repository"].includes(type);
  return `${lowerCase ? name.toLowerCase() : name}-*`;
}

function arnsOf(type: string): string | readonly string[] {
  const types: Readonly<Record<string, { readonly arn: string | readonly string[] }>> = facts.types;
  return types[type]?.arn ?? [];
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

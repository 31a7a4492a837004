import type { OldResource, OldStack } from "./oldStack.ts";
import { Unknown } from "./unknown.ts";
import { textOf } from "./template.ts";

/**
 * Finds the resource that a value names.
 *
 * @param stack what runs today
 * @param type its type
 * @param value its name, its ARN, its id, or the name that only AWS knows
 */
export function named({ resources }: OldStack, type: string, value: unknown): OldResource | undefined {
  return resources
    .filter((resource) => resource.type === type)
    .find(({ logicalId, name }) =>
      value instanceof Unknown
        ? value.logicalId === logicalId
        : typeof name === "string" && (value === name || textOf(value).endsWith(`/${name}`)),
    );
}

/**
 * The resources of a type.
 *
 * @param stack what runs today
 * @param types their types; one that ends in `::` stands for a whole service
 */
export function ofType({ resources }: OldStack, ...types: readonly string[]): OldResource[] {
  return resources.filter(({ type }) =>
    types.some((one) => (one.endsWith("::") ? type.startsWith(one) : type === one)),
  );
}

/** The bucket of `s3://<bucket>/<key>`. */
export function bucketOf(url: string | undefined): string | undefined {
  return /^s3:\/\/([^/]+)/.exec(url ?? "")?.[1];
}

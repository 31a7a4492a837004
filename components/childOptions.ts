import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseWatch } from "../releases/watchReleases.ts";
import { transformed, type Transforms } from "./transforms.ts";

/** What a component adds to each of its children: the user's transforms, and what they wait for. */
export class ChildOptions {
  /** What must succeed before any child is registered, such as the check of a model. Default: nothing. */
  gate: pulumi.Output<unknown> | undefined;
  readonly #transforms: Transforms;

  /** @param transforms the user's transforms. Default: none */
  constructor(transforms: Transforms = {}) {
    this.#transforms = transforms;
  }

  /**
   * The component's options with a transformation that reaches its children.
   *
   * @param opts the component's options
   * @param releaseWatch what takes over children that exist already, and guards them against being
   * deleted. Default: nothing
   */
  addedTo(opts: pulumi.ComponentResourceOptions = {}, releaseWatch?: ReleaseWatch): pulumi.ComponentResourceOptions {
    let isChild = false;
    const add: pulumi.ResourceTransformation = (resource) => {
      // The component's own registration comes first.
      if (!isChild) {
        isChild = true;
        return undefined;
      }
      const child = transformed(this.#transforms, resource);
      return this.gate ? { ...child, opts: { ...child.opts, dependsOn: waitFor(this.gate, child.opts) } } : child;
    };
    const watched = releaseWatch ? [takeOver(releaseWatch), releaseWatch.guardDeletions] : [];
    return { ...opts, transformations: [...(opts.transformations ?? []), add, ...watched] };
  }
}

/** Imports what exists already instead of creating it. */
function takeOver({ existing }: ReleaseWatch): pulumi.ResourceTransformation {
  return ({ name, props, opts }) => {
    const [id, kept] = [existing.imports.get(name), existing.names.get(name)];
    if (id === undefined && kept === undefined) return undefined;
    return {
      props: kept === undefined ? props : { ...props, name: kept },
      opts: id === undefined ? opts : { ...opts, import: id },
    };
  };
}

function waitFor(
  gate: pulumi.Output<unknown>,
  { dependsOn = [] }: pulumi.ResourceOptions,
): pulumi.ResourceOptions["dependsOn"] {
  return gate.apply(() => dependsOn) as pulumi.Output<pulumi.Resource[]>;
}

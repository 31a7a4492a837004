import type { CloudResource } from "./cloud.ts";
import type { EngineStack, MadeResource } from "./engineStack.ts";
import { emulatedTypes } from "./provider/emulatedTypes.ts";
import { pushedImage } from "./provider/resourceTypes.ts";
import { types } from "./types.ts";

/**
 * Deletes a resource as somebody does in AWS's console: what is in it or hangs on it goes along, and nobody tells Pulumi.
 *
 * @param stack whose it is
 * @param resource the resource
 */
export async function deleteByHand({ cloud, emulator }: EngineStack, { type, id }: MadeResource): Promise<void> {
  const resource = cloud.get(type, id);
  if (!resource) return;
  const parts = cloud.everything().filter((part) => part !== resource && hangsOn(part, resource));
  for (const each of [...parts, resource]) {
    await emulatedTypes[each.type]?.remove(emulator.clients, each.outputs);
    cloud.remove(each.type, each.id);
  }
}

function hangsOn({ type, inputs }: CloudResource, whole: CloudResource): boolean {
  switch (whole.type) {
    case types.bucket:
      return inputs.bucket === whole.id;
    case types.role:
      return type === types.rolePolicy && inputs.role === whole.id;
    case types.repository:
      return (
        inputs.repository === whole.id ||
        inputs.repositoryUrl === whole.outputs.repositoryUrl ||
        (type === types.registryImage && String(inputs.name).startsWith(`${String(whole.outputs.repositoryUrl)}:`))
      );
    case types.registryImage:
      return type === pushedImage && inputs.digest === whole.outputs.sha256Digest;
    case types.topic:
      return inputs.topic === whole.id || inputs.arn === whole.id;
    case types.scalableTarget:
      return [types.scalingPolicy, types.scheduledAction].includes(type as never) && inputs.resourceId === whole.id;
    default:
      return false;
  }
}

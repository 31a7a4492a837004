import * as pulumi from "@pulumi/pulumi";
import type { Endpoint } from "../endpoint/schema.ts";
import { withExactMessage } from "../releases/exactMessage.ts";
import { checkOptionsFor, describeTarget, type CheckTarget } from "../sagemaker/checkTarget.ts";
import { whenKnown } from "./later.ts";
import { loadModel, objectName } from "../packing/loadModel.ts";
import type { ArchivedModel, ModelArtifact, StoredModel } from "../packing/modelArtifact.ts";

/** An archive that is checked and packed while resources are registered. */
export interface PackedLater extends Pick<ArchivedModel, "format" | "name"> {
  /** The content's SHA-256, 64 hexadecimal digits. */
  readonly digest: pulumi.Input<string>;
  /** The archive's path on this machine. */
  readonly file: pulumi.Input<string>;
  /** Rejects if the check finds errors; absent if it waits for another resource's outputs. */
  readonly checked?: Promise<unknown>;
}

/** A model that is already in S3, at a URL that may come from another resource. */
export interface StoredLater extends Pick<StoredModel, "format"> {
  /** `s3://<bucket>/<key>` of a `.tar.gz`. */
  readonly modelDataUrl: pulumi.Input<string>;
}

/** A model, of which it is known what has to be uploaded, if not yet with which content. */
export type PendingModel = ModelArtifact | PackedLater | StoredLater;

/**
 * The model that an endpoint or a variant names.
 *
 * @param source the settings that name it. A folder of single files or of many models must have been loaded already
 * @param target where it will be served
 * @param given the model if it was loaded already
 * @internal
 */
export function pendingModel(source: Endpoint, target: CheckTarget, given: ModelArtifact | undefined): PendingModel {
  if (given) return given;
  const { modelDataUrl, modelArchive, modelRepository = "" } = source;
  if (modelDataUrl !== undefined) return { format: "stored", modelDataUrl };
  const packed = whenKnown(target, async (known) => {
    const where = known as CheckTarget;
    const serverMetrics = where.server.serverMetrics !== undefined;
    const options = { check: checkOptionsFor(where), checkedFor: describeTarget(where), serverMetrics };
    try {
      return (await loadModel({ modelArchive, modelRepository }, options)) as ArchivedModel;
    } catch (error) {
      throw withExactMessage(error as Error);
    }
  }) as pulumi.Input<ArchivedModel>;
  const { digest, file } = pulumi.output(packed);
  const name = objectName(modelArchive ?? modelRepository);
  return { format: "archive", name, digest, file, ...(packed instanceof Promise && { checked: packed }) };
}

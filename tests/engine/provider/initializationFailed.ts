import * as grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "./values.ts";

/**
 * What a provider answers for a resource that was made and then did not come up: the engine keeps it in the state.
 *
 * @param id the resource's id
 * @param outputs what is known of it
 * @param inputs what it was made from
 * @param reason why it did not come up
 */
export function initializationFailed(id: string, outputs: Properties, inputs: Properties, reason: string): Error {
  const toStruct = (properties: Properties) =>
    struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, never>);
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(outputs));
  detail.setInputs(toStruct(inputs));
  detail.setReasonsList([reason]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new status.Status();
  answer.setCode(grpc.status.UNKNOWN);
  answer.setMessage(reason);
  answer.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return Object.assign(new Error(reason), { code: grpc.status.UNKNOWN, details: reason, metadata });
}

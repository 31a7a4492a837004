import { createHash } from "node:crypto";
import type * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type { CheckRequest, InvokeRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { answer, startServer, type GrpcServer } from "./grpcServer.ts";
import { difference, replacementFacts } from "./difference.ts";
import { initializationFailed } from "./initializationFailed.ts";
import { lookUp } from "./lookups.ts";
import type { ResourceOperations } from "./resourceOperations.ts";
import { resourceTypes } from "./resourceTypes.ts";
import { defaultsKey, plain, type Properties } from "./values.ts";

/**
 * Starts a stand-in for the AWS or the Docker provider in this process. It speaks the provider protocol itself:
 * `@pulumi/pulumi/provider`'s server knows neither previews nor old inputs nor auto-naming, all of which decide what the
 * engine does.
 *
 * @param name which provider it stands in for
 * @param operations what creates, updates and deletes
 */
export async function startStandIn(name: "aws" | "docker", operations: ResourceOperations): Promise<GrpcServer> {
  return startServer(services.ResourceProviderService, handlers(name, operations) as grpc.UntypedServiceImplementation);
}

const versions = { aws: "7.48.0", docker: "5.2.0" };

function handlers(provider: keyof typeof versions, operations: ResourceOperations): Record<string, unknown> {
  let signedIn = "";
  return {
    handshake: answer(() => {
      const response = new messages.ProviderHandshakeResponse();
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: answer(() => new empty.Empty()),
    cancel: answer(() => new empty.Empty()),
    getPluginInfo: answer(() => {
      const response = new plugin.PluginInfo();
      response.setVersion(versions[provider]);
      return response;
    }),
    getSchema: answer(() => {
      const response = new messages.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: provider, version: versions[provider] }));
      return response;
    }),
    checkConfig: answer((request: CheckRequest) => {
      const response = new messages.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: answer((request: InstanceType<typeof messages.DiffRequest>) => {
      const [before, after] = [read(request.getOldInputs()), read(request.getNews())];
      const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
      );
      const response = new messages.DiffResponse();
      response.setDiffsList(changed);
      response.setChanges(anyOf(changed));
      if (provider === "aws" && changed.includes("region")) response.setReplacesList(["region"]);
      return response;
    }),
    configure: answer((request: InstanceType<typeof messages.ConfigureRequest>) => {
      const args = read(request.getArgs());
      signedIn = JSON.stringify(args);
      operations.ignoredTags = ignoredTags(args.ignoreTags);
      const response = new messages.ConfigureResponse();
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    invoke: answer((request: InvokeRequest) => {
      const response = new messages.InvokeResponse();
      response.setReturn(write(lookUp(request.getTok(), read(request.getArgs()), operations.cloud, signedIn)));
      return response;
    }),
    check: answer((request: CheckRequest) => {
      const response = new messages.CheckResponse();
      response.setInputs(write(checked(request)));
      return response;
    }),
    diff: answer((request: InstanceType<typeof messages.DiffRequest>) => {
      const type = typeOf(request.getUrn());
      const [state, before, after] = [request.getOlds(), request.getOldInputs(), request.getNews()].map(read);
      return differenceResponse(difference(type, state ?? {}, before ?? {}, after ?? {}));
    }),
    create: answer(async (request: InstanceType<typeof messages.CreateRequest>) => {
      const { inputs, ...named } = { ...resourceOf(request), inputs: read(request.getProperties()) };
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(write(operations.planned(named.type, inputs)));
        return response;
      }
      const { id, outputs, failure } = await operations.create(named, inputs);
      if (failure) throw initializationFailed(id, outputs, inputs, failure);
      response.setId(id);
      response.setProperties(write(outputs));
      return response;
    }),
    read: answer(async (request: InstanceType<typeof messages.ReadRequest>) => {
      const response = new messages.ReadResponse();
      const { type } = resourceOf(request);
      const outputs = await operations.read(type, request.getId());
      if (!outputs) return response;
      const inputs = read(request.getInputs());
      response.setId(request.getId());
      response.setProperties(write(outputs));
      response.setInputs(write(refreshed(inputs, outputs)));
      return response;
    }),
    update: answer(async (request: InstanceType<typeof messages.UpdateRequest>) => {
      const response = new messages.UpdateResponse();
      const [state, inputs] = [read(request.getOlds()), read(request.getNews())];
      const outputs = request.getPreview()
        ? { ...state, ...inputs }
        : await operations.update(resourceOf(request), request.getId(), state, inputs);
      response.setProperties(write(outputs));
      return response;
    }),
    delete: answer(async (request: InstanceType<typeof messages.DeleteRequest>) => {
      await operations.remove(resourceOf(request), request.getId(), read(request.getProperties()));
      return new empty.Empty();
    }),
  };
}

/** The inputs, with a name where the program gave none: the one that it had, else one made from the resource's name. */
function checked(request: CheckRequest): Properties {
  const type = typeOf(request.getUrn());
  const [inputs, before] = [read(request.getNews()), read(request.getOlds())];
  const { name } = replacementFacts(type);
  if (name === undefined || inputs[name] !== undefined || inputs.namePrefix !== undefined) {
    return { ...inputs, [defaultsKey]: [] };
  }
  const kept = ((before[defaultsKey] ?? []) as string[]).includes(name) ? before[name] : undefined;
  const suffix = createHash("sha256").update(request.getRandomseed_asU8()).digest("hex").slice(0, 7);
  const proposed = `${resourceOf(request).name}-${suffix}`;
  const made = resourceTypes[type]?.lowerCase ? proposed.toLowerCase() : proposed;
  return { ...inputs, [name]: kept ?? made, [defaultsKey]: [name] };
}

/** What a refresh makes of the inputs: those that were given, as they are now. */
function refreshed(inputs: Properties, outputs: Properties): Properties {
  const seen = (key: string, given: unknown) =>
    key === defaultsKey || key === "source" || !(key in outputs) ? given : outputs[key];
  return Object.fromEntries(Object.entries(inputs).map(([key, given]) => [key, seen(key, given)]));
}

/** The beginnings of tags' names that the provider was told to leave alone; the engine may give an object as text. */
function ignoredTags(ignoreTags: unknown): readonly string[] {
  const given = (typeof ignoreTags === "string" ? JSON.parse(ignoreTags) : ignoreTags) as { keyPrefixes?: string[] };
  return (given as typeof given | undefined)?.keyPrefixes ?? [];
}

function differenceResponse(found: ReturnType<typeof difference>): InstanceType<typeof messages.DiffResponse> {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  const kinds = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
  } as const;
  const response = new messages.DiffResponse();
  for (const [path, kind] of Object.entries(found.properties)) {
    const property = new messages.PropertyDiff();
    const replaces = found.replacing.includes(/^[^.[]*/.exec(path)?.[0] ?? "");
    property.setKind(kinds[kind][replaces ? 1 : 0]);
    response.getDetaileddiffMap().set(path, property);
  }
  response.setHasdetaileddiff(true);
  response.setDiffsList([...found.inputs]);
  response.setReplacesList([...found.replacing]);
  response.setChanges(anyOf(found.inputs));
  response.setDeletebeforereplace(found.deleteBeforeReplace);
  return response;
}

function anyOf(changes: readonly string[]): Changes {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  return changes.length > 0 ? DIFF_SOME : DIFF_NONE;
}

type Changes = ReturnType<InstanceType<typeof messages.DiffResponse>["getChanges"]>;

function resourceOf(request: { getUrn(): string }): { type: string; name: string } {
  const urn = request.getUrn();
  return { type: typeOf(urn), name: urn.split("::").slice(3).join("::") };
}

/** The last of the types in `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>`. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function read(message: struct.Struct | undefined): Properties {
  return message ? (plain(message.toJavaScript()) as Properties) : {};
}

function write(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, never>);
}

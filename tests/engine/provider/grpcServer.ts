import * as grpc from "@grpc/grpc-js";
import { CreatedButFailed } from "./emulatedTypes.ts";

/** A server that the engine calls. */
export interface GrpcServer {
  /** The port of 127.0.0.1 that it listens on. */
  readonly port: number;
  /** Ends it. */
  readonly stop: () => void;
}

/** Starts a server in this process. */
export async function startServer(
  service: grpc.ServiceDefinition,
  handlers: grpc.UntypedServiceImplementation,
): Promise<GrpcServer> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": 1 << 28 });
  server.addService(service, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    port,
    stop: () => {
      server.forceShutdown();
    },
  };
}

/** Answers a call, or fails it in the words of what was thrown. */
export function answer<Request, Response>(
  respond: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void Promise.resolve()
      .then(() => respond(call.request))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(
            error instanceof CreatedButFailed || !(error instanceof Error)
              ? (error as grpc.ServiceError)
              : failed(error),
          );
        },
      );
  };
}

function failed(error: Error): Partial<grpc.StatusObject> {
  return "metadata" in error
    ? (error as Partial<grpc.StatusObject>)
    : { code: grpc.status.UNKNOWN, details: error.message };
}

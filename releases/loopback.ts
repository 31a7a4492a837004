import { createServer, connect, type AddressInfo } from "node:net";
import { once } from "node:events";

/** This machine, as proxies are told to leave it alone. */
const address = "127.0.0.1";

/**
 * Has this process ask no proxy for what is on this machine. gRPC and, where the user wants it, Node.js take a proxy from
 * `https_proxy` and the like even for 127.0.0.1; Pulumi switches that off for the engine, but not for the server on which
 * the engine calls a program's hooks: it would wait for itself without end.
 * Source: https://github.com/grpc/grpc-node/blob/master/packages/grpc-js/src/http_proxy.ts
 *
 * @param environment the process's environment, which is changed
 */
export function bypassProxies(environment = process.env): void {
  const bypassed = environment.no_proxy ?? environment.NO_PROXY;
  const names = { no_proxy: bypassed, NO_PROXY: bypassed, no_grpc_proxy: environment.no_grpc_proxy ?? bypassed };
  for (const [name, list = ""] of Object.entries(names)) {
    const hosts = list.split(",").filter((host) => host.trim() !== "");
    if (!hosts.includes(address)) environment[name] = [...hosts, address].join(",");
  }
}

/**
 * Makes sure that programs on this machine reach each other: what waits for one that can't be reached waits without end.
 *
 * @throws Error with the cause
 */
export async function requireLoopback(): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(0, address);
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, address);
    socket.setTimeout(patience, () => socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })));
    await once(socket, "connect");
    socket.destroy();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `${address} can't be reached (${code ?? message}): the loopback interface is down, or a firewall is in the way. Linux: ip link set lo up`,
      { cause: error },
    );
  } finally {
    server.close();
  }
}

/** Milliseconds; on this machine an answer takes less than one. */
const patience = 5000;

import type { IncomingMessage } from "node:http";

/** The parts of a request that tell where it comes from. */
export type RequestHead = Pick<IncomingMessage, "headersDistinct" | "url">;

/** The names by which this machine calls itself; no other machine's DNS can make a browser send them. */
const loopbackHosts: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The reason to refuse a request that a web page may have caused: a page of any site can make a browser send requests to
 * 127.0.0.1, under its own name (DNS rebinding) or with its Origin.
 * Source: https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 *
 * @param allowedHosts names that are answered besides this machine's own, in lower case, each with a port or for any
 * @returns one line; `undefined` if the request is answered
 */
export function refusalOf({ headersDistinct, url = "" }: RequestHead, allowedHosts: readonly string[]) {
  const { host = [], origin = [] } = headersDistinct;
  if (!url.startsWith("/")) return `the request's target must be a path, but is ${quoted(url)}`;
  if (host.length !== 1) return `the request must have one Host header, but has ${host.length || "none"}`;
  const [ofHost = ""] = host;
  if (!isAllowed(ofHost, allowedHosts)) return `the Host ${quoted(ofHost)} ${notAllowed}`;
  const foreign = origin.find((each) => !isAllowed(authorityOf(each), allowedHosts));
  return foreign === undefined ? undefined : `the Origin ${quoted(foreign)} ${notAllowed}`;
}

const notAllowed =
  "is not this machine: only localhost, 127.0.0.1, [::1] and what --allow-host names are answered, because any web page could send this request";

/**
 * Reads a host as `--allow-host` takes it.
 *
 * @returns it in lower case; `undefined` if it is no host name or IP address with or without a port
 */
export function readHost(text: string): string | undefined {
  return hostAndPort.test(text) ? text.toLowerCase() : undefined;
}

const hostAndPort = /^(\[[\da-f:.]+\]|[a-z\d]([a-z\d._-]*[a-z\d])?)(:\d{1,5})?$/i;

function isAllowed(authority: string, allowedHosts: readonly string[]): boolean {
  const host = readHost(authority);
  if (host === undefined) return false;
  const name = host.replace(/:\d+$/, "");
  return loopbackHosts.includes(name) || allowedHosts.includes(name) || allowedHosts.includes(host);
}

/** The host and port of an Origin; empty for `null` and whatever has none. */
function authorityOf(origin: string): string {
  return /^https?:\/\/([^/]*)$/i.exec(origin)?.[1] ?? "";
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

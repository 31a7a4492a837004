import { httpSender } from "./httpSender.ts";
import type { Sender, SenderOptions } from "./invocation.ts";
import { sagemakerSender } from "./sagemakerSender.ts";
import type { Target } from "./target.ts";

/**
 * Makes a sender for a target.
 *
 * @param target where requests go
 * @param options how the sender behaves
 */
export async function connectTo(target: Target, options?: SenderOptions): Promise<Sender> {
  return target.kind === "url" ? httpSender(target.url, options) : sagemakerSender(target, options);
}

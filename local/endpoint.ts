import type { Container } from "./container.ts";
import { openFrontDoor, type FrontDoor, type FrontDoorOptions } from "./frontDoor.ts";

/** The door of an endpoint on this machine, which stays open while what is behind it changes. */
export interface Endpoint extends FrontDoor {
  /** Lets a container answer from now on, and the requests that wait. */
  readonly serve: (container: Container) => void;
  /** Lets requests wait for the next container, as at first. */
  readonly pause: () => void;
}

/**
 * Opens an endpoint, before anything takes long to start.
 *
 * @throws MessageError if the port is taken
 */
export async function openEndpoint(options: FrontDoorOptions): Promise<Endpoint> {
  let next = Promise.withResolvers<Container>();
  const door = await openFrontDoor(options, async (request) => (await next.promise)(request));
  return {
    ...door,
    serve: (container) => {
      next.resolve(container);
      next = Promise.withResolvers<Container>();
      next.resolve(container);
    },
    pause: () => {
      next = Promise.withResolvers<Container>();
    },
  };
}

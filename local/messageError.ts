/** A failure whose message is all that a person needs: what is wrong and what to do. Commands print it alone. */
export class MessageError extends Error {}

/**
 * The error of a port that can't be had.
 *
 * @param port the port
 * @param reason the system's reason
 */
export function portTaken(port: number, reason: string): MessageError {
  return new MessageError(`port ${port} of 127.0.0.1 can't be used (${reason}): give another one with --port`);
}

/** An error whose message tells the user everything: what is wrong and what to do. Commands print only the message. */
export class MessageError extends Error {}

/**
 * The error for a port that can't be used.
 *
 * @param reason the system's reason
 */
export function portTaken(port: number, reason: string): MessageError {
  return new MessageError(`port ${port} of 127.0.0.1 can't be used (${reason}): use another one with --port`);
}

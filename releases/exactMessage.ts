/**
 * Fixes an error's message: Pulumi prefixes the message of an error inside an Output with details of its serialization.
 *
 * @param error the error, which is modified
 */
export function withExactMessage<E extends Error>(error: E): E {
  const { message } = error;
  return Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
}

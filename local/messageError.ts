/** A failure whose message is all that a person needs: what is wrong and what to do. Commands print it alone. */
export class MessageError extends Error {}

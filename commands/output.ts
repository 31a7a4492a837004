import { printable } from "../text/printable.ts";

type Write = NodeJS.WriteStream["write"];

/** What writes to a stream as it is, by stream. */
const unguarded = new WeakMap<NodeJS.WriteStream, Write>();

/**
 * Makes all that this process prints safe for a terminal, whoever prints it: a command, Pulumi, a library. What a model,
 * an archive, a file's name, a setting or AWS says then can't colour, move or hide anything.
 */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write: Write = stream.write.bind(stream);
    unguarded.set(stream, write);
    stream.write = (chunk: string | Uint8Array, ...rest: never[]) =>
      write(typeof chunk === "string" ? printable(chunk) : chunk, ...rest);
  }
}

/**
 * The same stream, for the control sequences of this program's own: colours, and lines that are replaced. Whatever comes
 * from outside must be escaped before.
 *
 * @param stream standard output or standard error
 */
export function terminal(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const write: Write = unguarded.get(stream) ?? stream.write.bind(stream);
  return Object.create(stream, { write: { value: write } }) as NodeJS.WriteStream;
}

import type { MeasuredRun } from "../support/measuredRun.ts";

/** What a command may take. */
export interface Allowance {
  /** The time on a processor, in seconds. */
  readonly seconds: number;
  /** The memory, in megabytes. */
  readonly megabytes: number;
  /** The characters that it prints. */
  readonly characters: number;
}

/**
 * What is wrong with how a command dealt with bad input, whatever the input was.
 *
 * @param run how it ended, and what it printed and took
 * @param allowed what it may take
 * @returns the faults; empty if there is none
 */
export function faultsOf({ code, stdout, stderr, seconds, megabytes }: MeasuredRun, allowed: Allowance): string[] {
  const printed = stdout + stderr;
  const [control] = raw.exec(printed) ?? [];
  const [leak] = leaks.exec(printed) ?? [];
  return [
    ...(code === 0 || code === 1 || code === 2 ? [] : [`it ended with ${code ?? "a signal, or not at all"}`]),
    ...(leak === undefined ? [] : [`it printed "${leak.trim()}"`]),
    ...(control === undefined ? [] : [`it printed U+${control.codePointAt(0)!.toString(16)} raw`]),
    ...(seconds > allowed.seconds
      ? [`it took ${seconds.toFixed(1)} s, allowed are ${allowed.seconds.toFixed(1)} s`]
      : []),
    ...(megabytes > allowed.megabytes
      ? [`it took ${megabytes.toFixed(0)} MB, allowed are ${allowed.megabytes} MB`]
      : []),
    ...(printed.length > allowed.characters ? [`it printed ${printed.length} characters`] : []),
  ];
}

/** As `printable` sees it, without which the fuzz suite would share its mistakes. */
const raw = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A stack trace, or words of the language in place of a message. */
const leaks =
  /^ +at .+:\d+:\d+\)?$|node:internal|Cannot read propert|is not a function|is not iterable|is not defined|call stack|Invalid (string|array) length|must be of type|must be one of type|heap out of memory|Warning: /m;

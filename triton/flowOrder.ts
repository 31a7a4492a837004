import type { EnsembleStep } from "./config/modelConfigTypes.ts";

/** The order in which an ensemble's steps can run. */
interface FlowOrder {
  /** The indexes of the steps in rounds: each round's inputs are given, or produced in earlier rounds. */
  readonly rounds: readonly (readonly number[])[];
  /** The indexes of the steps that wait for each other, in the order written. */
  readonly waiting: readonly number[];
}

/**
 * Orders an ensemble's steps by the tensors that they pass on.
 *
 * @param isGiven whether a tensor is there before any step has run
 */
export function flowOrder(steps: readonly EnsembleStep[], isGiven: (tensor: string) => boolean): FlowOrder {
  const users = new Map<string, number[]>();
  const missing = steps.map(({ input_map }, index) => {
    const needed = [...new Set(Object.values(input_map))].filter((tensor) => !isGiven(tensor));
    for (const tensor of needed) {
      const known = users.get(tensor);
      if (known) known.push(index);
      else users.set(tensor, [index]);
    }
    return needed.length;
  });
  const rounds: number[][] = [];
  let round = [...missing.keys()].filter((index) => missing[index] === 0);
  while (round.length > 0) {
    rounds.push(round);
    const made = new Set(round.flatMap((index) => Object.values(steps[index]?.output_map ?? {})));
    const next: number[] = [];
    for (const tensor of made) {
      for (const user of users.get(tensor) ?? []) {
        missing[user] = (missing[user] ?? 0) - 1;
        if (missing[user] === 0) next.push(user);
      }
      // A tensor that is produced twice counts once.
      users.delete(tensor);
    }
    round = next.sort((one, other) => one - other);
  }
  const done = new Set(rounds.flat());
  return { rounds, waiting: [...steps.keys()].filter((index) => !done.has(index)) };
}

import { expect } from "chai";
import type { EngineStack } from "./engineStack.ts";
import { seeded } from "./interruptions.ts";
import { makeChange } from "./laws.ts";
import { settingChanges, type SettingChange } from "./settingChanges.ts";
import { serving } from "./stacks.ts";
import type { Config } from "./workspace.ts";

/** So many times on each stack. */
const runs = 6;
const atOnce = 3;

/** Settings that say which endpoint may go, or whose change is a changed file. */
const apart = new Set(["replaceEndpoint", "modelRepository"]);

describe("several settings in one update, by the laws,", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  const random = seeded(7);
  const names = Object.keys(settingChanges).filter((name) => !apart.has(name));
  const pick = () => names[Math.floor(random.next().value * names.length)]!;
  const cases = Array.from({ length: runs }, () => [...new Set(Array.from({ length: atOnce }, pick))]);

  for (const name of ["dev", "prod"] as const) {
    for (const settings of cases) {
      it(`${settings.join(", ")} are set and taken out on a serving ${name} stack, or refused up front`, async () => {
        stack = await serving(name);
        const changes = settings.map((setting) => [setting, settingChanges[setting]!] as const);
        const before = stack.workspace.config(stack.name);
        const problems: string[] = [];
        for (const [step, config] of steps(stack, changes)) {
          stack.configure(config);
          const made = await makeChange(stack);
          problems.push(...made.problems.map((problem) => `${step}: ${problem}`));
          if (made.refusal === undefined) continue;
          const added = Object.keys(stack.workspace.config(stack.name)).map((key) => [key, undefined] as const);
          stack.configure({ ...Object.fromEntries(added), ...before });
        }
        expect(problems).to.deep.equal([]);
      });
    }
  }
});

function steps(stack: EngineStack, changes: readonly (readonly [string, SettingChange])[]): [string, Config][] {
  const before = stack.workspace.config(stack.name);
  const made: Config = Object.assign(
    {},
    ...changes.map(([, { needs, instead }]) => ({ ...needs, ...instead })),
    ...changes.map(([setting, { set }]) => ({
      [setting]: typeof set === "function" ? (set as (stack: EngineStack) => unknown)(stack) : set,
    })),
  ) as Config;
  const takenOut = Object.fromEntries(Object.keys(made).map((key) => [key, before[key]]));
  return [
    ["set", made],
    ["taken out", takenOut],
  ];
}

import { expect } from "chai";
import type { EngineStack } from "./engineStack.ts";
import { makeChange } from "./laws.ts";
import { record, type Step } from "./results.ts";
import { settingChanges, type SettingChange } from "./settingChanges.ts";
import { serving } from "./stacks.ts";
import type { Config } from "./workspace.ts";

/**
 * Sets, changes and takes out every setting of a stack that serves.
 *
 * @param name the stack
 */
export function describeSettings(name: "dev" | "prod"): void {
  describe(`on a serving ${name} stack, by the laws,`, () => {
    let stack: EngineStack;
    afterEach(() => stack.remove());

    for (const [setting, change] of Object.entries(settingChanges)) {
      it(`${setting} is set, changed and taken out`, async () => {
        stack = await serving(name);
        expect(await tryOut(stack, setting, change)).to.deep.equal([]);
      });
    }
  });
}

async function tryOut(stack: EngineStack, setting: string, change: SettingChange): Promise<string[]> {
  if (change.needs) {
    stack.configure(change.needs);
    await stack.up();
  }
  const problems: string[] = [];
  for (const [step, config] of stepsOf(stack, setting, change)) {
    if (step === "change") change.changeFiles?.(stack);
    const before = stack.workspace.config(stack.name);
    stack.configure(config);
    const made = await makeChange(stack);
    record(stack.name, setting, step, made);
    problems.push(...made.problems.map((problem) => `${step}: ${problem}`));
    // What was refused is taken back, as its user has to, and is not gone on from.
    if (made.refusal !== undefined) {
      const added = Object.keys(stack.workspace.config(stack.name)).map((key) => [key, undefined] as const);
      stack.configure({ ...Object.fromEntries(added), ...before });
    }
  }
  return problems;
}

/** A setting that the stack has is changed, taken out and set again; another is set, changed and taken out. */
export function stepsOf(
  stack: EngineStack,
  setting: string,
  { set, change, instead = {}, without = {} }: SettingChange,
): [Step, Config][] {
  const config = stack.workspace.config(stack.name);
  const had = config[setting];
  const back = Object.fromEntries(Object.keys(instead).map((name) => [name, config[name]]));
  const value = typeof set === "function" ? (set as (stack: EngineStack) => unknown)(stack) : set;
  const changed: [Step, Config][] = change === undefined ? [] : [["change", { [setting]: change }]];
  // The CLI writes a switch as text.
  if (had === undefined || had === false || had === "false") {
    return [
      ["set", { ...instead, [setting]: value }],
      ...changed,
      ["take out", { ...back, [setting]: undefined, ...without }],
    ];
  }
  const cleared = Object.fromEntries(Object.keys(without).map((name) => [name, undefined]));
  return [...changed, ["take out", { [setting]: undefined, ...without }], ["set", { ...cleared, [setting]: had }]];
}

import { expect } from "chai";
import { resourceChanges } from "../../preview/changes/resourceChanges.ts";
import { previewStack, type Plan } from "../../preview/plan.ts";
import { disagreements } from "./agreement.ts";
import type { EngineStack } from "./engineStack.ts";
import { seeded } from "./interruptions.ts";
import { reasonOf } from "./laws.ts";
import { settingChanges, type SettingChange } from "./settingChanges.ts";
import { stepsOf } from "./settingsTable.ts";
import { serving } from "./stacks.ts";
import type { Config } from "./workspace.ts";

/** Stacks that are deployed, and what each is then compared with. */
const [deployedStacks, nextStacks] = [10, 10];
const atOnce = 3;

/** Settings of a name that the engine has made up, which nothing outside of its state knows. */
const autoNamed = new Set(["modelName"]);

/**
 * Compares the difference that `plan --against` prints with the engine's preview of the same change.
 *
 * @param name the stack
 */
export function describeAgreement(name: "dev" | "prod"): void {
  describe(`the difference of a ${name} stack that serves and the engine's preview`, () => {
    let stack: EngineStack;
    afterEach(() => stack.remove());

    for (const [setting, change] of Object.entries(settingChanges).filter(([key]) => !autoNamed.has(key))) {
      it(`agree when ${setting} is set, changed and taken out`, async () => {
        stack = await serving(name);
        if (change.needs) {
          stack.configure(change.needs);
          await stack.up();
        }
        const problems: string[] = [];
        for (const [step, config] of stepsOf(stack, setting, change)) {
          const before = stack.workspace.config(name);
          const changeFiles = () => {
            if (step === "change") change.changeFiles?.(stack);
          };
          const { found, refused } = await compared(stack, config, changeFiles);
          problems.push(...found.map((problem) => `${step}: ${problem}`));
          if (refused) restore(stack, before);
          else await stack.up();
        }
        expect(problems).to.deep.equal([]);
      });
    }

    const random = seeded(name.length);
    for (const deployed of Array.from({ length: deployedStacks }, () => randomSettings(random))) {
      const next = Array.from({ length: nextStacks }, () => randomSettings(random));
      it(`agree on ${nextStacks} changes of one with ${deployed.join(", ")}`, async () => {
        stack = await serving(name);
        const original = stack.workspace.config(name);
        stack.configure(configOf(stack, deployed));
        const { code } = await stack.up();
        if (code !== 0) restore(stack, original);
        const before = stack.workspace.config(name);
        const problems: string[] = [];
        for (const settings of next) {
          restore(stack, original);
          const config = { ...stack.workspace.config(name), ...configOf(stack, settings) };
          restore(stack, before);
          const taken = Object.keys(before).filter((key) => !(key in config));
          const { found } = await compared(stack, {
            ...Object.fromEntries(taken.map((key) => [key, undefined])),
            ...config,
          });
          problems.push(...found.map((problem) => `${settings.join(", ")}: ${problem}`));
          restore(stack, before);
        }
        expect(problems).to.deep.equal([]);
      });
    }
  });
}

/** Configures a deployed stack, previews it and compares what both say. */
async function compared(
  stack: EngineStack,
  config: Config,
  changeFiles?: () => void,
): Promise<{ readonly found: string[]; readonly refused: boolean }> {
  const planned = { stack: stack.name, directory: stack.workspace.project };
  const before = await previewStack(planned);
  stack.configure(config);
  changeFiles?.();
  const preview = await stack.preview();
  const after = await previewStack({ ...planned, deployed: before }).catch((error: unknown) => error as Error);
  const refused = preview.code !== 0;
  if (after instanceof Error) {
    return {
      refused,
      found: refused
        ? differing(after.message, reasonOf(preview))
        : [`only the plan refuses: ${after.message.slice(0, 200)}`],
    };
  }
  const changes = resourceChanges(before, after);
  if (refused) {
    const told = changes.some((change) => change.protected) && preview.output.includes("protected");
    return { refused, found: told ? [] : [`only the engine refuses: ${reasonOf(preview)}`] };
  }
  return { refused, found: disagreements(changes, [before, after] satisfies Plan[], preview) };
}

/** What was refused for, apart from names that the engine makes up. */
function differing(planned: string, told: string): string[] {
  const [first = ""] = planned.split("\n");
  const same = first.replace(/-0000000\b/g, "");
  return told.replace(/-[0-9a-f]{7}\b/g, "").includes(same.slice(0, 60))
    ? []
    : [`the plan: ${first}, the engine: ${told}`];
}

function restore(stack: EngineStack, config: Config): void {
  const added = Object.keys(stack.workspace.config(stack.name)).map((key) => [key, undefined] as const);
  stack.configure({ ...Object.fromEntries(added), ...config });
}

const names = Object.keys(settingChanges).filter((name) => name !== "modelRepository" && !autoNamed.has(name));

function randomSettings(random: Generator<number, never>): string[] {
  const pick = () => names[Math.floor(random.next().value * names.length)]!;
  return [...new Set(Array.from({ length: atOnce }, pick))];
}

function configOf(stack: EngineStack, settings: readonly string[]): Config {
  const changes = settings.map((setting) => [setting, settingChanges[setting]!] as const);
  const value = ({ set }: SettingChange) =>
    typeof set === "function" ? (set as (stack: EngineStack) => unknown)(stack) : set;
  return Object.assign(
    {},
    ...changes.map(([, { needs, instead }]) => ({ ...needs, ...instead })),
    ...changes.map(([setting, change]) => ({ [setting]: value(change) })),
  ) as Config;
}

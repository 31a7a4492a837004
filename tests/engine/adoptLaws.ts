import { UpdateEndpointCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import type { Run } from "./engineStack.ts";
import { lastingProblems } from "./laws.ts";
import type { DeployedOldStack } from "./oldStack.ts";
import { types } from "./types.ts";

/** What the old stack made and is no longer there. */
export function missing({ stack, made }: DeployedOldStack): string[] {
  return made.filter(({ type, id }) => !stack.cloud.get(type, id)).map(({ type, id }) => `${type} ${id}`);
}

/** What a run did, in words. */
export function doneBy({ operations }: Run): string[] {
  return operations.map(({ kind, name }) => `${kind} ${name}`);
}

/**
 * Expects that the endpoint serves, did so throughout the run, and that nothing of the old stack's was deleted or replaced.
 *
 * @param deployed the old stack and the new one
 * @param run how it was taken over
 * @param moment what is special about the run, for messages. Default: nothing
 */
export async function expectKept(deployed: DeployedOldStack, run: Run, moment?: string): Promise<void> {
  const { stack, made } = deployed;
  expect([...run.violations, ...(await lastingProblems(stack, [run]))], moment).to.deep.equal([]);
  const deleted = run.operations.filter(
    ({ kind, type, id }) => kind === "delete" && made.some((one) => one.type === type && one.id === id),
  );
  expect(deleted, moment).to.deep.equal([]);
  expect(missing(deployed), moment).to.deep.equal([]);
}

/** Expects that another run changes nothing, also one that compares with what is there. */
export async function expectRest({ stack }: DeployedOldStack): Promise<void> {
  const preview = await stack.preview();
  expect(preview.code, preview.output).to.equal(0);
  const steps = preview.steps.filter(({ op }) => op !== "same" && op !== "read");
  expect(steps, "the second preview").to.deep.equal([]);
  const refreshed = await stack.up({ refresh: true });
  expect(refreshed.code, refreshed.output).to.equal(0);
  expect(doneBy(refreshed), "up --refresh").to.deep.equal([]);
}

/**
 * Turns back as docs/adopt.md says, and expects that the old stack has its endpoint, and nothing of the new one is left.
 *
 * @param deployed the old stack and the new one
 * @param killed the run that was killed before: the engine never learned of what it was just creating. Default: none
 */
export async function expectTurnedBack(deployed: DeployedOldStack, killed?: Run): Promise<void> {
  const { stack, made, adoption } = deployed;
  const old = (type: string) => made.filter((one) => one.type === type).map(({ id }) => id);
  const [EndpointConfigName] = old(types.configuration);
  const back = { EndpointName: adoption.endpointName, EndpointConfigName };
  const [serving] = await stack.serves();
  if (serving?.configuration !== EndpointConfigName)
    await stack.emulator.clients.sagemaker.send(new UpdateEndpointCommand(back));
  const endpoint = stack.madeResources().find(({ type }) => type === types.endpoint);
  if (endpoint) await stack.manageState("delete", endpoint.urn, "--force", "--target-dependents", "--yes");
  const destroyed = await stack.destroy({ args: ["--exclude-protected"] });
  expect(destroyed.code, destroyed.output).to.equal(0);
  await expectKept(deployed, destroyed, "turned back");
  expect((await stack.serves()).map(({ name, configuration }) => ({ name, configuration }))).to.deep.equal([
    { name: adoption.endpointName, configuration: EndpointConfigName },
  ]);
  expect(await stack.scaled()).to.have.length(old(types.scalableTarget).length);
  const unknown = (killed?.operations ?? []).map(({ id }) => id);
  for (const type of [types.model, types.configuration, types.role, types.repository]) {
    const left = stack.cloud
      .all(type)
      .flatMap(({ id }) => (unknown.includes(id) && !old(type).includes(id) ? [] : [id]));
    expect(left, "left of the new stack").to.have.members(old(type));
  }
}

import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { generateLoad } from "../../../operations/load/generateLoad.ts";
import { readTokens } from "../../../operations/load/streamedAnswer.ts";

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    await sleep(20);
    yield Buffer.from(text);
  }
}

const event = (text: string) => `data: {"text_output":"${text}"}\n\n`;

describe("a streamed answer", () => {
  it("has a token for each event, wherever the pieces begin", async () => {
    const { arrived } = await readTokens(pieces("data: {", '"a":1}\n', `\n${event("b")}${event("c")}`, "data: {}"));
    expect(arrived).to.have.length(3);
    expect(arrived[1]).to.equal(arrived[2]);
  });

  it("without events has a token for each piece", async () => {
    const { arrived } = await readTokens(pieces("a", "b\n\n", "c"));
    expect(arrived).to.have.length(3);
    expect(arrived[2]! - arrived[0]!).to.be.greaterThan(30);
  });

  it("that is empty, or ends with the model's error, is a failure", async () => {
    const kindOf = (error: unknown) => (error as { readonly kind?: string }).kind;
    expect(await readTokens(pieces()).catch(kindOf)).to.equal("bad answer");
    const failed = pieces(event("a"), 'data: {"error":"out of \\"memory\\""}\n\n');
    expect(await readTokens(failed).catch(kindOf)).to.equal("model failed");
  });

  it("is measured by a load: time to the first token, time between tokens, and their number", async () => {
    const send = () => readTokens(pieces(event("a"), event("b"), event("c")));
    const { succeeded, latency, tokens } = await generateLoad(send, { seconds: 0.5, tokens: (times) => times });
    expect(tokens!.count).to.equal(3 * succeeded);
    expect(tokens!.first.min).to.be.greaterThan(15);
    expect(tokens!.between!.p50).to.be.greaterThan(15);
    expect(latency!.min).to.be.greaterThan(tokens!.first.min + 30);
  });
});

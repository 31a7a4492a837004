import { expect } from "chai";
import { renderChangeAsMarkdown } from "../../../preview/changes/changeMarkdown.ts";
import { planChange, refusedChange, stacksBeside } from "../../../preview/changes/planChange.ts";
import { renderChange } from "../../../preview/changes/renderChange.ts";
import { somePlan, somePolicy, someResource } from "./somePlan.ts";

const role = (...statements: object[]) =>
  someResource("iam/rolePolicy:RolePolicy", "policy", { policy: somePolicy(...statements) });

describe("a change as text", () => {
  it("begins with its meaning, then has each resource with what changes in it, and ends with what isn't known", async () => {
    const before = somePlan([
      role({ Effect: "Allow", Action: "s3:GetObject", Resource: "a" }),
      someResource("sns/topic:Topic", "topic", { name: "old" }, { retainOnDelete: true }),
    ]);
    const after = somePlan([
      role({
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: "a",
        Condition: { Bool: { x: "1" } },
      }),
      someResource("sns/topic:Topic", "topic", { name: "new" }, { retainOnDelete: true }),
      someResource("kms/key:Key", "key"),
    ]);
    const text = renderChange(await planChange(before, after, "main"));
    expect(text.split("\n\n").slice(0, -1)).to.deep.equal([
      "stack prod of birds, against main",
      "Nothing is released: the endpoint isn't touched.\nWhat is paid for changes: nothing → 1 × KMS key.",
      "Resources: 1 replaced, 1 changed in place, 1 added, 0 unchanged",
      "changed in place: aws.iam.RolePolicy policy\n" +
        "  policy.Statement: gains Allow s3:GetObject, s3:PutObject on a if x Bool 1\n" +
        "  policy.Statement: loses Allow s3:GetObject on a",
      'replaced, old one deleted first, the old one stays in AWS: aws.sns.Topic topic because of name\n  name: "old" → "new"',
      "added: aws.kms.Key key",
    ]);
    expect(text).to.match(/Only a preview with the stack's state shows what was changed in AWS by hand/);
  });

  it("says of two stacks where something is, not what becomes of it", async () => {
    const dev = somePlan(
      [someResource("kms/key:Key", "key"), someResource("sns/topic:Topic", "topic", { name: "a" })],
      "dev",
    );
    const prod = somePlan([someResource("sns/topic:Topic", "topic", { name: "b" })]);
    const text = renderChange(await stacksBeside(dev, prod));
    expect(text).to.contain("Resources: 1 different, 1 only in the stack dev, 0 the same");
    expect(text).to.contain("different: aws.sns.Topic topic\n").and.contain("only in the stack dev: aws.kms.Key key");
  });

  it("has an alarm as sentences", async () => {
    const alarm = (threshold: number) =>
      somePlan([
        someResource("cloudwatch/metricAlarm:MetricAlarm", "alarm", {
          metricQueries: [
            { id: "watched", expression: "errors / all", label: `more than ${threshold} %`, returnData: true },
            { id: "errors", metric: { metricName: "Errors", stat: "Sum", period: 60 } },
          ],
          evaluationPeriods: 2,
          threshold,
        }),
      ]);
    const said = (percent: number) =>
      `fires when more than ${percent} % in 2 of 2 periods of 60 s, takes missing data as missing, tells nobody`;
    expect(renderChange(await planChange(alarm(1), alarm(2), "main"))).to.contain(
      `changed in place: aws.cloudwatch.MetricAlarm alarm\n  before: ${said(1)}\n  after: ${said(2)}\n\n`,
    );
  });
});

describe("a change as Markdown", () => {
  const many = (count: number, length: number) =>
    planChange(
      somePlan(
        Array.from({ length: count }, (_, i) => someResource("sns/topic:Topic", `topic-${i}`, { displayName: "old" })),
      ),
      somePlan(
        Array.from({ length: count }, (_, i) =>
          someResource("sns/topic:Topic", `topic-${i}`, { displayName: "new ".repeat(length) }),
        ),
      ),
      "main",
    );

  it("folds each resource", async () => {
    expect(renderChangeAsMarkdown(await many(1, 1))).to.contain(
      '<details><summary>changed in place: aws.sns.Topic topic-0</summary>\n\n    displayName: "old" → "new "\n\n</details>',
    );
  });

  it("stays below the characters that a comment may have, and counts what is left out", async () => {
    for (const [count, length] of [
      [10, 10],
      [400, 100],
      [3000, 1],
      [40, 100_000],
    ] as const) {
      const change = await many(count, length);
      const markdown = renderChangeAsMarkdown(change);
      expect(markdown.length).to.be.below(65_536);
      const shown = markdown.match(/<details>/g)?.length ?? 0;
      if (shown === count) expect(markdown).not.to.contain("don't fit");
      else expect(markdown).to.contain(`${count - shown} more of ${count} don't fit into a comment.`);
      expect(markdown).to.contain("Only a preview");
    }
    const reasons = refusedChange(somePlan([]), "r".repeat(100_000), "reason\n".repeat(20_000));
    expect(renderChangeAsMarkdown(reasons).length).to.be.below(65_536);
  });

  it("has nothing from settings that Markdown or HTML would take as its own, and mentions nobody", async () => {
    const hostile = "@somebody <img src=x onerror=alert(1)> [link](javascript:alert(1)) `code` **bold** | #1\n# title";
    const change = await planChange(
      somePlan([]),
      somePlan([someResource("sns/topic:Topic", hostile), someResource("kms/key:Key", "key")]),
      hostile,
    );
    const markdown = renderChangeAsMarkdown(change);
    expect(markdown).not.to.match(/@somebody|<img|\[link|`code|\*\*bold|\n# title/);
  });
});

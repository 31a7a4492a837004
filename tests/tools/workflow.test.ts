import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { fromFork, pullRequestOf, renewComment } from "../../tools/workflow/comment.ts";
import { differenceOf, mergeBase, planAgainst, type PlanRun } from "../../tools/workflow/difference.ts";
import { driftIn, reportDrift } from "../../tools/workflow/drift.ts";
import { Github } from "../../tools/workflow/github.ts";

const plans = (runs: Readonly<Record<string, Partial<PlanRun>>>) => (stack: string) =>
  Promise.resolve({ code: 0, stdout: "", stderr: "", ...runs[stack] });

describe("the difference of a pull request", () => {
  it("that changes nothing deployed is a line", async () => {
    expect(await differenceOf(["dev", "prod"], plans({}))).to.deep.equal({
      ...{ markdown: "This changes nothing that is deployed: dev, prod.\n", failed: [] },
    });
  });

  it("has a section for each stack, also for one that doesn't change", async () => {
    const { markdown } = await differenceOf(
      ["dev", "prod"],
      plans({ prod: { code: 2, stdout: "### Stack `prod`\n\n- A\n" } }),
    );
    expect(markdown).to.equal("### Stack `dev`\n\nNothing that is deployed changes.\n\n### Stack `prod`\n\n- A\n");
  });

  it("names a stack that can't be planned, with the reason", async () => {
    const { markdown, failed } = await differenceOf(
      ["dev", "prod"],
      plans({ dev: { code: 1, stderr: "error: no ```" } }),
    );
    expect(failed).to.deep.equal(["dev"]);
    expect(markdown).to.include("Its difference can't be made:\n\n```\nerror: no '''\n```");
  });

  it("fits into a comment whatever the stacks say, and counts what it leaves out", async () => {
    const stdout = Array.from({ length: 900 }, (_, i) => `<details>${i} ${"x".repeat(60)}</details>`).join("\n\n");
    const { markdown } = await differenceOf(
      ["dev", "prod"],
      plans({ dev: { code: 2, stdout }, prod: { code: 2, stdout } }),
    );
    expect(markdown.length).to.be.within(50_000, 65_000);
    expect(markdown.match(/\d+ more of 900 paragraphs don't fit into a comment\./g)).to.have.length(2);
  });

  it("is made by the project's own command, whose exit code tells whether there is one", async () => {
    expect(await planAgainst("HEAD", "false")("dev")).to.deep.include({ code: 1, stdout: "" });
    expect((await planAgainst("HEAD", "echo")("dev")).stdout.trim()).to.equal(
      "run --silent plan -- --stack dev --against HEAD --markdown --exit-code",
    );
    expect((await planAgainst("HEAD", "no-such-program")("dev")).code).to.equal(1);
  });

  it("is against the commit at which the histories part", async () => {
    expect(await mergeBase("HEAD")).to.match(/^[0-9a-f]{40}$/);
    const message = await mergeBase("no-such-commit").catch((error: unknown) => (error as Error).message);
    expect(message).to.match(/^--base no-such-commit: has no commit in common with HEAD here: fetch the whole history/);
  });
});

describe("on GitHub", () => {
  let server: Server;
  let github: Github;
  let answers: Readonly<Record<string, unknown>>;
  let changes: string[];
  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const path = (request.url ?? "").replace(/[?&]per_page=100&page=1$/, "");
        if (request.method !== "GET") changes.push(`${request.method ?? ""} ${path} ${body}`);
        const answer = request.method === "GET" ? answers[path.replace("/repos/birds/shop", "")] : {};
        response.statusCode = answer === undefined || request.headers.authorization !== "Bearer secret" ? 404 : 200;
        response.end(JSON.stringify(answer ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    github = new Github({ GITHUB_API_URL: url, GITHUB_REPOSITORY: "birds/shop", GITHUB_TOKEN: "secret" });
  });
  beforeEach(() => (changes = []));
  after(() => server.close());

  const bot = { type: "Bot" };
  const marked = "<!-- sagemaker-triton: difference -->\nold";

  it("a pull request gets one comment, which is renewed, and no one else's is touched", async () => {
    answers = {
      "/issues/7/comments": [
        { id: 1, body: "hello", user: bot },
        { id: 2, body: marked, user: { type: "User" } },
      ],
    };
    await renewComment(github, 7, "new");
    answers = { "/issues/7/comments": [{ id: 3, body: marked, user: bot }] };
    await renewComment(github, 7, "new");
    const body = '{"body":"<!-- sagemaker-triton: difference -->\\nnew"}';
    expect(changes).to.deep.equal([
      `POST /repos/birds/shop/issues/7/comments ${body}`,
      `PATCH /repos/birds/shop/issues/comments/3 ${body}`,
    ]);
  });

  it("a fork's commit is looked for among the open pull requests of its branch", async () => {
    answers = { "/pulls?state=open&head=eve%3Anext": [{ number: 9, head: { sha: "abc" } }] };
    const head = { owner: "eve", branch: "next" };
    expect(await pullRequestOf(github, { ...head, commit: "abc" })).to.equal(9);
    expect(await pullRequestOf(github, { ...head, commit: "def" })).to.equal(undefined);
  });

  it("what was last deployed is the newest deployment with success", async () => {
    answers = {
      "/deployments?environment=prod": [
        { id: 3, sha: "c" },
        { id: 2, sha: "b" },
        { id: 1, sha: "a" },
      ],
      "/deployments/3/statuses": [{ state: "failure" }],
      "/deployments/2/statuses": [{ state: "inactive" }, { state: "success" }],
      "/deployments?environment=dev": [],
    };
    expect(await github.deployedCommit("prod")).to.equal("b");
    expect(await github.deployedCommit("dev")).to.equal(undefined);
  });

  it("drift opens an issue, renews it, and closes it once there is none", async () => {
    const drift = [{ op: "update", resource: "aws.sns.Topic t", properties: ["tags"] }];
    answers = { "/issues?state=open": [] };
    expect(await reportDrift(github, "prod", drift, "run")).to.equal("prod drifted in 1 resources: opened an issue.");
    expect(await reportDrift(github, "prod", [], "run")).to.equal("prod has no drift.");
    const own = { number: 5, body: "<!-- sagemaker-triton: drift of prod -->\n", user: bot };
    answers = { "/issues?state=open": [{ ...own, number: 4, pull_request: {} }, own] };
    expect(await reportDrift(github, "prod", drift, "run")).to.match(/renewed issue 5/);
    expect(await reportDrift(github, "prod", [], "run")).to.match(/closed issue 5/);
    expect(changes.map((change) => change.replace(/ \{.*/, ""))).to.deep.equal(
      ["POST /issues", "PATCH /issues/5", "POST /issues/5/comments", "PATCH /issues/5"].map((line) =>
        line.replace(" ", " /repos/birds/shop"),
      ),
    );
    expect(changes[0])
      .to.include("| update | aws.sns.Topic t | tags |")
      .and.include('"title":"Drift of the stack prod"');
    expect(changes[3]).to.include('"state":"closed"');
  });

  it("a refusal and a missing variable are told in a line", async () => {
    answers = {};
    const message = await github.deployedCommit("prod").catch((error: unknown) => (error as Error).message);
    expect(message).to.equal("GitHub refuses GET /deployments: 404 Not Found");
    expect(() => new Github({})).to.throw(
      "GITHUB_REPOSITORY and GITHUB_TOKEN must be set: this command runs in a workflow",
    );
  });
});

describe("what a fork's code wrote", () => {
  it("mentions nobody, loads nothing, links nowhere and hides nothing", () => {
    const harmless = fromFork(
      '@owner ![x](https://e.vil/x.png) [here](http://e.vil) <img src="//e.vil"> <!-- x --> <details>',
    );
    expect(harmless).to.match(/^Written by the code of this pull request, which comes from a fork:\n/);
    expect(harmless).to.not.match(/@\w|!\[|\]\(|https?:\/\/|<img|<!--/);
    expect(harmless).to.include("<details>");
    expect(fromFork("x".repeat(100_000)).length).to.be.below(65_000);
  });
});

describe("the drift in a preview", () => {
  const urn = (type: string, name: string) =>
    `urn:pulumi:prod::shop::sagemaker-triton:index:TritonEndpoint$${type}::${name}`;

  it("is what an update would change, and because of what", () => {
    const steps = [
      { op: "same", urn: urn("aws:s3/bucket:Bucket", "b") },
      { op: "update", urn: urn("aws:sns/topic:Topic", "t"), detailedDiff: { "tags.Owner": { kind: "delete" } } },
      { op: "create", urn: urn("aws:sagemaker/model:Model", "m"), diffReasons: null },
      { op: "update", urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod" },
    ];
    expect(driftIn(`warning\n${JSON.stringify({ steps })}`)).to.deep.equal([
      { op: "update", resource: "aws.sns.Topic t", properties: ["tags.Owner"] },
      { op: "create", resource: "aws.sagemaker.Model m", properties: [] },
    ]);
  });

  it("isn't read from anything else", () => {
    expect(() => driftIn("error: no stack")).to.throw("pulumi preview --json printed no preview: error: no stack");
  });
});

import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect } from "chai";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly jobs?: Readonly<Record<string, { readonly steps: readonly Step[]; readonly permissions?: object }>>;
  readonly runs?: { readonly steps: readonly Step[] };
  readonly inputs?: Readonly<Record<string, { readonly required?: boolean }>>;
}

const files = globSync([".github/workflows/*.yml", ".github/actions/*/action.yml"]);
const workflows = files.map((file) => ({ file, ...(parse(readFileSync(file, "utf8")) as Workflow) }));
const steps = workflows.flatMap(({ file, jobs = {}, runs }) =>
  [...Object.values(jobs), ...(runs ? [runs] : [])].flatMap((job) => job.steps.map((step) => ({ file, ...step }))),
);
const commands = steps.flatMap(({ file, run = "" }) =>
  run === ""
    ? []
    : run
        .trim()
        .split("\n")
        .map((line) => ({ file, line })),
);
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

describe("the workflows' steps", () => {
  it("are one line each: what takes more is a command with tests", () => {
    const long = steps.filter(({ run = "" }) => run.trim().includes("\n") || run.length > 130);
    expect(long.map(({ file, run }) => `${file}: ${run ?? ""}`)).to.deep.equal([]);
  });

  it("run npm scripts that exist, with options that they have", async () => {
    const npm = commands.flatMap(({ file, line }) => {
      const [, script, rest = ""] = /^npm (?:run )?(?:--silent )?([\w:-]+)(?: -- (.*))?$/.exec(line) ?? [];
      return script === undefined || ["ci", "publish"].includes(script) ? [] : [{ file, line, script, rest }];
    });
    expect(npm).to.have.length.above(8);
    for (const { file, line, script } of npm) expect(scripts[script], `${file}: ${line}`).to.be.a("string");
    const ours = npm.filter(({ rest }) => rest !== "");
    const problems = await Promise.all(
      ours.map(async ({ script, rest, line }) => {
        const words = rest.split(" ");
        const subcommand = words[0]?.startsWith("-") ? [] : words.slice(0, 1);
        // The CLI's own options are the CLI's to tell.
        if (script === "preview") return [];
        const help = await helpOf(script, subcommand);
        const options = words.filter((word) => word.startsWith("--"));
        return options.filter((option) => !help.includes(option)).map((option) => `${line}: ${option}`);
      }),
    );
    expect(problems.flat()).to.deep.equal([]);
  });

  it("pin each action of others by its commit, with the version beside it", () => {
    const source = files.flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => /^\s*-? *uses:/.test(line)),
    );
    const loose = source.filter((line) => !/uses: (\.\/|[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(line));
    expect(loose).to.deep.equal([]);
  });

  it("give the project's own action what it takes, and nothing else", () => {
    const calls = steps.filter(({ uses }) => uses?.startsWith("./"));
    expect(calls).to.have.length(2);
    for (const { uses = "", with: given = {} } of calls) {
      const inputs = workflows.find(({ file }) => file === `${uses.slice(2)}/action.yml`)?.inputs ?? {};
      expect(Object.keys(inputs)).to.include.members(Object.keys(given));
      const needed = Object.keys(inputs).filter((name) => inputs[name]?.required);
      expect(Object.keys(given)).to.include.members(needed);
    }
  });

  it("never check out a fork's code where the token may write", () => {
    const { jobs = {} } = workflows.find(({ file }) => file.endsWith("comment.yml")) ?? {};
    const checkouts = Object.values(jobs).flatMap((job) =>
      job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")),
    );
    expect(checkouts.map((step) => step.with?.ref)).to.deep.equal(["${{ github.event.repository.default_branch }}"]);
  });
});

/** The options as the command's help has them, or else its source. */
async function helpOf(script: string, subcommand: readonly string[]): Promise<string> {
  const words = (scripts[script] ?? "").split(" ").slice(1);
  if (script === "test:fuzz") return readFileSync(words[0] ?? "", "utf8").replaceAll(/\b(\w+): \{ type/g, "--$1");
  const { stdout } = await promisify(execFile)(process.execPath, [...words, ...subcommand, "--help"]);
  return stdout;
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What the change of a commit means for the stacks. */
export interface Difference {
  /** The differences, for a job's summary and a comment. */
  readonly markdown: string;
  /** The stacks whose difference couldn't be made. */
  readonly failed: readonly string[];
}

/** How a plan ended: 0 without a difference, 2 with one, otherwise it failed. */
export interface PlanRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The most characters that GitHub takes in a comment, less what is put before it. */
const mostCharacters = 65_000;

/**
 * Puts the stacks' differences together; if there are none, in a line.
 *
 * @param stacks the stacks
 * @param plan makes the difference of one
 */
export async function differenceOf(
  stacks: readonly string[],
  plan: (stack: string) => Promise<PlanRun>,
): Promise<Difference> {
  const runs: { readonly stack: string; readonly run: PlanRun }[] = [];
  for (const stack of stacks) runs.push({ stack, run: await plan(stack) });
  if (runs.every(({ run }) => run.code === 0)) {
    return { markdown: `This changes nothing that is deployed: ${stacks.join(", ")}.\n`, failed: [] };
  }
  const room = Math.floor(mostCharacters / stacks.length);
  const sections = runs.map(({ stack, run }) => cut(sectionOf(stack, run), room));
  const failed = runs.flatMap(({ stack, run }) => (run.code === 0 || run.code === 2 ? [] : [stack]));
  return { markdown: `${sections.join("\n\n")}\n`, failed };
}

function sectionOf(stack: string, { code, stdout, stderr }: PlanRun): string {
  if (code === 0) return `### Stack \`${stack}\`\n\nNothing that is deployed changes.`;
  if (code === 2) return stdout.trim();
  const message = (stderr.trim() || stdout.trim()).replaceAll("```", "'''");
  return `### Stack \`${stack}\`\n\nIts difference can't be made:\n\n\`\`\`\n${message}\n\`\`\``;
}

/** Whole paragraphs, as many as there is room for. */
function cut(markdown: string, room: number): string {
  if (markdown.length <= room) return markdown;
  const paragraphs = markdown.split(/\n\n(?=- |<details>|###)/);
  const fitting: string[] = [];
  let length = 0;
  for (const paragraph of paragraphs) {
    length += paragraph.length + 2;
    if (length > room - 100) break;
    fitting.push(paragraph);
  }
  const left = paragraphs.length - fitting.length;
  return [...fitting, `${left} more of ${paragraphs.length} paragraphs don't fit into a comment.`].join("\n\n");
}

/**
 * Makes the difference of a stack against an earlier commit, by the project's own command.
 *
 * @param against the commit
 * @param npm the program to run. Default: npm
 */
export function planAgainst(against: string, npm = "npm"): (stack: string) => Promise<PlanRun> {
  return async (stack) => {
    const args = ["run", "--silent", "plan", "--", "--stack", stack, "--against", against, "--markdown", "--exit-code"];
    try {
      return { code: 0, ...(await run(npm, args, { maxBuffer })) };
    } catch (error) {
      const { code, stdout = "", stderr = "", message } = error as Error & Partial<PlanRun>;
      return { code: typeof code === "number" ? code : 1, stdout, stderr: stderr || message };
    }
  };
}

/**
 * The commit at which the working tree's history left another one's.
 *
 * @param base the other commit
 */
export async function mergeBase(base: string): Promise<string> {
  try {
    return (await run("git", ["merge-base", "--", base, "HEAD"])).stdout.trim();
  } catch {
    throw new Error(`--base ${base}: has no commit in common with HEAD here: fetch the whole history (fetch-depth: 0)`);
  }
}

const run = promisify(execFile);
const maxBuffer = 2 ** 26;

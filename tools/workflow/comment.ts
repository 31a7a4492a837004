import type { Github, GithubText } from "./github.ts";

const marker = "<!-- sagemaker-triton: difference -->";

/** The pull request of a fork's commit, as the event of its run names it. */
export interface Head {
  /** Who owns the fork. */
  readonly owner: string;
  /** The branch in the fork. */
  readonly branch: string;
  /** The commit that was run. */
  readonly commit: string;
}

/**
 * Finds the open pull request of a commit of a fork.
 *
 * @param github the repository
 * @param head the commit
 * @returns its number; `undefined` if the commit isn't its newest any more
 */
export async function pullRequestOf(github: Github, { owner, branch, commit }: Head): Promise<number | undefined> {
  const query = `/pulls?state=open&head=${encodeURIComponent(`${owner}:${branch}`)}`;
  const open = await github.list<{ readonly number: number; readonly head: { readonly sha: string } }>(query);
  return open.find(({ head }) => head.sha === commit)?.number;
}

/**
 * Writes the comment of a pull request, or renews the one that is there.
 *
 * @param github the repository
 * @param pullRequest the pull request's number
 * @param markdown the comment
 */
export async function renewComment(github: Github, pullRequest: number, markdown: string): Promise<void> {
  const comments = await github.list<GithubText>(`/issues/${pullRequest}/comments`);
  const own = comments.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker));
  const content = { body: `${marker}\n${markdown}` };
  if (own) await github.change(`/issues/comments/${own.id}`, content);
  else await github.create(`/issues/${pullRequest}/comments`, content);
}

/**
 * Makes text that a fork's code wrote safe to be said in the repository's name: it mentions nobody, loads no image, has no
 * link, and says where it comes from.
 *
 * @param markdown the text
 */
export function fromFork(markdown: string): string {
  const harmless = markdown
    .slice(0, 64_000)
    .replaceAll("@", "@\u200B")
    .replaceAll("<!--", "&lt;!--")
    .replaceAll(/!\[/g, "!\\[")
    .replaceAll("](", "]\\(")
    .replaceAll(/<(?!\/?(?:details|summary)>)/g, "&lt;")
    .replaceAll(/\b(https?|ftp):\/\//gi, "$1:\u200B//");
  return `Written by the code of this pull request, which comes from a fork:\n\n${harmless}`;
}

/** What GitHub answers that is used of a comment or an issue. */
export interface GithubText {
  readonly id: number;
  readonly number: number;
  readonly title?: string;
  readonly body?: string | null;
  readonly user: { readonly type: string } | null;
  /** Only of an issue that is a pull request. */
  readonly pull_request?: object;
}

/** A deployment that GitHub made for a job with an environment. */
interface Deployment {
  readonly id: number;
  readonly sha: string;
}

/** GitHub's REST API for one repository. Source: https://docs.github.com/en/rest */
export class Github {
  readonly #url: string;
  readonly #token: string;

  /**
   * @param environment what GitHub sets in a workflow, and `GITHUB_TOKEN`
   * @throws Error if something is missing
   */
  constructor(environment: NodeJS.ProcessEnv) {
    const {
      GITHUB_API_URL: api = "https://api.github.com",
      GITHUB_REPOSITORY: name,
      GITHUB_TOKEN: token,
    } = environment;
    const missing = [...(name ? [] : ["GITHUB_REPOSITORY"]), ...(token ? [] : ["GITHUB_TOKEN"])];
    if (missing.length > 0) throw new Error(`${missing.join(" and ")} must be set: this command runs in a workflow`);
    this.#url = `${api}/repos/${name ?? ""}`;
    this.#token = token ?? "";
  }

  /** Everything that a path lists, up to a thousand entries. */
  async list<Entry>(path: string): Promise<Entry[]> {
    const all: Entry[] = [];
    const separator = path.includes("?") ? "&" : "?";
    for (let page = 1; page <= 10; page += 1) {
      const entries = await this.#send<Entry[]>("GET", `${path}${separator}per_page=100&page=${page}`);
      all.push(...entries);
      if (entries.length < 100) break;
    }
    return all;
  }

  /** Creates what a path lists. */
  async create(path: string, content: object): Promise<void> {
    await this.#send("POST", path, content);
  }

  /** Changes what is at a path. */
  async change(path: string, content: object): Promise<void> {
    await this.#send("PATCH", path, content);
  }

  /**
   * The commit that was last deployed to an environment with success.
   *
   * @param environment the environment's name
   * @returns `undefined` if none was
   */
  async deployedCommit(environment: string): Promise<string | undefined> {
    const deployments = await this.list<Deployment>(`/deployments?environment=${encodeURIComponent(environment)}`);
    for (const { id, sha } of deployments) {
      const statuses = await this.list<{ readonly state: string }>(`/deployments/${id}/statuses`);
      if (statuses.some(({ state }) => state === "success")) return sha;
    }
    return undefined;
  }

  async #send<Answer>(method: string, path: string, content?: object): Promise<Answer> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { accept: "application/vnd.github+json", authorization: `Bearer ${this.#token}` },
      ...(content && { body: JSON.stringify(content) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (response.ok) return (await response.json()) as Answer;
    throw new Error(`GitHub refuses ${method} ${path.replace(/\?.*/, "")}: ${response.status} ${response.statusText}`);
  }
}

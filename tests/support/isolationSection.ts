import { readFile, writeFile } from "node:fs/promises";
import * as prettier from "prettier";

/** The document with a table of what models can do on this machine. */
export const localDocument = "docs/local.md";

/**
 * What a model can and can't do on this machine, by the names of the attempts in isolation_attempts.py, each of which
 * tests/local/isolation.test.ts makes.
 */
export const attempts: Readonly<Record<string, { readonly title: string; readonly possible: boolean }>> = {
  "home-read": closed("read your home folder, such as keys in `~/.ssh` and `~/.aws`"),
  "home-write": closed("change your home folder, such as `.bashrc`; `HOME` is an empty folder"),
  "cache-read": closed("read this program's cache of models"),
  "cache-write": closed("change the installed Triton, or packages of other models"),
  program: closed("read this program and your project"),
  temporary: closed("read `/tmp`; there is an empty one, which is removed at the end"),
  "shared-memory": closed("read the shared memory of other programs; `/dev/shm` is its own"),
  users: closed("read the list of users, or anything else in `/etc` but the loader's cache and `alternatives`"),
  "system-write": closed("change the system"),
  "model-write": closed("change its own files in `/opt/ml/model`, as on SageMaker"),
  remount: closed("make writable what is read-only, even if you are root"),
  "remount-nested": closed("do so in user namespaces of its own"),
  processes: closed("see other programs; `/proc` has its own processes only"),
  signal: closed("send other programs a signal"),
  ptrace: closed("attach to other programs, or read their memory"),
  sysctl: closed("change the kernel's settings in `/proc/sys`, even if you are root"),
  environment: closed("read your environment's variables, such as `AWS_SECRET_ACCESS_KEY`"),
  devices: closed("use devices other than `null`, `zero`, `full`, `random` and `urandom`"),
  "unix-socket": closed("reach a Unix socket by its path, such as Docker's or an SSH agent's"),
  "abstract-socket": closed("reach an abstract Unix socket"),
  loopback: closed("reach a server on this machine"),
  network: closed("reach the network"),
  interfaces: closed("see this machine's network interfaces"),
  setns: closed("enter other namespaces"),
  "system-read": open("read `/usr` and what else belongs to the system's programs, and this Python's folders"),
  packages: open("read the packages that are installed for other models, in the cache's folder `triton`"),
  programs: open("start the system's programs"),
  resources: open("use all processors, memory and room on the disk"),
  name: open("learn this machine's name, kernel and processors"),
};

function closed(title: string): { title: string; possible: boolean } {
  return { title, possible: false };
}

function open(title: string): { title: string; possible: boolean } {
  return { title, possible: true };
}

const [begin, end] = ["<!-- isolation: generated -->", "<!-- isolation: end -->"];

/**
 * `docs/local.md` with its table regenerated. Run as a program, this file writes it: `node
 * tests/support/isolationSection.ts`.
 *
 * @returns the whole document
 */
export async function localDocumentText(): Promise<string> {
  const text = await readFile(localDocument, "utf8");
  const config = await prettier.resolveConfig(localDocument);
  const rows = Object.values(attempts).map(({ title, possible }) => `| ${title} | ${possible ? "yes" : "no"} |`);
  const table = ["| a model can | |", "| --- | --- |", ...rows].join("\n");
  const [before, after] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
  return prettier.format(`${before}\n\n${table}\n\n${after}`, { ...config, filepath: localDocument });
}

if (import.meta.main) await writeFile(localDocument, await localDocumentText());

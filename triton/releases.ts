import facts from "./releases.json" with { type: "json" };

/** What the ONNX Runtime of a Triton release can read. */
export interface OnnxRuntime {
  /** Its version, for example `1.24.4`. */
  readonly version: string;
  /** The highest version of ONNX's file format. */
  readonly irVersion: number;
  /** The highest version of each domain's operators; other domains belong to the user's own operators. */
  readonly opsets: Readonly<Record<string, number | undefined>>;
}

/** The releases that are known here, `YY.MM`, the oldest first. */
export const knownReleases: readonly string[] = Object.keys(facts.releases).sort();

/**
 * The ONNX Runtime in the image of a release.
 * Source: `releases.json` beside this file, which names its own.
 *
 * @param release `YY.MM`
 * @returns `undefined` where the release is not known here
 */
export function onnxRuntimeOf(release: string): OnnxRuntime | undefined {
  const { releases, onnxRuntimes }: { releases: Releases; onnxRuntimes: OnnxRuntimes } = facts;
  const version = releases[release]?.onnxRuntime ?? "";
  const limits = onnxRuntimes[version.replace(/\.\d+$/, "")];
  return limits && { version, ...limits };
}

/**
 * The Python in the image of a release, which its models run in.
 *
 * @param release `YY.MM`
 * @returns for example `3.12`; `undefined` where the release is not known here
 */
export function pythonOf(release: string): string | undefined {
  const { releases }: { releases: Releases } = facts;
  return releases[release]?.python;
}

type Releases = Readonly<Record<string, { readonly onnxRuntime: string; readonly python: string } | undefined>>;
type OnnxRuntimes = Readonly<Record<string, Omit<OnnxRuntime, "version"> | undefined>>;

import facts from "./releases.json" with { type: "json" };

/** The ONNX Runtime of a Triton release, and what it can read. */
export interface OnnxRuntime {
  /** Its version, for example `1.24.4`. */
  readonly version: string;
  /** The highest version of ONNX's file format. */
  readonly irVersion: number;
  /** The highest version of each domain's operators; other domains are for the user's own operators. */
  readonly opsets: Readonly<Record<string, number | undefined>>;
}

/** The known releases, `YY.MM`, oldest first. */
export const knownReleases: readonly string[] = Object.keys(facts.releases).sort();

/**
 * The ONNX Runtime in the image of a release.
 * Source: `releases.json` next to this file, which names its own.
 *
 * @param release `YY.MM`
 * @returns `undefined` if the release isn't known here
 */
export function onnxRuntimeOf(release: string): OnnxRuntime | undefined {
  const { releases, onnxRuntimes }: { releases: Releases; onnxRuntimes: OnnxRuntimes } = facts;
  const version = releases[release]?.onnxRuntime ?? "";
  const limits = onnxRuntimes[version.replace(/\.\d+$/, "")];
  return limits && { version, ...limits };
}

/**
 * The version of Python in the image of a release, which runs its models.
 *
 * @param release `YY.MM`
 * @returns for example `3.12`; `undefined` if the release isn't known here
 */
export function pythonOf(release: string): string | undefined {
  const { releases }: { releases: Releases } = facts;
  return releases[release]?.python;
}

/**
 * The TensorRT in the image of a release, for example `10.13.3`.
 *
 * @param release `YY.MM`
 * @returns `undefined` if it isn't known here
 */
export function tensorRtOf(release: string): string | undefined {
  const { releases }: { releases: Releases } = facts;
  return releases[release]?.tensorRt;
}

/** Checks whether the TensorRT of a release is confirmed by its source, so that its minor version can be relied on. */
export function isTensorRtConfirmed(release: string): boolean {
  return !facts.tensorRtUnconfirmed.includes(release);
}

/** The releases whose image has a TensorRT, oldest first. */
export function releasesWithTensorRt(version: string): string[] {
  return knownReleases.filter((release) => tensorRtOf(release) === version);
}

interface Release {
  readonly onnxRuntime: string;
  readonly python: string;
  readonly tensorRt?: string;
}

type Releases = Readonly<Record<string, Release | undefined>>;
type OnnxRuntimes = Readonly<Record<string, Omit<OnnxRuntime, "version"> | undefined>>;

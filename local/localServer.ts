import { provideModels } from "./provideModels.ts";
import { startTriton, type RunningTriton, type StartOptions } from "./startTriton.ts";
import { tritonTitle, type TritonInstallation } from "./triton.ts";

/** Options for starting either kind of server. */
export type ServeOptions = Omit<StartOptions, "installation">;

/** A server for planned Models on this machine. */
export interface LocalServer {
  /** Its readable name, for example `Triton 24.10`. */
  readonly title: string;
  /**
   * Installs what a repository's models need in addition to the server.
   *
   * @param modelDirectory the model repository
   * @param environment the container's environment
   * @param signal ends it early
   */
  readonly provide: (
    modelDirectory: string,
    environment: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Starts it; resolves once `/ping` answers 200. */
  readonly start: (options: ServeOptions) => Promise<RunningTriton>;
}

/**
 * Serves planned Models with the Triton from PyPI.
 *
 * @param installation the Triton of a run
 */
export function installedServer(installation: TritonInstallation): LocalServer {
  return {
    title: tritonTitle,
    provide: (modelDirectory, environment, signal) => provideModels(installation, modelDirectory, environment, signal),
    start: (options) => startTriton({ ...options, installation }),
  };
}

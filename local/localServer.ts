import { provideModels } from "./provideModels.ts";
import { startTriton, type RunningTriton, type StartOptions } from "./startTriton.ts";
import { tritonTitle, type TritonInstallation } from "./triton.ts";

/** How a server is started, whichever it is. */
export type ServeOptions = Omit<StartOptions, "installation">;

/** What serves a planned Model on this machine. */
export interface LocalServer {
  /** What people know it as, for example `Triton 24.10`. */
  readonly title: string;
  /**
   * Provides what the models of a repository need beside the server.
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
  /** Starts it; settles once `/ping` answers 200. */
  readonly start: (options: ServeOptions) => Promise<RunningTriton>;
}

/**
 * The Triton from PyPI as a server of planned Models.
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

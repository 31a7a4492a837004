/** The contents of a Python execution environment: what conda-pack makes, as an archive or unpacked. */
export interface EnvironmentFile {
  readonly format: "environment";
  /** True if it has `bin/activate`, which the Python backend calls. */
  readonly activates: boolean;
  /** The Pythons that it has packages for, for example `3.12`: one, where it was made as usual. */
  readonly pythons: readonly string[];
  /** True if its Python sees none of the image's packages: it has a standard library of its own, or is a closed venv. */
  readonly isolated: boolean;
  /** The first names of the modules in it, sorted. */
  readonly modules: readonly string[];
  /** True if it may hold more modules, in places that only a file in it names. */
  readonly open: boolean;
}

/** Puts together what an environment holds from the paths in it, in any order. */
export class EnvironmentListing {
  #activates = false;
  #isolated = false;
  #open = false;
  readonly #pythons = new Set<string>();
  readonly #modules = new Set<string>();

  /**
   * Adds a file or folder.
   *
   * @param path its path inside the environment, without a leading `../modelFiles/`
   */
  add(path: string): void {
    if (path === "bin/activate") this.#activates = true;
    const [, python, inner = ""] = /^lib\/python(3\.\d+)(?:\/(.*))?$/s.exec(path) ?? [];
    if (python === undefined) return;
    this.#pythons.add(python);
    if (inner === "os.py") this.#isolated = true;
    const [, name = "", rest] = /^site-packages\/([^/]+)(\/.*)?$/s.exec(inner) ?? [];
    if (/\.(?:pth|egg|egg-link)$/.test(name) && !harmless.includes(name)) this.#open = true;
    else if (rest !== undefined && !name.includes(".")) this.#modules.add(name);
    else if (moduleFile.test(name)) this.#modules.add(name.slice(0, name.indexOf(".")));
  }

  /**
   * Adds what a virtual environment says of itself.
   *
   * @param text the text of its `pyvenv.cfg`
   */
  addSettings(text: string): void {
    if (!/^\s*include-system-site-packages\s*=\s*true\s*$/im.test(text)) this.#isolated = true;
  }

  /** The contents. */
  get environment(): EnvironmentFile {
    return {
      format: "environment",
      ...{ activates: this.#activates, isolated: this.#isolated, open: this.#open },
      pythons: [...this.#pythons].sort(),
      modules: [...this.#modules].sort(),
    };
  }
}

/** Adds no modules: https://setuptools.pypa.io/en/latest/deprecated/distutils-legacy.html */
const harmless = ["distutils-precedence.pth"];

/** A module that is one file, compiled or not. */
const moduleFile = /^\w+\.(?:py|pyc|so|[\w-]+\.so)$/;

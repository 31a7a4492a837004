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
  /** The newest `GLIBCXX_3.4.…` of its C++ library, which the image's gives way to; absent if it has none, or it isn't known. */
  readonly glibcxx?: number;
  /** The version of its numpy, for example `2.1.0`; absent if it has none, or it isn't known. */
  readonly numpy?: string;
}

/**
 * The C++ library that programs load. Its version 6.0.30 has the symbols up to GLIBCXX_3.4.30.
 * Source: https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html#abi.versioning.history
 */
export const cppLibrary = "lib/libstdc++.so.6";

/** Puts together what an environment holds from the paths in it, in any order. */
export class EnvironmentListing {
  #activates = false;
  #isolated = false;
  #open = false;
  readonly #pythons = new Set<string>();
  readonly #modules = new Set<string>();
  /** The C++ libraries in it by the number of their version, and the one that programs load. */
  readonly #libraries = new Set<number>();
  #loaded: number | undefined;
  #numpy: string | undefined;

  /**
   * Adds a file, folder or link.
   *
   * @param path its path inside the environment, without a leading `./`
   * @param target a link's target. Default: it is no link
   */
  add(path: string, target = ""): void {
    if (path === "bin/activate") this.#activates = true;
    if (path.startsWith("lib/libstdc++.so.6")) this.#addLibrary(path, target);
    const [, python, inner = ""] = /^lib\/python(3\.\d+)(?:\/(.*))?$/s.exec(path) ?? [];
    if (python === undefined) return;
    this.#pythons.add(python);
    if (inner === "os.py") this.#isolated = true;
    const [, name = "", rest] = /^site-packages\/([^/]+)(\/.*)?$/s.exec(inner) ?? [];
    this.#numpy ??= /^numpy-(\d+\.[\w.]+)\.(?:dist|egg)-info$/.exec(name)?.[1];
    if (/\.(?:pth|egg|egg-link)$/.test(name) && !harmless.includes(name)) this.#open = true;
    else if (rest !== undefined && !name.includes(".")) this.#modules.add(name);
    else if (moduleFile.test(name)) this.#modules.add(name.slice(0, name.indexOf(".")));
  }

  /** The library's file is named by its version, and the name that programs load is a link to it. */
  #addLibrary(path: string, target: string): void {
    const [, number] = /\.so\.6\.0\.(\d+)$/.exec(target || path) ?? [];
    if (number === undefined) return;
    if (path === cppLibrary) this.#loaded = Number(number);
    else this.#libraries.add(Number(number));
  }

  /**
   * Adds what the C++ library says of itself, where its file isn't named by its version.
   *
   * @param newest the newest `GLIBCXX_3.4.…` in it
   */
  addLoadedLibrary(newest: number): void {
    this.#loaded = newest;
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
    const [only, ...others] = this.#libraries;
    const glibcxx = this.#loaded ?? (others.length === 0 ? only : undefined);
    return {
      format: "environment",
      ...{ activates: this.#activates, isolated: this.#isolated, open: this.#open },
      pythons: [...this.#pythons].sort(),
      modules: [...this.#modules].sort(),
      ...(glibcxx !== undefined && { glibcxx }),
      ...(this.#numpy !== undefined && { numpy: this.#numpy }),
    };
  }
}

/** Adds no modules: https://setuptools.pypa.io/en/latest/deprecated/distutils-legacy.html */
const harmless = ["distutils-precedence.pth"];

/** A module that is one file, compiled or not. */
const moduleFile = /^\w+\.(?:py|pyc|so|[\w-]+\.so)$/;

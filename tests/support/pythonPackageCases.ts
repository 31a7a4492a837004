import { base, bad, deviating, environment, good, one, otherRelease, ownImage, python, without } from "./casePieces.ts";
import type { RepositoryCase } from "./casePieces.ts";
import type { EnvironmentFile } from "../../triton/models/environment.ts";
import type { ModelFile } from "../../triton/models/modelFile.ts";
import type { Pieces } from "./repository.ts";

/** A Python model `m` whose file begins with this code. */
function coded(code: string, more: Pieces = {}): Pieces {
  return one(base, { "m/1/model.py": `${code}\n${python}`, ...more });
}

/** A Python model `m` with this code in a method. */
function methodCoded(method: string, code: string): Pieces {
  return one(base, { "m/1/model.py": `${python}\n    def ${method}(self, args):\n        ${code}\n` });
}

const unprovided = ["python-import-unprovided"] as const;

const environmentPlace = "m/environment.tar.gz";

/** A model with this environment, which its code uses. */
function bringing(title: string, codes: RepositoryCase["codes"], content: ModelFile, code = "import pandas, json") {
  const pieces = one(environment("$$TRITON_MODEL_DIRECTORY/environment.tar.gz"), {
    ...{ "m/1/model.py": `${code}\n${python}`, [environmentPlace]: "some bytes" },
  });
  return { ...bad(title, codes, pieces, { release: "26.05" }), models: new Map([[environmentPlace, content]]) };
}

function at(release: string, title: string, codes: RepositoryCase["codes"], content: ModelFile): RepositoryCase {
  const entry = bringing(title, codes, content);
  return { ...entry, options: { ...entry.options, release } };
}

const conda: EnvironmentFile = {
  ...{ format: "environment", activates: true, pythons: ["3.12"], isolated: true, open: false },
  modules: ["numpy", "pandas"],
};

const readEnvironments: readonly RepositoryCase[] = [
  bringing("an environment with all that the code imports", [], conda),
  bringing("an environment without a package of the code", ["python-import-unprovided"], conda, "import no_such"),
  bringing(
    "an environment whose Python sees no package of the image",
    ["environment-without-numpy", "python-import-unprovided"],
    { ...conda, modules: ["pandas"] },
    "import pandas, scipy",
  ),
  bringing(
    "an environment whose Python sees the image's packages",
    [],
    { ...conda, isolated: false, modules: [] },
    "import scipy",
  ),
  bringing("an environment with the image's C++ library", [], { ...conda, glibcxx: 32 }),
  bringing("an environment with a newer C++ library", [], { ...conda, glibcxx: 34 }),
  bringing("an environment with an older C++ library", ["environment-library-old"], { ...conda, glibcxx: 30 }),
  at("24.05", "an environment with the C++ library of an older image", [], {
    ...conda,
    pythons: ["3.10"],
    glibcxx: 30,
  }),
  at("24.05", "an environment with a C++ library too old for an older image", ["environment-library-old"], {
    ...{ ...conda, pythons: ["3.10"], glibcxx: 29 },
  }),
  at("24.09", "an environment with numpy 2 for an older image", ["environment-numpy-new"], {
    ...{ ...conda, pythons: ["3.10"], numpy: "2.1.0" },
  }),
  at("24.09", "an environment with numpy 1 for an older image", [], { ...conda, pythons: ["3.10"], numpy: "1.26.4" }),
  bringing("an environment with numpy 2", [], { ...conda, numpy: "2.1.0" }),
  {
    ...bringing("an environment with an older C++ library, and what runs models in it", [], { ...conda, glibcxx: 29 }),
    pieces: one(environment("$$TRITON_MODEL_DIRECTORY/environment.tar.gz"), {
      ...{
        "m/1/model.py": `import pandas, json\n${python}`,
        [environmentPlace]: "",
        "m/triton_python_backend_stub": "",
      },
    }),
  },
  bringing("an environment that names more places", [], { ...conda, open: true }, "import no_such"),
  bringing("an environment for another Python", ["environment-python-mismatch"], { ...conda, pythons: ["3.11"] }),
  {
    ...bringing("an environment for another Python, with what runs models in it", [], { ...conda, pythons: ["3.11"] }),
    pieces: one(environment("$$TRITON_MODEL_DIRECTORY/environment.tar.gz"), {
      ...{ [environmentPlace]: "", "m/triton_python_backend_stub": "" },
    }),
  },
  bringing("an environment for any Python", [], { ...conda, pythons: [], isolated: false }, "import numpy"),
  bringing("an environment packed with the folder around it", ["environment-missing"], {
    ...{ ...conda, activates: false, pythons: [], modules: [] },
  }),
];

const damagedEnvironments: readonly RepositoryCase[] = [
  bringing("an environment that is no archive", ["environment-damaged"], {
    ...{ format: "damaged", reason: "it is no tar archive" },
  }),
];

/** What Python models import, and who provides it. */
export const pythonPackageCases = [
  good("Python that needs what the image has", coded("import json, os.path as p\nfrom numpy import linalg")),
  good(
    "Python that needs modules beside it, by name and by a dot",
    coded("import helper\nfrom . import helper as other\nfrom .helper import one\nfrom .inner.part import two", {
      "m/1/helper.py": "import json\none = 1\n",
      "m/1/inner/part.py": "two = 2\n",
    }),
  ),
  good(
    "Python that needs modules in the model's folder",
    coded("import shared, package.part", { "m/shared.py": "", "m/package/part.py": "" }),
  ),
  good(
    "Python that can do without a package",
    coded(
      [
        "import contextlib, sys",
        "try:\n    import no_such_a\nexcept ImportError:\n    no_such_a = None",
        "try: from no_such_b import (c,\n    d)\nexcept (ValueError, ModuleNotFoundError) as e: pass",
        "if sys.version_info < (3, 0):\n    import no_such_c",
        "with contextlib.suppress(ImportError):\n    import no_such_d",
        "def draw():\n    import no_such_e",
      ].join("\n"),
    ),
  ),
  good(
    "Python that speaks of imports in strings and comments",
    coded(
      "'''\nimport no_such_a\n'''\n# import no_such_b\nx = 'import no_such_c' \\\n    'import no_such_d'; y = [\n# ]\n]\nz = f\"{x}\\\"\"",
    ),
  ),
  good(
    "Python that finds its modules by a path of its own",
    coded("import os, sys\nsys.path.append(os.path.join(os.path.dirname(__file__), 'vendor'))\nimport thing", {
      "m/1/vendor/thing.py": "",
    }),
  ),
  bad("Python that needs a package for a request", unprovided, methodCoded("execute", "import no_such")),
  ...deviating("it is only a warning, because AWS's image may contain more than we know", [
    bad("Python that needs a package", unprovided, coded("import no_such.part as n")),
    bad("Python that needs a package when it starts", unprovided, methodCoded("initialize", "from no_such import n")),
    bad(
      "Python that needs a package in a module beside it",
      unprovided,
      coded("import helper", { "m/1/helper.py": "if True: pass\nimport json; import no_such\n" }),
    ),
    bad("Python that needs a module beside it that is not there", unprovided, coded("from .helper import one")),
    bad("Python that needs packages in two versions", [...unprovided, ...unprovided], {
      ...coded("import no_such_a"),
      "m/config.pbtxt": `${base}version_policy { all { } }`,
      "m/2/model.py": `import no_such_b\nimport no_such_a\n${python}`,
    }),
  ]),
  good("a list of packages that the container does not install", coded("", { "m/1/requirements.txt": "no-such" }), [
    "python-requirements-unused",
  ]),
  good("a list of packages beside config.pbtxt", coded("", { "m/requirements.txt": "no-such" }), [
    "python-requirements-unused",
  ]),
  ...damagedEnvironments,
  ...without("the environment would have to be a real one", readEnvironments),
  ...without("it would need real packages", [
    good(
      "packages that come in an environment",
      one(environment("$$TRITON_MODEL_DIRECTORY/environment.tar.gz"), {
        "m/1/model.py": `import no_such\n${python}`,
        "m/environment.tar.gz": "",
        "m/requirements.txt": "no-such",
      }),
    ),
    good(
      "packages that the code installs by itself",
      coded(
        'import subprocess, sys\nsubprocess.check_call([sys.executable, "-m", "pip", "install", "no-such"])\nimport no_such',
      ),
    ),
  ]),
  ...without(ownImage, [
    good("packages that an image of one's own may have", coded("import no_such"), [], { ownImage: true }),
    good("a list of packages for an image of one's own", coded("", { "m/requirements.txt": "no-such" }), [], {
      ownImage: true,
    }),
  ]),
  ...without(otherRelease, [
    bad("a package that the image does not have yet", unprovided, coded("import scipy"), { release: "25.12" }),
    good("a package that the image has by now", coded("import scipy"), [], { release: "26.01" }),
    good("a module that Python still has", coded("import imp"), [], { release: "24.10" }),
    bad("a module that Python has no longer", unprovided, coded("import imp"), { release: "24.11" }),
  ]),
] satisfies RepositoryCase[];

import { expect } from "chai";
import facts from "../../../triton/models/pythonModules.json" with { type: "json" };
import { neededImports } from "../../../triton/models/pythonImports.ts";
import { imageHasModule } from "../../../triton/models/pythonModules.ts";

const names = (code: string) => neededImports(code).map(({ name, level }) => `${".".repeat(level)}${name}`);

describe("reading the imports that Python code needs", () => {
  for (const [what, code, expected] of [
    ["several on a line", "import a.b as c, d; from e.f import (g,\n h)\n", ["a", "d", "e"]],
    [
      "modules beside the file",
      "from . import a, b as c\nfrom .d.e import f\nfrom ... g import h",
      [".a", ".b", ".d", "...g"],
    ],
    [
      "imports in lines that end as on Windows or old Macs, and after a byte order mark",
      "\ufeffimport a\r\nimport b\rimport c",
      ["a", "b", "c"],
    ],
    ["an import that continues on the next line", "import a, \\\n  b\nfrom c \\\r\n import d", ["a", "b", "c"]],
    ["names in any script", "import données, 数据\nfrom naïve import x", ["données", "数据", "naïve"]],
    [
      "what follows a head on its own line",
      "class A: import a\ntry: import b\nfinally: import c; import d\nif x: import e",
      ["a", "b", "c", "d"],
    ],
    [
      "what is tried, where a missing module is not caught",
      "try:\n import a\nexcept KeyError:\n import b\nelse:\n import c\n",
      ["a"],
    ],
    [
      "nothing that is tried, where builtins.ImportError is caught",
      "try:\n import a\nexcept builtins.ImportError: pass\nimport b",
      ["b"],
    ],
    [
      "only what the inner of two tries does not catch",
      "try:\n  try:\n    import a\n  except ImportError: pass\n  import b\nexcept KeyError: pass\n",
      ["b"],
    ],
    [
      "nothing in a function, a loop or a condition",
      "def f():\n import a\nfor i in x:\n import b\nwhile x: import c\nmatch x:\n case 1:\n  import d\nlambda: 0",
      [],
    ],
    ["nothing in strings", "a = r'\\'; import b'; c = '''\"\nimport d\n''' \"\"\"\n'\nimport e\"\"\"", []],
    ["what comes before an open bracket", "import a\nx = (\nimport b", ["a"]],
    ["what comes before and after an open string", "import a\nx = 'it\nimport b\ny = '''\nimport c", ["a", "b"]],
    [
      "imports beside names that are only keywords elsewhere",
      "importer = from_x = match = case = 1\nimport a\nmatch(a)\ncase[1:2]",
      ["a"],
    ],
    ["nothing in an empty file", "", []],
  ] as const) {
    it(`finds ${what}`, () => {
      expect(names(code)).to.deep.equal(expected);
    });
  }

  it("returns the line of an import, and whether it is in a method that Triton calls", () => {
    const code = [
      "'''Two\nlines'''",
      "import a",
      "class TritonPythonModel:",
      "    async def execute(self,",
      "                requests: list[int]) -> int:",
      "        with open(x) as y:",
      "            from b import (",
      "                c)",
      "    def helper(self):",
      "        import d",
    ].join("\n");
    expect(neededImports(code)).to.deep.equal([
      { name: "a", level: 0, line: 3, inMethod: false },
      { name: "b", level: 0, line: 8, inMethod: true },
    ]);
  });

  it("can handle a mebibyte of anything", () => {
    for (const piece of [
      "if x:",
      "import a,",
      "from .",
      "(",
      "'",
      '"""',
      "\\\n",
      " ",
      "class A:=",
      "if x:\n",
      "async ",
    ]) {
      expect(() => neededImports(piece.repeat(2 ** 20 / piece.length))).not.to.throw();
    }
  });
});

describe("the Python of Triton's image", () => {
  it("names the source and the first release of every module", () => {
    expect(facts.standardLibrary.source).to.match(/^sys\.stdlib_module_names.* https:\/\/docs\.python\.org\//);
    expect(facts.image.source).to.match(/^https:\/\//);
    for (const { from, names, source } of facts.image.modules) {
      expect(from).to.match(/^\d\d\.\d\d$/);
      expect(names).not.to.be.empty;
      expect(source).to.match(/https:\/\/github\.com\/triton-inference-server\//);
    }
  });

  it("has the standard library and numpy, but none of the packages that models often need", () => {
    for (const name of ["numpy", "json", "os", "triton_python_backend_utils", "_thread"]) {
      expect(imageHasModule(name, "23.10"), name).to.equal(true);
    }
    for (const name of ["torch", "pandas", "sklearn", "transformers", "PIL", "cv2", "requests", "yaml"]) {
      expect(imageHasModule(name), name).to.equal(false);
    }
  });

  it("is assumed to have what any release has, if the release isn't known", () => {
    expect([imageHasModule("scipy"), imageHasModule("imp"), imageHasModule("tomllib")]).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect([imageHasModule("imp", "26.05"), imageHasModule("tomllib", "23.10")]).to.deep.equal([false, false]);
    expect([imageHasModule("scipy", "99.12"), imageHasModule("imp", "99.12")]).to.deep.equal([true, true]);
  });
});

import type { ProblemCode } from "../../triton/repository/problemCodes.ts";
import { python } from "./casePieces.ts";

/** The code of a Python model, and what the check says of it where there is a Python. */
export interface CodeCase {
  /** What is special about it. */
  readonly title: string;
  /** The text of `model.py`. */
  readonly code: string;
  /** Default: nothing. */
  readonly problem?: ProblemCode;
  /** Whether the model may answer any number of times. */
  readonly decoupled?: boolean;
}

const method = (name: string) => `class TritonPythonModel:\n    def ${name}(self, requests):\n        return []\n`;

/** Code that Python's parser judges, which words alone don't; the real Triton is asked, too. */
export const codeCases: readonly CodeCase[] = [
  { title: "code of the usual kind", code: python },
  { title: "a byte order mark", code: `\uFEFF${python}` },
  { title: "a parenthesis that is never closed", code: `x = (1\n${python}`, problem: "python-syntax" },
  { title: "a print statement", code: `${python}\nprint "ready"\n`, problem: "python-syntax" },
  {
    title: "tabs and spaces in one block",
    code: `${python}\n    def a(self):\n        b = 1\n\tc = 2\n`,
    problem: "python-syntax",
  },
  { title: "return outside of a function", code: `${python}\nreturn 1\n`, problem: "python-syntax" },
  { title: "a zero byte", code: `${python}\n# \0\n`, problem: "python-syntax" },
  {
    title: "a method without a body",
    code: "class TritonPythonModel:\n    def execute(self, requests):\n",
    problem: "python-syntax",
  },
  {
    title: "a class of another name, and the right one in a comment",
    code: `# TritonPythonModel\n${python.replace("TritonPythonModel", "PenguinModel")}`,
    problem: "python-class-missing",
  },
  {
    title: "a name that is bound as it runs",
    code: `${python.replace("TritonPythonModel", "A")}\nglobals()["Triton" + "PythonModel"] = A\n# TritonPythonModel\n`,
  },
  {
    title: "a class that is given its name",
    code: `${python.replace("TritonPythonModel", "A")}\nTritonPythonModel = A\n`,
  },
  { title: "a method of another name", code: `# execute\n${method("predict")}`, problem: "python-execute-missing" },
  {
    title: "a method of another name in a decoupled model",
    code: `# execute\n${method("predict")}`,
    problem: "python-execute-missing",
    decoupled: true,
  },
  {
    title: "execute beside the class",
    code: `${method("predict")}\ndef execute(self, requests):\n    return []\n`,
    problem: "python-execute-missing",
  },
  {
    title: "execute that is set later",
    code: `${method("predict")}\nTritonPythonModel.execute = TritonPythonModel.predict\n`,
  },
  {
    title: "execute of a base class",
    code: `${method("execute").replace("TritonPythonModel", "A")}\nclass TritonPythonModel(A):\n    pass\n`,
  },
];

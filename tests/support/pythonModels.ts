/** The configuration of a Python model: one number in, one number out. */
const numberConfig = `backend: "python"
input { name: "x" data_type: TYPE_FP32 dims: 1 }
output { name: "y" data_type: TYPE_FP32 dims: 1 }
`;

/** The files of a Python model that takes and gives a number. */
export function pythonModel(name: string, code: string): Record<string, string> {
  return { [`${name}/config.pbtxt`]: numberConfig, [`${name}/1/model.py`]: code };
}

/** The code of a model that prints "loading" and takes a minute to load. */
export const endlessCode = `import time
class TritonPythonModel:
  def initialize(self, a):
    print("loading")
    time.sleep(60)
  def execute(self, r): pass
`;

/** The files of a model that doesn't load, because a package is missing. */
export const brokenModel: Readonly<Record<string, string>> = {
  "m/config.pbtxt": 'backend: "python"',
  "m/1/model.py": "import no_such_module\nclass TritonPythonModel:\n  def execute(self, r): pass\n",
};

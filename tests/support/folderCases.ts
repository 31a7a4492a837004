import {
  bad,
  base,
  ensembleHead,
  environment,
  good,
  hangs,
  noBackend,
  one,
  ownImage,
  python,
  step,
  without,
  type RepositoryCase,
} from "./casePieces.ts";

const conda = environment("/tmp/conda/env.tar.gz");
const copies = `${python}\n    def initialize(self, args):\n        import shutil\n        shutil.copy("env.tar.gz", "/srv/envs/env.tar.gz")\n`;

/** Folders and files that are not where Triton looks for them, or that nothing looks for. */
export const folderCases: readonly RepositoryCase[] = [
  good("a folder of scripts beside the model", { ...one(base), "scripts/run.sh": "" }, ["folder-no-model"]),
  good("an empty folder beside the model", { ...one(base), "logs/": "" }, ["folder-no-model"]),
  bad("a folder of notes in place of the model", ["folder-no-model"], { "m/notes.txt": "" }),
  bad("a model's file without version folder", ["version-missing"], { "m/model.py": python }),
  good("a configuration in capitals", { "m/CONFIG.PBTXT": base, "m/1/model.py": python }, ["config-file-name"]),
  good("a configuration beside the model's file", { "m/1/config.pbtxt": base, "m/1/model.py": python }, [
    "config-file-name",
  ]),
  good("a configuration of Triton's tracing", { "m/trace-config.yaml": "", "m/1/model.py": python }),
  bad("a repository three folders too deep", ["repository-too-deep"], {
    "opt/ml/model/m/config.pbtxt": base,
    "opt/ml/model/m/1/model.py": python,
  }),
  bad("an archive in place of a model", ["repository-empty"], { "model.tar.gz": "" }),
  hangs("a model's file in capitals", ["model-file-missing"], { "m/config.pbtxt": base, "m/1/MODEL.PY": python }),
  ...without(ownImage, [
    good("an environment that another model copies", { ...one(conda), ...step("setup") }, [
      "environment-made-later",
      "model-not-loaded",
    ]),
    good(
      "an environment in a folder that another model's code names",
      { ...one(environment("/srv/envs/env.tar.gz")), ...step("setup"), "setup/1/model.py": copies },
      ["environment-made-later", "model-not-loaded"],
    ),
  ]),
  bad(
    "an environment in a folder that no code names",
    ["environment-outside"],
    one(environment("/srv/envs/env.tar.gz")),
  ),
  ...without(noBackend, [
    bad("a profile without a backend", ["backend-undetermined"], {
      "m/config.pbtxt": 'instance_group { profile: [ "1" ] }',
      "m/1/": "",
    }),
  ]),
  bad("a step that waits for itself", ["ensemble-tensor-cycle"], {
    "m/1/": "",
    "b/config.pbtxt":
      base +
      'input { name: "z" data_type: TYPE_FP32 dims: [ 4 ] }\noutput { name: "w" data_type: TYPE_FP32 dims: [ 4 ] }',
    "b/1/model.py": python,
    "m/config.pbtxt": `${ensembleHead}ensemble_scheduling { step { model_name: "b" model_version: -1 input_map { key: "x" value: "x" } input_map { key: "z" value: "t" } output_map { key: "y" value: "y" } output_map { key: "w" value: "t" } } }`,
  }),
];

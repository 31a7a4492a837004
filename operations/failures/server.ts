import { triton, type FailureRow } from "./row.ts";

const serveScript = triton("server", "blob/main/docker/sagemaker/serve");
const repositoryManager = triton("core", "blob/main/src/model_repository_manager/model_repository_manager.cc");
const configUtilities = triton("core", "blob/main/src/model_config_utils.cc");

/** The model repository, config.pbtxt, ensembles and the server's start and end. */
export const serverRows: readonly FailureRow[] = [
  {
    pattern: /unable to find .*libtriton_tensorflow|unable to find .*'?tensorflow/i,
    when: "from 25.03 on",
    cause: "TensorFlow's backend left Triton's image with 25.03",
    remedy: "set imageTag to an earlier release, convert the model to ONNX, or build an image with the backend",
    source: triton("server", "blob/main/build.py"),
  },
  {
    pattern: /unable to find .*repo agent|for repo agent '/i,
    when: "`npm start`",
    cause: "the local Triton has no repository agents; the image has checksum",
    remedy: "to try the model here, remove model_repository_agents, or serve the image itself with --docker",
    source: triton("server", "blob/main/docs/customization_guide/repository_agents.md"),
  },
  {
    pattern: /unable to find .*repo agent|for repo agent '/i,
    cause: "the image has no such repository agent",
    remedy: "correct model_repository_agents in config.pbtxt: Triton's image has checksum only",
    source: triton("server", "blob/main/docs/customization_guide/repository_agents.md"),
  },
  {
    pattern:
      /unable to find (backend library|Python based backend|'?libtriton_\S+|.*shared library)|unexpected platform type|unable to find .* or '\S+\/model\.py'/i,
    when: "`npm start`",
    cause: "the local Triton has no such backend",
    remedy: "it has python and onnxruntime: serve the image itself with --docker, or correct backend in config.pbtxt",
    source: triton("core", "blob/main/src/backend_model.cc"),
  },
  {
    pattern:
      /unable to find (backend library|Python based backend|'?libtriton_\S+|.*shared library)|unexpected platform type|unable to find .* or '\S+\/model\.py'/i,
    cause: "the image has no such backend",
    remedy: "correct backend in config.pbtxt, or set imageTag, upstreamImage or imageUri to an image that has it",
    source: triton("core", "blob/main/src/backend_model.cc"),
  },
  {
    pattern:
      /must specify 'platform' or 'backend'|must specify 'backend' for|Could not determine backend for model|unexpected 'platform' and 'backend' pair/i,
    cause: "config.pbtxt doesn't say which backend runs the model",
    remedy: 'set backend in config.pbtxt, for example backend: "onnxruntime"',
    source: configUtilities,
  },
  {
    pattern: /unable to load shared library|(\S+\.so[.\d]*): cannot open shared object file/i,
    cause: "a library that a backend or a package needs is not in the image",
    remedy:
      "the line names it: add it to an image of your own (imageUri), or to the execution environment of a Python model",
    source: triton("core", "blob/main/src/shared_library.cc"),
  },
  {
    pattern: /has no field named/i,
    cause: "config.pbtxt has a field that Triton doesn't know",
    remedy:
      "correct or remove it: npm run check -- <modelRepository> names the nearest field. A field of a later release needs a later imageTag",
    source: triton("server", "issues/7950"),
  },
  {
    pattern: /Error parsing text-format|failed to read text proto/i,
    cause: "config.pbtxt can't be parsed",
    remedy: "correct it at the line and column named (line:column): npm run check -- <modelRepository> shows the place",
    source: triton("server", "issues/7950"),
  },
  {
    pattern: /not unique across all model repositories/i,
    cause: "two repositories have a model of this name, and neither is loaded",
    remedy: "rename one: its folder, and name in config.pbtxt",
    source: repositoryManager,
  },
  {
    pattern: /directory name must equal model name/i,
    cause: "a model's folder and name in config.pbtxt differ",
    remedy: "make them equal, or remove name",
    source: repositoryManager,
  },
  {
    pattern: /no version is available|at least one version must be available|has no available versions/i,
    cause: "a model has no version that version_policy allows",
    remedy: "add a folder named with a number, such as 1, that holds the model's file, or correct version_policy",
    source: triton("core", "blob/main/src/backend_model.cc"),
  },
  {
    pattern: /ignore version directory/i,
    cause: "a folder in a model's folder is no version, because its name is no number",
    remedy: "nothing to do, unless it should be one",
    kind: "harmless",
    source: triton("core", "blob/main/src/model_repository_manager/model_lifecycle.cc"),
  },
  {
    pattern:
      /failed to stat file|unable to find '[^']*' for model|(directory or file|File) does not exist at|failed to open (directory|text file for read)|failed to open\/read file/i,
    cause: "a model's file isn't where its backend looks",
    remedy:
      "put it into the version folder under the backend's own name (model.onnx, model.plan, model.pt, model.py), or name it with default_model_filename in config.pbtxt",
    source: triton("server", "issues/7531"),
  },
  {
    pattern: /preferred (batch )?size must be|'max_batch_size' must be non-negative/i,
    cause: "the batch sizes in config.pbtxt don't fit together",
    remedy: "preferred_batch_size must be from 1 to max_batch_size",
    source: configUtilities,
  },
  {
    pattern: /unexpected deadlock, at least one output is not set/i,
    cause: "an ensemble's step gave no output that a later step waits for",
    remedy:
      "each model of the ensemble must send every output that the steps map, in every answer: look at what the step's model returns",
    source: triton("core", "blob/main/src/ensemble_scheduler/ensemble_scheduler.cc"),
  },
  {
    pattern: /originated from different decoupled models/i,
    cause: "an ensemble's step gets inputs from two decoupled models",
    remedy: "Triton can't pair their answers: let one model produce both inputs, or call the models from Python",
    source: triton("core", "blob/main/src/ensemble_scheduler/ensemble_utils.cc"),
  },
  {
    pattern:
      /ensemble '.*' depends on '.*' which (has no loaded version|is not valid|can't|is not)|depends on .* which has no/i,
    cause: "an ensemble needs a model that isn't loaded",
    remedy: "the ensemble only follows: mend the model that it names, whose own error is in another line",
    kind: "general",
    source: repositoryManager,
  },
  {
    pattern:
      /(ensemble tensor|tensor) .*(is not written|is unused|can appear in an output map only once|is mapped to multiple)|inconsistent (data type|shape)|for ensemble '|of ensemble '/i,
    cause: "an ensemble's steps don't fit together",
    remedy:
      "correct input_map and output_map in its config.pbtxt: npm run check -- <modelRepository> follows every tensor",
    source: triton("core", "blob/main/src/ensemble_scheduler/ensemble_utils.cc"),
  },
  {
    pattern: /failed to run warmup sample/i,
    cause: "a model can't compute its warm-up request",
    remedy: "correct the inputs of model_warmup in config.pbtxt, or remove it",
    source: triton("core", "blob/main/src/backend_model_instance.cc"),
  },
  {
    pattern: /Directory with provided SAGEMAKER_TRITON_DEFAULT_MODEL_NAME .* does not exist/,
    cause: "the default model is not in the repository",
    remedy: "set defaultModelName to the name of a model's folder",
    source: serveScript,
  },
  {
    pattern: /More than 1 model directory found in model repository|Either provide a single directory or set SAGEMAKER/,
    cause: "there are several models and none is the default",
    remedy: "set defaultModelName",
    source: serveScript,
  },
  {
    pattern: /No SAGEMAKER_TRITON_DEFAULT_MODEL_NAME provided|Starting with the only existing model directory/,
    cause: "the only model is the default one",
    remedy: "nothing to do",
    kind: "harmless",
    source: serveScript,
  },
  {
    pattern:
      /No model found in model repository|ERROR: Incorrect directory structure|Model directory needs to contain the top level/,
    cause: "the archive's layout is wrong: models must be folders at its top",
    remedy: "point modelRepository at the folder that holds the models' folders",
    source: serveScript,
  },
  {
    pattern: /Invalid SAGEMAKER_TRITON_INFERENCE_TYPE|has invalid inference type/i,
    cause: "modelServer.inferenceType has a value that the server doesn't know",
    remedy: "set it to infer, generate or generate_stream",
    source: serveScript,
  },
  {
    pattern: /unrecogni[sz]ed option|Unrecognized option|invalid option --|invalid argument for --/i,
    cause: "the image's Triton doesn't know an option",
    remedy:
      "correct it in SAGEMAKER_TRITON_ADDITIONAL_ARGS or modelServer; an option of a later release needs a later imageTag",
    source: triton("server", "blob/main/src/command_line_parser.cc"),
  },
  {
    pattern: /Socket '.*' already in use|Address already in use/i,
    cause: "two servers in the container want the same port",
    remedy:
      "let modelServer.grpcPort and metricsPort differ from 8080 and from each other; a model that starts a server of its own must use another port",
    source: triton("server", "blob/main/src/http_server.cc"),
  },
  {
    pattern:
      /Signal \(15\) received|Waiting for in-flight requests to complete|All models are stopped, unloading models/i,
    cause: "SageMaker stops the container: after an update, a scale-in or a failed health check",
    remedy: "nothing to do, unless the endpoint isn't updated or scaled in: then look at the lines before",
    kind: "harmless",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html",
  },
  {
    pattern: /No polling metrics .* are enabled/i,
    cause: "Triton's metrics are off",
    remedy: "nothing to do",
    kind: "harmless",
    source: triton("core", "blob/main/src/metrics.cc"),
  },
  {
    pattern: /SHMEM allocation limit is set to the default/i,
    cause: "the image's hint for Docker on a machine of one's own",
    remedy: "nothing to do: SageMaker decides the size of shared memory",
    kind: "harmless",
    source: triton("server", "blob/main/docker/entrypoint.d/70-shm-check.sh"),
  },
  {
    pattern: /Exit timeout expired|Timeout 0: Found [1-9]/i,
    cause: "requests were still running when the server had to end",
    remedy: "clients should retry; --exit-timeout-secs in SAGEMAKER_TRITON_ADDITIONAL_ARGS gives them more time",
    source: triton("core", "blob/main/src/server.cc"),
  },
  {
    pattern:
      /failed to load '.*' version \d+|failed to load all models|Poll failed for model directory|failed to poll model|load failed for model/i,
    cause: "a model can't be loaded",
    remedy: "npm run check -- <modelRepository> shows what is wrong with it; npm start loads it on your machine",
    kind: "general",
    source: triton("server", "issues/3384"),
  },
];

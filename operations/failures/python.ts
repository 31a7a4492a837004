import { triton, type FailureRow } from "./row.ts";

const environments = triton("python_backend", "blob/main/README.md");

/** Python models and their execution environments. */
export const pythonRows: readonly FailureRow[] = [
  {
    pattern: /version [`'"]?(GLIBCXX|CXXABI)_[\d.]+[`'"]? not found|(GLIBCXX|CXXABI)_[\d.]+ not found/,
    cause: "an execution environment brings a libstdc++ that is too old for Triton",
    remedy:
      "install a newer one into the environment before you pack it (conda install -c conda-forge libstdcxx-ng), or take an earlier release as imageTag",
    source: triton("server", "issues/5933"),
  },
  {
    pattern: /version [`'"]?GLIBC_[\d.]+[`'"]? not found|GLIBC_[\d.]+ not found/,
    cause: "a library was built on a newer Linux than the image's",
    remedy: "build the execution environment inside the image of the same release, or set imageTag to a later release",
    source: triton("server", "issues/4022"),
  },
  {
    pattern: /libpython3[.\d]*\.so[.\d]*: cannot open shared object file/i,
    cause: "the Python backend's stub doesn't find its Python",
    remedy:
      "the stub and the execution environment must have the same Python version: build the environment for the Python of the image's release, or build a stub for its Python and put it next to config.pbtxt",
    source: environments,
  },
  {
    pattern: /triton_python_backend_stub.*(is not found|not found|No such file|Permission denied)/i,
    cause: "the Python backend's stub is missing or can't be run",
    remedy:
      "a stub of your own must lie next to config.pbtxt, be executable and be built for the image's release; remove it to use the image's",
    source: environments,
  },
  {
    pattern: /archive_read_open_filename\(\) failed/i,
    when: "many models",
    cause: "an execution environment's archive can't be opened",
    remedy:
      "name it with $$TRITON_MODEL_DIRECTORY/<file> in EXECUTION_ENV_PATH of config.pbtxt: with multiModel a model lies below /opt/ml/models/<hash>/model, not at /opt/ml/model",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html",
  },
  {
    pattern: /archive_read_open_filename\(\) failed/i,
    cause: "an execution environment's archive can't be opened",
    remedy:
      "check EXECUTION_ENV_PATH in config.pbtxt: $$TRITON_MODEL_DIRECTORY/<file> if the archive lies next to config.pbtxt",
    source: triton("server", "issues/4562"),
  },
  {
    pattern: /archive_(read|write)\w*\(\) failed|archive_write_disk_set_options/i,
    cause: "an execution environment's archive can't be unpacked",
    remedy:
      "pack the environment again with conda-pack on Linux; the instance needs room in /tmp for its files: see volumeSizeInGb",
    source: triton("server", "issues/8356"),
  },
  {
    pattern: /The Python environment should contain an|bin\/activate.*(does not exist|No such file)/i,
    cause: "an execution environment has no bin/activate",
    remedy: "pack it with conda-pack, which adds the script",
    source: triton("python_backend", "blob/main/src/pb_env.cc"),
  },
  {
    pattern: /No module named '?(\d|models\b|utils\b|src\b|lib\b)/,
    cause: "a model can't import a file of its own",
    remedy:
      "put the file next to model.py, whose folder is searched, and import it by its name; the working directory is another one",
    source: triton("server", "issues/2268"),
  },
  {
    pattern: /No module named '(?<module>[^'.\d][^'.]*)/,
    when: "`npm start`",
    cause: "nothing provides {module}",
    remedy:
      "Triton's image has Python's standard library and numpy. Put an execution environment that has it into the model's folder (EXECUTION_ENV_PATH), or use your own image. The local Triton also installs the requirements.txt next to model.py; the container does not",
    source: triton("server", "issues/3094"),
  },
  {
    pattern:
      /numpy\.core\.multiarray failed to import|compiled using NumPy 1\.x|numpy\.dtype size changed|_ARRAY_API not found|compiled against (ABI|API) version/i,
    cause: "packages were built for another NumPy",
    remedy: "pin numpy in the execution environment to the major version that its packages were built for: numpy<2",
    source: "https://numpy.org/doc/stable/numpy_2_0_migration_guide.html",
  },
  {
    pattern: /ImportError: cannot import name|has no attribute '(__version__|float|int|bool|object)'/,
    cause: "the versions of two Python packages don't fit together",
    remedy: "pin their versions in the execution environment (EXECUTION_ENV_PATH in config.pbtxt), and pack it again",
    source: triton("server", "issues/3094"),
  },
  {
    pattern: /ModuleNotFoundError|No module named/,
    when: "your own image",
    cause: "a Python package that the model imports is not in the image",
    remedy:
      "add it to the image of imageUri, or ship it as an environment archive (EXECUTION_ENV_PATH in config.pbtxt)",
    source: triton("server", "issues/3094"),
  },
  {
    pattern: /ModuleNotFoundError|No module named/,
    cause: "a Python package that the model imports is not in the image",
    remedy:
      "ship it as an environment archive (EXECUTION_ENV_PATH in config.pbtxt), or build an image and set imageUri; a requirements.txt is not installed",
    source: triton("server", "issues/3094"),
  },
  {
    pattern:
      /(couldn't|could not|can't|cannot) connect to '?https?:\/\/|Max retries exceeded with url|Name or service not known|Temporary failure in name resolution|Network is unreachable|LocalEntryNotFoundError|Can't load (tokenizer|feature extractor|image processor|the (configuration|model))|outgoing traffic has been disabled/i,
    cause: "a model can't reach the network",
    remedy:
      "ship what it downloads inside the model repository; with networkIsolation no network is reachable, and with vpcConfig only what its subnets route to",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html",
  },
  {
    pattern: /401 Client Error|GatedRepoError|RepositoryNotFoundError|Access to model .* is restricted/i,
    cause: "Hugging Face refuses to give a model",
    remedy: "ship the model's files inside the model repository, or set HF_TOKEN in environment from a secret",
    source: "https://huggingface.co/docs/hub/models-gated",
  },
  {
    pattern: /Python model file not found in/i,
    cause: "model.py is missing",
    remedy: "put it at <model>/1/model.py, or name the file with default_model_filename in config.pbtxt",
    source: triton("python_backend", "blob/main/src/pb_stub.cc"),
  },
  {
    pattern: /has no attribute 'TritonPythonModel'|does not implement `?execute`? method/i,
    cause: "model.py lacks what the Python backend calls",
    remedy: "define the class TritonPythonModel with a method execute(self, requests)",
    source: environments,
  },
  {
    pattern: /(SyntaxError|IndentationError|TabError): /,
    cause: "model.py is no valid Python for the version that runs it",
    remedy: "compile it with the Python of the image's release: python3 -m py_compile model.py",
    source: environments,
  },
  {
    pattern:
      /decoupled mode and the execute function must return|Non-decoupled model cannot send (complete|more than)|using_decoupled_model_transaction_policy/i,
    cause: "model.py and model_transaction_policy disagree about the number of answers",
    remedy:
      "with decoupled: true in config.pbtxt execute returns None and sends through response senders; without it, it returns one response for each request",
    source: triton("python_backend", "blob/main/src/pb_stub.cc"),
  },
  {
    pattern: /is using the decoupled\. (The current BLS|This BLS)/i,
    cause: "a model calls a decoupled model like one with a single answer",
    remedy: "call it with infer_request.exec(decoupled=True), which gives an iterator of answers",
    source: triton("python_backend", "blob/main/src/request_executor.cc"),
  },
  {
    pattern: /Failed for execute the inference request\. Model '.*' is not ready|Request for unknown model/i,
    cause: "a model that another one calls is not loaded",
    remedy: "name it in modelServer.loadModels",
    source: "https://github.com/aws/deep-learning-containers/issues/3299",
  },
  {
    pattern:
      /Signal \(11\) received|Segmentation fault|SIGSEGV|free\(\): invalid|double free|heap corruption|Fatal Python error/i,
    cause: "native code crashed",
    remedy:
      "the lines after it name the library: it was often built for another Python, CUDA or libstdc++ than the image's release has. npm run serve shows the same on your machine",
    source: triton("server", "issues/5144"),
  },
  {
    pattern: /undefined symbol: /i,
    cause: "the versions of two libraries don't fit together",
    remedy:
      "the line names the library: install it in the version that the others were built for, in the execution environment or an image of your own",
    source: triton("server", "issues/3094"),
  },
  {
    pattern: /FileNotFoundError|HFValidationError|No such file or directory: '/,
    cause: "a Python model opens a file that isn't there",
    remedy:
      "put it into the model's folder, and build its path from args['model_repository'] and args['model_version'] or from __file__: the working directory is another one",
    source: environments,
  },
  {
    pattern: /Timed out (occurred )?while waiting for the stub|stub.*timed? ?out|Failed to initialize stub.*timeout/i,
    cause: "a Python model takes too long to start",
    remedy:
      "raise the time with --backend-config=python,stub-timeout-seconds=300 in SAGEMAKER_TRITON_ADDITIONAL_ARGS, and containerStartupHealthCheckTimeoutInSeconds above it",
    source: triton("python_backend", "blob/main/src/python_be.cc"),
  },
  {
    pattern:
      /Stub process .*(is not healthy|is unhealthy)|stub process exited unexpectedly|Launch stub process failed/i,
    cause: "the Python model's process ended",
    remedy:
      "look for a signal or a traceback in the lines before; npm run serve shows the same on your machine. Too little memory or shared memory is another cause",
    kind: "general",
    source: triton("server", "issues/5144"),
  },
  {
    pattern:
      /Failed to initialize Python stub|Auto-complete failed for|TritonModelException|Failed to process the request\(s\)/i,
    cause: "the code of a Python model raised an error",
    remedy: "the rest of the line and the traceback after it say where; npm run serve shows the same on your machine",
    kind: "general",
    source: triton("python_backend", "blob/main/src/pb_stub.cc"),
  },
];

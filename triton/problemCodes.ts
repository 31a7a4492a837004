/** How much a problem weighs: with an error the model cannot be served as planned; a warning is worth a look. */
export type Severity = "error" | "warning";

/** What can be wrong with files, folders and archives before anything in them is understood. */
export const readingCodes = {
  // Files and folders, on disk or in an archive.
  "not-a-file": "error",
  unreadable: "error",
  "link-broken": "error",
  "link-outside": "error",
  "link-cycle": "error",
  "links-too-many": "error",
  "text-too-large": "warning",
  // Archives.
  "archive-not-gzip": "error",
  "archive-not-tar": "error",
  "archive-truncated": "error",
  "archive-corrupt": "error",
  "archive-hidden-folder": "warning",
  "path-outside": "error",
  "entry-below-link": "error",
} as const satisfies Record<string, Severity>;

/** What the check can find in a repository: the name of each problem, and whether Triton refuses such a model. */
export const checkCodes = {
  // The repository and SageMaker's start.
  "repository-empty": "error",
  "repository-too-deep": "error",
  "config-at-root": "error",
  "default-model-unknown": "error",
  "default-model-ambiguous": "error",
  "default-model-assumed": "warning",
  "default-model-decoupled": "warning",
  "load-model-unknown": "error",
  "load-model-conflict": "error",
  "model-name-space": "error",
  "model-not-loaded": "warning",
  // One of many repositories, behind a multi-model endpoint.
  "target-model-ambiguous": "error",
  "target-model-decoupled": "error",
  // A model's folder.
  "config-file-name": "warning",
  "config-name-mismatch": "error",
  "version-missing": "error",
  "version-policy-empty": "error",
  "version-policy-absent": "warning",
  "version-folder-malformed": "error",
  "version-folder-ignored": "warning",
  // Reading config.pbtxt.
  "config-not-a-file": "error",
  "config-syntax": "error",
  "config-unknown-field": "error",
  "config-wrong-type": "error",
  "config-unknown-value": "error",
  "config-repeated-field": "error",
  // The backend and its files.
  "backend-undetermined": "error",
  "backend-misnamed": "error",
  "backend-unknown": "warning",
  "backend-platform-mismatch": "error",
  "runtime-outside": "error",
  "runtime-unknown": "warning",
  "backend-needs-config": "error",
  "backend-needs-gpu": "error",
  "model-file-missing": "error",
  "model-file-kind": "error",
  "label-file-missing": "error",
  "repository-agent-unknown": "warning",
  "batch-strategy-missing": "error",
  // Tensors.
  "tensor-name-missing": "error",
  "tensor-name-repeated": "warning",
  "tensor-type-missing": "error",
  "tensor-dims-missing": "error",
  "tensor-dim-invalid": "error",
  "reshape-invalid": "error",
  "reshape-mismatch": "error",
  "tensor-format-dims": "error",
  "tensorrt-only": "error",
  "batch-tensor-invalid": "error",
  // Scheduling.
  "max-batch-size-negative": "error",
  "preferred-batch-size-invalid": "error",
  "dynamic-batching-idle": "warning",
  "priority-level-invalid": "error",
  "preserve-ordering-conflict": "error",
  "sequence-control-invalid": "error",
  "sequence-state-invalid": "error",
  "slot-utilization-invalid": "error",
  "response-cache-conflict": "error",
  "response-cache-off": "warning",
  "instance-group-gpus": "error",
  "instance-group-gpu-missing": "error",
  "instance-group-needs-gpu": "error",
  "instance-group-profile": "error",
  "warmup-invalid": "error",
  "warmup-file-missing": "error",
  "metrics-invalid": "error",
  "metric-tag-invalid": "error",
  // Ensembles.
  "ensemble-incomplete": "error",
  "ensemble-field-forbidden": "error",
  "ensemble-step-incomplete": "error",
  "ensemble-model-unknown": "error",
  "ensemble-model-cycle": "error",
  "ensemble-version-unavailable": "error",
  "ensemble-tensor-unmade": "error",
  "ensemble-tensor-unused": "error",
  "ensemble-tensor-repeated": "error",
  "ensemble-tensor-cycle": "error",
  "ensemble-map-unknown": "error",
  "ensemble-input-unmapped": "error",
  "ensemble-type-mismatch": "error",
  "ensemble-shape-mismatch": "error",
  "ensemble-batch-size": "error",
  "ensemble-decoupled": "error",
  // Python models.
  "python-class-missing": "error",
  "python-execute-missing": "warning",
  "bls-model-not-loaded": "warning",
  "bls-model-unknown": "warning",
  "python-parameter-invalid": "error",
  "environment-outside": "error",
  "environment-elsewhere": "warning",
  "environment-missing": "error",
} as const satisfies Record<string, Severity>;

/** Every problem there is. */
export const problemCodes = { ...readingCodes, ...checkCodes };

/** The stable name of a problem. */
export type ProblemCode = keyof typeof problemCodes;

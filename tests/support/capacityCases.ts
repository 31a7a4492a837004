import {
  bad,
  base,
  ensemble,
  good,
  noBackend,
  one,
  run,
  step,
  without,
  x,
  y,
  type RepositoryCase,
} from "./casePieces.ts";

const twenty = { "m/1/weights": "x".repeat(20_000) };
const cpu = { place: "ml.m5.large" };
const gpu = { place: "ml.g5.12xlarge", accelerator: "gpu", gpuCount: 4 } as const;
const groups = (text: string) => `${base}instance_group [ ${text} ]`;
const onnx = { "m/config.pbtxt": `backend: "onnxruntime" ${x}${y}`, "m/1/model.onnx": "x".repeat(20_000) };

const batched = (more: string) => one(`${base}max_batch_size: 4 ${more}`);
const served = { places: [cpu] };

/** Settings with which a model answers fewer requests than it could, or late. */
const throughput = [
  good("batches that nobody makes", batched(""), ["batching-off"], served),
  good("batches that the dynamic batcher makes", batched("dynamic_batching { }"), [], served),
  good("batches of one request", one(`${base}max_batch_size: 1`), [], served),
  good(
    "a queue delay above the alarm's latency",
    batched("dynamic_batching { max_queue_delay_microseconds: 20000 }"),
    ["queue-delay-too-long"],
    { ...served, latencyBoundInMilliseconds: 20 },
  ),
  good(
    "a queue delay below the alarm's latency",
    batched("dynamic_batching { max_queue_delay_microseconds: 2000 }"),
    [],
    { ...served, latencyBoundInMilliseconds: 20 },
  ),
  good("more instances than vCPUs", one(groups("{ count: 2 }, { count: 1 }")), ["instances-above-cores"], {
    places: [{ ...cpu, vcpus: 2 }],
  }),
  good("as many instances as vCPUs", one(groups("{ count: 2 }")), [], { places: [{ ...cpu, vcpus: 2 }] }),
];

const onProcessors = [
  good("more files than the volume holds", one(base, twenty), ["volume-too-small"], {
    places: [{ ...cpu, volumeBytes: 19_000, volumeKind: "default" }],
  }),
  good(
    "files outside the models' versions that the volume may not hold",
    one(base, { "m/notes": "x".repeat(20_000) }),
    ["volume-too-small"],
    {
      places: [{ ...cpu, volumeBytes: 19_000, memoryBytes: 19_000, volumeKind: "default" }],
    },
  ),
  good("as many files as the volume holds", one(base, twenty), [], { places: [{ ...cpu, volumeBytes: 30_000 }] }),
  good("a model that is larger than the memory", one(base, twenty), ["memory-too-small"], {
    places: [{ ...cpu, memoryBytes: 19_000 }],
  }),
  good(
    "instances that are larger than the memory together",
    one(groups("{ count: 2 }, { count: 1 }"), twenty),
    ["memory-too-small"],
    {
      places: [{ ...cpu, memoryBytes: 59_000 }],
    },
  ),
  good("an earlier version that needs no memory", one(base, { "m/0/weights": "x".repeat(20_000) }), [], {
    places: [{ ...cpu, memoryBytes: 19_000 }],
  }),
  good("a model that is too large on one of two kinds of instances", one(base, twenty), ["memory-too-small"], {
    places: [
      { ...cpu, memoryBytes: 19_000 },
      { place: "ml.m5.xlarge", memoryBytes: 90_000 },
    ],
  }),
  good(
    "an ensemble's steps that are larger than the memory together",
    ensemble(run("a", "x", "t") + run("b", "t", "y"), {
      ...step("a"),
      ...step("b"),
      "a/1/weights": "x".repeat(10_000),
      "b/1/weights": "x".repeat(10_000),
    }),
    ["memory-too-small"],
    { places: [{ ...cpu, memoryBytes: 19_000 }] },
  ),
  good("more Python instances than shared memory has room for", one(groups("{ count: 5 }")), [
    "shared-memory-too-small",
  ]),
  good("as many Python instances as shared memory has room for", one(groups("{ count: 4 }"))),
  good("many Python instances with less shared memory each", one(groups("{ count: 8 }")), [], {
    shmDefaultByteSize: 8 * 2 ** 20,
  }),
  good(
    "Python instances of several models",
    ensemble(run("a", "x", "t") + run("b", "t", "y"), {
      ...step("a", groups("{ count: 4 }")),
      ...step("b", groups("{ count: 4 }")),
    }),
    ["shared-memory-too-small"],
  ),
] satisfies RepositoryCase[];

const onVolumes = without("the machine of the tests has no volume of a given size", [
  ...(["set", "own", "serverless"] as const).map((volumeKind) =>
    bad(
      `more files than the volume holds, whose size is known: ${volumeKind}`,
      ["volume-exceeded"],
      one(base, twenty),
      {
        places: [{ ...cpu, volumeBytes: 19_000, volumeKind }],
      },
    ),
  ),
]);

const onGpus = without("the machine of the tests has no GPU", [
  good("a model that is larger than the GPU's memory", one(base, twenty), ["gpu-memory-too-small"], {
    accelerator: "gpu",
    places: [{ ...gpu, gpuMemoryBytes: 19_000, memoryBytes: 1000 }],
  }),
  good(
    "instances that share one GPU's memory",
    one(groups("{ kind: KIND_GPU gpus: [ 1 ] }, { kind: KIND_GPU gpus: [ 1, 2 ] }"), twenty),
    ["gpu-memory-too-small"],
    { accelerator: "gpu", places: [{ ...gpu, gpuMemoryBytes: 39_000 }] },
  ),
  good("an instance on each GPU", one(groups("{ kind: KIND_GPU }"), twenty), [], {
    accelerator: "gpu",
    places: [{ ...gpu, gpuMemoryBytes: 39_000 }],
  }),
  good("a processor's instances on an instance with GPUs", one(groups("{ kind: KIND_CPU }"), twenty), [], {
    accelerator: "gpu",
    places: [{ ...gpu, gpuMemoryBytes: 19_000, memoryBytes: 39_000 }],
  }),
  good("Python instances on each of four GPUs", one(groups("{ count: 2 }")), ["shared-memory-too-small"], {
    accelerator: "gpu",
    places: [gpu],
  }),
]);

/** What repositories need, beside what there is room for: small numbers, since the rules only compare. */
export const capacityCases: readonly RepositoryCase[] = [
  ...throughput,
  ...onProcessors,
  ...onVolumes,
  ...onGpus,
  ...without(noBackend, [
    good("a model of which Triton runs two by itself", onnx, ["memory-too-small"], {
      places: [{ ...cpu, memoryBytes: 39_000 }],
    }),
  ]),
];

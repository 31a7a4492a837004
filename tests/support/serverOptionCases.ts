/** A command line for `tritonserver`, and what becomes of it. */
export interface ServerOptionCase {
  /** What it shows. */
  readonly title: string;
  /** The command line. */
  readonly text: string;
  /** The release that reads it. Default: 24.10, which a test on this machine asks too. */
  readonly release?: string;
  /** What is wrong with it. Default: nothing is, and the server starts. */
  readonly fault?: RegExp;
}

/** Command lines, each right or with one fault. */
export const serverOptionCases: readonly ServerOptionCase[] = [
  { title: "an option and its value in one word", text: "--log-verbose=1" },
  { title: "an option and its value in two words", text: "--id eagle" },
  { title: "a truth value in capitals", text: "--log-info=TRUE" },
  { title: "a shortened name that is unique", text: "--log-verb=true" },
  { title: "a number that goes on as text", text: "--exit-timeout-secs=10s" },
  { title: "a cache", text: "--cache-config=local,size=1048576" },
  { title: "a setting of every backend", text: "--backend-config=default-max-batch-size=4" },
  { title: "a setting of one backend", text: "--backend-config=python,stub-timeout-seconds=60" },
  { title: "a metric's setting", text: "--metrics-config=summary_latencies=true" },
  { title: "a memory pool", text: "--cuda-memory-pool-byte-size=0:1048576" },
  { title: "a resource without its GPU", text: "--rate-limit-resource=R1:10" },
  { title: "a restricted protocol", text: "--http-restricted-api=model-repository:key=value" },
  { title: "the level of tracing", text: "--trace-level=TIMESTAMPS" },
  { title: "a trace's setting", text: "--trace-config=level=OFF" },
  { title: "an option that only a newer release has", text: "--allow-client-shm=true", release: "26.04" },
  {
    title: "an option of a newer release",
    text: "--grpc-infer-thread-count=4",
    fault:
      /^has --grpc-infer-thread-count, which Triton knows from 25\.04 on, and the image is 24\.10, .*: use an image of 25\.04 or newer, or remove it$/,
  },
  {
    title: "an option that no release has",
    text: "--cach-config=local,size=1",
    fault: /^has --cach-config, which Triton 24\.10 doesn't know, .*: did you mean --cache-config\?$/,
  },
  {
    title: "a shortened name that several have",
    text: "--grpc-keep=1",
    fault: /^has --grpc-keep, which may stand for /,
  },
  {
    title: "one dash in place of two",
    text: "-log-info=true",
    fault: /^has a word that belongs to no option \(word 1 of 1\)/,
  },
  { title: "a stray word", text: "--log-info=true yes", fault: /word 2 of 2\): write each option as --option=value/ },
  { title: "a name without dashes", text: "log-info=true", fault: /belongs to no option/ },
  {
    title: "quotes around a value with a space",
    text: '--id="an eagle"',
    fault: /word 2 of 2\): .*; the container's start passes quotes on as they are, so remove them$/,
  },
  {
    title: "quotes around a word",
    text: '--log-info="true"',
    fault: /^has --log-info .* true or false; the container's/,
  },
  { title: "an option at the end without its value", text: "--id", fault: /^has --id without its value/ },
  { title: "a value where none belongs", text: "--disable-auto-complete-config=true", fault: /but it takes none/ },
  { title: "a truth value that is none", text: "--log-info=yes", fault: /it must be true or false$/ },
  { title: "a number that is none", text: "--exit-timeout-secs=soon", fault: /it must be a whole number$/ },
  {
    title: "a fraction that begins with its point for a whole number",
    text: "--metrics-interval-ms=.5",
    fault: /whole number/,
  },
  {
    title: "a cache without its name",
    text: "--cache-config=size=1048576",
    fault: /must be <name>,<setting>=<value>$/,
  },
  {
    title: "a backend's setting without a value",
    text: "--backend-config=python,stub-timeout-seconds",
    fault: /must be/,
  },
  { title: "a metric's setting of one model", text: "--metrics-config=m,summary_latencies=true", fault: /must be/ },
  { title: "a memory pool without its GPU", text: "--cuda-memory-pool-byte-size=1048576", fault: /<GPU>:<bytes>$/ },
  { title: "a resource without a count", text: "--rate-limit-resource=R1", fault: /<resource>:<count>/ },
  {
    title: "a restricted protocol without its key",
    text: "--http-restricted-api=model-repository",
    fault: /<names>:<key>/,
  },
  { title: "as many gRPC threads as Triton allows", text: "--grpc-infer-thread-count=128", release: "25.04" },
  { title: "too few gRPC threads", text: "--grpc-infer-thread-count=1", release: "25.04", fault: /from 2 to 128$/ },
  { title: "too many gRPC threads", text: "--grpc-infer-thread-count=129", release: "25.04", fault: /from 2 to 128$/ },
  { title: "requests of no size", text: "--http-max-input-size=0", release: "25.06", fault: /above 0$/ },
  { title: "an unknown format of the log", text: "--log-format=iso8601", fault: /default or ISO8601$/ },
  { title: "an unknown way to limit rates", text: "--rate-limit=on", fault: /execution_count or off$/ },
  { title: "an unknown level of tracing", text: "--trace-level=all", fault: /OFF, TIMESTAMPS or TENSORS$/ },
];

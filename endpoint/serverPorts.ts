import { serverEnvironment, variableName, type ServerSettings } from "../sagemaker/serverEnvironment.ts";
import { readServerOptions } from "../triton/releases/serverOptions.ts";
import type { Problem } from "./problem.ts";

/** A service of the container and its port. */
interface Service {
  readonly what: string;
  readonly port: number;
  /** The option of modelServer that changes its port; absent if there is none. */
  readonly option?: string;
}

const isOn = /^(true|on|1)$/i;

/**
 * The rule that no two of Triton's services share a port of the container: the server would not start.
 * Source: CheckPortCollision in https://github.com/triton-inference-server/server/blob/main/src/command_line_parser.cc
 *
 * @param settings the settings that become the container's environment
 */
export function* serverPortRules(settings: ServerSettings): Generator<Problem> {
  const environment = serverEnvironment(settings);
  const { options } = readServerOptions(environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS ?? "");
  const given = new Map(options.map(({ name, value }) => [name, value]));
  // Services on different addresses may share a port.
  if ([...given.keys()].some((name) => name.endsWith("-address"))) return;
  const valueOf = (option: string, argument: string) => given.get(argument) ?? environment[variableName(option)] ?? "";
  const service = (what: string, kind: "Grpc" | "Metrics", usual: number): Service[] => {
    const allowed = valueOf(`allow${kind}`, `allow-${kind.toLowerCase()}`);
    if (!isOn.test(allowed)) return [];
    const option = `${kind.toLowerCase()}Port`;
    const port = valueOf(option, `${kind.toLowerCase()}-port`);
    return [{ what, option, port: port === "" ? usual : Number.parseInt(port, 10) }];
  };
  // These are off, and only an argument turns them on.
  const byArgument = (what: string, argument: string, usual: string): Service[] =>
    isOn.test(given.get(`allow-${argument}`) ?? "")
      ? [{ what, port: Number.parseInt(given.get(`${argument}-port`) ?? usual, 10) }]
      : [];
  const services: readonly Service[] = [
    { what: "SageMaker's requests", port: 8080 },
    ...byArgument("HTTP", "http", "8000"),
    ...byArgument("Vertex AI", "vertex-ai", "8080"),
    ...service("gRPC", "Grpc", 8001),
    ...service("metrics", "Metrics", 8002),
  ];
  for (const [index, { what, port, option = "" }] of services.entries()) {
    const other = services.slice(0, index).find((earlier) => earlier.port === port);
    if (!other) continue;
    const ports = [option, other.option ?? option];
    const typed = ports.find((name) => settings.modelServer?.[name] !== undefined);
    const variable = ports.map(variableName).find((name) => name in environment) ?? "SAGEMAKER_TRITON_ADDITIONAL_ARGS";
    yield {
      path: typed === undefined ? ["environment", variable] : ["modelServer", typed],
      code: "server-ports",
      message: `must be a different port, because ${what} and ${other.what} would both use ${port}, and the server would not start`,
    };
  }
}

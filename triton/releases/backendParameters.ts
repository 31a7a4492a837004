import facts from "./backendParameters.json" with { type: "json" };
import { table } from "../../text/table.ts";
import type { ParameterKind } from "../config/parameterKinds.ts";

/** A parameter that a backend reads from a model's configuration. */
export interface ParameterFact {
  /** The values that it takes. */
  readonly kind: ParameterKind;
  /** The words of the kind `words`, each with the first release that takes it; empty for all releases. */
  readonly words?: Readonly<Record<string, string | undefined>>;
  /** True if the case of its letters doesn't matter. Default: `false`. */
  readonly anyCase?: boolean;
  /** The largest number that it takes; the smallest is then 0. */
  readonly max?: number;
  /** `ignored` if the backend falls back to its default instead of refusing another value. */
  readonly otherwise?: "ignored";
  /** True if only an instance on a GPU reads it. Default: `false`. */
  readonly gpu?: boolean;
  /** The first release that reads it, `YY.MM`. Default: all. */
  readonly since?: string;
  /** The last release that reads it. Default: none. */
  readonly until?: string;
  /** True if the model doesn't load without it. Default: `false`. */
  readonly required?: boolean;
  /** It is only read if one of these parameters is true. Default: always. */
  readonly when?: readonly string[];
  /** The parameter that it replaced; its value still counts. */
  readonly replaces?: string;
  /** The parameter that replaced it. */
  readonly replacedBy?: string;
}

/** Parameters by name. */
export type ParameterFacts = Readonly<Record<string, ParameterFact>>;

/** A provider that ONNX Runtime runs a model's operators with. */
export interface AcceleratorFact {
  /** The first release that has it. Default: all. */
  readonly since?: string;
  /** `refused` if it takes no other parameters. Default: it passes them on. */
  readonly others?: "refused";
  /** The parameters that it reads. */
  readonly parameters: ParameterFacts;
}

/** A list of `optimization.execution_accelerators`. */
export type AcceleratorList = "gpu_execution_accelerator" | "cpu_execution_accelerator";

/** All that a backend reads of its own in a model's configuration. */
export interface BackendParameters {
  readonly backends: readonly string[];
  /** The platform that it is read for. Default: every one. */
  readonly platform?: string;
  /** The values of `runtime` for which it is read. Default: the backend's own library. */
  readonly runtimes?: readonly string[];
  readonly parameters: ParameterFacts;
  /** The accelerators by name; no others exist. Default: the backend doesn't read any. */
  readonly accelerators?: Readonly<Record<AcceleratorList, Readonly<Record<string, AcceleratorFact>>>>;
}

/**
 * The parameters that a backend reads. Source: `backendParameters.json`, which names its own.
 *
 * @param backend its name
 * @param platform the model's platform, completed
 * @param runtime the configuration's `runtime`; empty if it isn't set
 */
export function backendParametersOf(backend: string, platform: string, runtime: string): readonly BackendParameters[] {
  const own = ["", `libtriton_${backend}.so`];
  return tables.filter(
    (each) =>
      each.backends.includes(backend) &&
      (each.platform ?? platform) === platform &&
      (each.runtimes ?? own).includes(runtime),
  );
}

const tables = facts.tables as readonly object[] as readonly BackendParameters[];

/** Checks whether a release reads a parameter; if none is given, whether the newest one does. */
export function isRead({ since = "", until }: ParameterFact, release: string | undefined): boolean {
  return release === undefined ? until === undefined : since <= release && (until === undefined || release <= until);
}

/** The files that the FIL backend looks for, by its parameter model_type. Source: `model_file` in https://github.com/triton-inference-server/fil_backend/blob/main/src/model.h */
export const filFiles: Readonly<Record<string, string | undefined>> = table({
  xgboost: "xgboost.model",
  xgboost_json: "xgboost.json",
  xgboost_ubj: "xgboost.ubj",
  lightgbm: "model.txt",
  treelite_checkpoint: "checkpoint.tl",
});

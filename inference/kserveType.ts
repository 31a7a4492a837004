import type { DataType } from "./tensorTypes.ts";

/**
 * KServe's name of a model configuration's type.
 *
 * @param dataType for example `TYPE_STRING`, which is `BYTES`
 */
export function kserveType(dataType: string): DataType {
  return (dataType === "TYPE_STRING" ? "BYTES" : dataType.replace(/^TYPE_/, "")) as DataType;
}

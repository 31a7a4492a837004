const sizes: Readonly<Record<string, number>> = {
  TYPE_BOOL: 1,
  TYPE_UINT8: 1,
  TYPE_INT8: 1,
  TYPE_UINT16: 2,
  TYPE_INT16: 2,
  TYPE_FP16: 2,
  TYPE_BF16: 2,
  TYPE_UINT32: 4,
  TYPE_INT32: 4,
  TYPE_FP32: 4,
  TYPE_UINT64: 8,
  TYPE_INT64: 8,
  TYPE_FP64: 8,
};

/**
 * How many bytes an element of a type takes.
 *
 * @param dataType for example `TYPE_FP32`
 * @returns the bytes; 0 where they vary, as with strings
 */
export function byteSize(dataType: string): number {
  return sizes[dataType] ?? 0;
}

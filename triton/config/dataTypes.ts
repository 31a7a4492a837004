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
 * The size of an element of a type, in bytes.
 *
 * @param dataType for example `TYPE_FP32`
 * @returns the size; 0 if it varies, as for strings
 */
export function byteSize(dataType: string): number {
  return sizes[dataType] ?? 0;
}

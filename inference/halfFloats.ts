// 16-bit floats in terms of 32-bit ones: JavaScript has Float16Array only from Node 24 on, and BF16 not at all. Bits are
// moved as integers throughout, so the payload of a NaN survives.

/**
 * Widens IEEE 754 half-precision floats. Exact: every one has a 32-bit equivalent.
 *
 * @param bits the floats' bits
 */
export function widenFp16(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  inBlocks(bits.length, (from, to) => {
    for (let index = from; index < to; index += 1) wide[index] = widerBits[bits[index] ?? 0] ?? 0;
  });
  return new Float32Array(wide.buffer);
}

/**
 * Narrows numbers to IEEE 754 half precision, rounding to nearest, ties to even. Anything that rounds beyond 65504
 * becomes infinite.
 *
 * @param values the numbers; 64-bit ones are rounded once, not via 32 bits
 */
export function narrowToFp16(values: Float32Array | Float64Array): Uint16Array {
  const bits = new Uint16Array(values.length);
  if (values instanceof Float32Array) {
    const source = bitsOf(values);
    inBlocks(bits.length, (from, to) => {
      for (let index = from; index < to; index += 1) bits[index] = halfOfBits(source[index] ?? 0, values[index] ?? 0);
    });
  } else {
    inBlocks(bits.length, (from, to) => {
      for (let index = from; index < to; index += 1) bits[index] = halfBits(values[index] ?? 0);
    });
  }
  return bits;
}

/**
 * Widens bfloat16s: they are the upper halves of 32-bit floats.
 *
 * @param bits the floats' bits
 */
export function widenBf16(bits: Uint16Array): Float32Array {
  const wide = new Int32Array(bits.length);
  inBlocks(bits.length, (from, to) => {
    for (let index = from; index < to; index += 1) wide[index] = (bits[index] ?? 0) << 16;
  });
  return new Float32Array(wide.buffer);
}

/**
 * Narrows 32-bit floats to bfloat16, rounding to nearest, ties to even, as Triton's own Python client does since 26.06.
 * Earlier clients truncate.
 * Source: https://github.com/triton-inference-server/client/blob/main/src/python/library/tritonclient/http/_infer_input.py
 *
 * @param values the floats
 */
export function narrowToBf16(values: Float32Array): Uint16Array {
  const source = bitsOf(values);
  const bits = new Uint16Array(values.length);
  inBlocks(bits.length, (from, to) => {
    for (let index = from; index < to; index += 1) {
      const wide = source[index] ?? 0;
      let half = (wide + 0x7fff + ((wide >>> 16) & 1)) >>> 16;
      // A NaN whose payload is only in the lower half must not become infinite.
      if ((wide & 0x7fffffff) > 0x7f800000) half = (wide >>> 16) | ((wide & 0x7f0000) === 0 ? 0x40 : 0);
      bits[index] = half;
    }
  });
  return bits;
}

/** V8 keeps the compiled code of a function that is called often, but recompiles a single long loop on each call. */
function inBlocks(length: number, convert: (from: number, to: number) => void): void {
  for (let from = 0; from < length; from += 1024) convert(from, Math.min(length, from + 1024));
}

const widerBits = Uint32Array.from({ length: 0x10000 }, (_, half) => {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  return sign | (bitsOf(Float32Array.of(fraction * 2 ** -24))[0] ?? 0);
});

/** Works on the bits alone, which is several times faster. */
function halfOfBits(wide: number, value: number): number {
  const sign = (wide >>> 16) & 0x8000;
  const size = wide & 0x7fffffff;
  // The exponent biases are 112 apart. A fraction that rounds up carries into the exponent, as it should, up to
  // infinity.
  if (size >= 0x38800000 && size < 0x47800000) {
    return sign | ((size - (112 << 23) + 0xfff + ((size >>> 13) & 1)) >>> 13);
  }
  if (size > 0x7f800000) return sign | 0x7c00 | ((size >>> 13) & 0x3ff || 0x200);
  return halfBits(value);
}

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // Halfway between the largest half-precision float and what the next one would be.
  if (size >= 65_520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24);
  scratch[0] = size;
  const exponent = ((scratchWords[1] ?? 0) >>> 20) - 1023;
  // A fraction that rounds up to 2048 carries into the exponent, as it should.
  return sign + ((exponent + 14) << 10) + roundToEven(size * 2 ** (10 - exponent));
}

/** Adding 2⁵² leaves no room for a fraction, so that the processor itself rounds. */
function roundToEven(value: number): number {
  return value + 2 ** 52 - 2 ** 52;
}

/** Signed, because V8 represents unsigned integers from 2³¹ on as floats. */
function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

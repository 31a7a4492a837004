import * as fs from "node:fs";
import * as path from "node:path";

/** A kind of model repository to measure. */
export interface Repository {
  /** Its name in the table. */
  readonly name: string;
  /**
   * Writes a repository.
   *
   * @param directory the folder for it
   * @param size its approximate size in bytes
   */
  readonly write: (directory: string, size: number) => void;
}

/** The repositories to measure, with the same bytes on every machine from a generator with a fixed seed. */
export const repositories: readonly Repository[] = [
  {
    name: "float weights",
    write: (directory, size) => {
      writeLarge(directory, size, fillWithWeights);
    },
  },
  { name: "small files", write: writeSmallFiles },
  {
    name: "text",
    write: (directory, size) => {
      writeLarge(directory, size, fillWithText);
    },
  },
];

const BLOCK_BYTES = 2 ** 22;
const LARGE_FILES = 4;
const SMALL_FILES = 20_000;

/** A few large files, like the shards of a language model. */
function writeLarge(directory: string, size: number, fill: (block: Buffer, random: () => number) => void): void {
  const random = generator(1);
  const block = Buffer.alloc(BLOCK_BYTES);
  const folder = path.join(directory, "large", "1");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(directory, "large", "config.pbtxt"), 'name: "large"\nbackend: "python"\n');
  for (let part = 0; part < LARGE_FILES; part++) {
    const file = fs.openSync(path.join(folder, `part-${part}.bin`), "w");
    for (let left = Math.ceil(size / LARGE_FILES); left > 0; left -= BLOCK_BYTES) {
      fill(block, random);
      fs.writeSync(file, block, 0, Math.min(left, BLOCK_BYTES));
    }
    fs.closeSync(file);
  }
}

/**
 * 20,000 source files in a hundred folders, like a packed Python environment; 512 bytes to 16 KiB each at full size.
 */
function writeSmallFiles(directory: string, size: number): void {
  const random = generator(2);
  const block = Buffer.alloc(2 ** 15);
  const count = Math.max(100, Math.round(SMALL_FILES * Math.min(1, size / 2 ** 30)));
  for (let index = 0; index < count; index++) {
    const folder = path.join(directory, "small", "1", "environment", `package${index % 100}`);
    if (index < 100) fs.mkdirSync(folder, { recursive: true });
    const length = 512 + Math.floor(random() * (2 ** 14 - 512));
    fillWithText(block.subarray(0, length), random);
    fs.writeFileSync(path.join(folder, `module${index}.py`), block.subarray(0, length));
  }
  fs.writeFileSync(path.join(directory, "small", "config.pbtxt"), 'name: "small"\nbackend: "python"\n');
}

/** Weights like those of a trained model: 32-bit floats, normally distributed around 0 (by the Box–Muller method). */
function fillWithWeights(block: Buffer, random: () => number): void {
  const floats = new Float32Array(block.buffer, block.byteOffset, block.length / 4);
  for (let index = 0; index < floats.length; index += 2) {
    const radius = 0.02 * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    floats[index] = radius * Math.cos(angle);
    floats[index + 1] = radius * Math.sin(angle);
  }
}

const words = vocabulary();

/** Lines of words with the frequencies of natural language (by Zipf's law). */
function fillWithText(block: Buffer, random: () => number): void {
  for (let at = 0; at < block.length;) {
    at += words.at(Math.floor(words.length ** random()) - 1)?.copy(block, at) ?? 0;
    if (at < block.length) block[at++] = random() < 0.1 ? 10 : 32;
  }
}

function vocabulary(): readonly Buffer[] {
  const random = generator(3);
  const letters = "eeeeeettttaaaaooooiiiinnnnsssshhhrrrdddlllcuummwfgypbvkxjqz";
  return Array.from({ length: 30_000 }, () => {
    const length = 2 + Math.floor(random() * 9);
    return Buffer.from(Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join(""));
  });
}

/** Numbers in [0, 1) by mulberry32: fast, and good enough to be incompressible. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

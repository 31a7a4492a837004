import fc, { type Arbitrary } from "fast-check";

/** Values that programs stumble over, wherever they stand. */
const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  "",
  "\u001b[2J\u0007",
  "\u202egnp.exe",
  "\ud800",
  "a\nb\tc\rd",
  "__proto__",
  "constructor",
  "toString",
  "../../etc/passwd",
  "/dev/zero",
  "x".repeat(100_000),
  [],
  {},
  [[[[[]]]]],
  nested(500),
  Array.from({ length: 20_000 }, (_, index) => index),
  Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, index])),
  { ["__proto__"]: 1, constructor: 2 },
];

/** Bytes that mean something to one of the formats. */
const tokens: readonly string[] = [
  ...[
    "\0",
    "\u001b[2J",
    "\u202e",
    "\n",
    "\r",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    ":",
    ",",
    "#",
    "&a ",
    "*a",
    "!e\u001b ",
    "%YAML 9\n",
  ],
  ...[
    "-1",
    "NaN",
    "1e999",
    "99999999999999999999",
    "__proto__",
    "constructor: 1\n",
    "dims: [ -1 ] ",
    "ustar\0",
    "\xff\xff\xff\xff",
  ],
  ...[
    "x".repeat(100_000),
    "[".repeat(20_000),
    "{".repeat(20_000),
    "a: {".repeat(2000),
    "- ".repeat(5000),
    "input {} ".repeat(5000),
  ],
];

/**
 * Bytes that were changed here and there: bits flipped, pieces removed, repeated or replaced, the end cut off.
 *
 * @param base the right ones
 */
export function mutated(base: Uint8Array): Arbitrary<Buffer> {
  const place = fc.nat(base.length);
  const change = fc.oneof(
    fc.record({ at: place, length: fc.nat(8), put: fc.uint8Array({ maxLength: 8 }) }),
    fc.record({
      at: place,
      length: fc.nat(40),
      put: fc.constantFrom(...tokens).map((token) => Buffer.from(token, "latin1")),
    }),
    fc.record({ at: place, length: fc.nat(4), put: fc.constantFrom(...tokens).map((token) => Buffer.from(token)) }),
    fc.record({ at: place, length: fc.nat(base.length), put: fc.constant(new Uint8Array()) }),
    fc.tuple(place, fc.nat(200), fc.integer({ min: 2, max: 500 })).map(([at, length, times]) => {
      const piece = base.subarray(at, at + length);
      return { at, length, put: Buffer.concat(Array.from({ length: times }, () => piece)) };
    }),
  );
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) =>
    changes.reduce((bytes, { at, length, put }) => {
      return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]);
    }, Buffer.from(base)),
  );
}

/**
 * A JSON value in which other values stand here and there, are missing, or stand twice.
 *
 * @param base the right one
 */
export function mutatedJson(base: unknown): Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(1000),
    put: fc.constantFrom(...values),
    how: fc.constantFrom("put", "drop", "key"),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const document = { root: structuredClone(base) };
    for (const { at, put, how } of changes) {
      const slots = slotsOf(document);
      const [owner, key] = slots[at % slots.length]!;
      if (how === "drop" && owner !== document) Reflect.deleteProperty(owner, key);
      else if (how === "key" && owner !== document) Reflect.set(owner, String(put).slice(0, 200), owner[key]);
      else owner[key] = put;
    }
    return document.root;
  });
}

type Owner = Record<string, unknown>;

/** Every place of a value, up to a number: whose it is, and its name. */
function slotsOf(owner: Owner, found: [Owner, string][] = []): [Owner, string][] {
  for (const [key, value] of Object.entries(owner)) {
    if (found.length === 1000) break;
    found.push([owner, key]);
    if (typeof value === "object" && value !== null) slotsOf(value as Owner, found);
  }
  return found;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

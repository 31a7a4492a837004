import type { TextValue } from "./config/textFormat.ts";

/** A path in a `config.pbtxt`: field names, indexes of repeated fields and keys of maps. */
export type ConfigPath = readonly (string | number)[];

/**
 * Finds the line of a path or, if it isn't set, of the nearest enclosing message. Each message is looked through once,
 * however many paths lead into it.
 *
 * @param root the outline of the text
 * @param path for example `["input", 0, "dims", 1]`
 * @returns the line from 1, or `undefined` if only the whole file encloses it
 */
export function findLine(root: Place, path: ConfigPath): number | undefined {
  let line: number | undefined;
  let place: Place | undefined = root;
  for (const step of path) {
    place = typeof step === "number" ? place.item(step) : (place.field(step) ?? place.entry(step));
    line = place?.line ?? line;
    if (!place || place.values.length === 0) return line;
    line = place.values[0]?.line ?? line;
  }
  return line;
}

/** The values at a path of a text: those of all fields with one name, or of one entry of a map. */
export class Place {
  /** The values in the order written. */
  readonly values: TextValue[];
  /** The line of the first field's name; absent if it isn't a field. */
  readonly line?: number;
  #fields?: ReadonlyMap<string, Place>;
  #entries?: ReadonlyMap<string, Place>;
  readonly #items = new Map<number, Place>();

  /** @param line the line of the first field's name. Default: it isn't a field */
  constructor(values: TextValue[], line?: number) {
    this.values = values;
    if (line !== undefined) this.line = line;
  }

  /** One of the values. */
  item(index: number): Place | undefined {
    const value = this.values[index];
    if (!value) return undefined;
    const known = this.#items.get(index) ?? new Place([value]);
    this.#items.set(index, known);
    return known;
  }

  /** The values of the fields with a name, in all of the values. */
  field(name: string): Place | undefined {
    this.#fields ??= grouped(
      this.values.flatMap(({ fields }) => fields.map(({ name, line, values }) => ({ key: name, line, values }))),
    );
    return this.#fields.get(name);
  }

  /**
   * The value of an entry, if the values are those of a map.
   *
   * @param key the entry's key
   */
  entry(key: string): Place | undefined {
    this.#entries ??= grouped(
      this.values.flatMap((entry) => {
        const key = entry.fields.find(({ name }) => name === "key")?.values[0]?.text;
        const values = entry.fields.filter(({ name }) => name === "value").flatMap((field) => field.values);
        return key === undefined ? [] : [{ key, values: values.length > 0 ? values : [entry] }];
      }),
    );
    return this.#entries.get(key);
  }
}

function grouped(
  found: readonly { readonly key: string; readonly line?: number; readonly values: readonly TextValue[] }[],
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { key, line, values } of found) {
    const place = places.get(key) ?? new Place([], line);
    places.set(key, place);
    for (const value of values) place.values.push(value);
  }
  return places;
}

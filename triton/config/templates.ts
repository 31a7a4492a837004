import type { TextValue } from "./textFormat.ts";

/** An unfilled placeholder of a template. */
export interface Unfilled {
  /** The placeholder as written, for example `${triton_backend}`. */
  readonly placeholder: string;
  /** Its line, from 1. */
  readonly line: number;
  /** True if it is in `parameters`, which only the backend reads. */
  readonly parameter: boolean;
}

/**
 * Finds the first placeholder in a text: `${name}` as in Triton's own templates, `$(name)`, `{{ name }}` and `{% … %}`
 * of Jinja and Helm, `<% name %>`, `#{name}`, `%(name)s` of Python.
 */
function placeholderIn(text: string): string | undefined {
  return /(?<!\$)\$\{[^{}]*\}|\$\([A-Za-z_]\w*\)|\{\{[^{}]*\}\}|\{%[^%]*%\}|<%[^%]*%>|#\{[^{}]*\}|%\([A-Za-z_]\w*\)[sd]/.exec(
    text,
  )?.[0];
}

/**
 * Finds the first placeholder outside comments in a line that isn't protobuf text, including `<name>` in place of a
 * value.
 */
export function placeholderInLine(line: string): string | undefined {
  const code = line.replace(/(^|\s)#(?!\{).*$/, "");
  return placeholderIn(code) ?? /(?<=[:[,]\s*)<[\w .-]+>/.exec(code)?.[0];
}

/**
 * Placeholders that a backend may be meant to receive: parts of its own templates, such as for chats, and of texts for
 * people.
 */
function placeholderInParameter(text: string): string | undefined {
  return /(?<!\$)\$\{[^{}]*\}|^\{\{[^{}]*\}\}$|^<%[^%]*%>$/.exec(text)?.[0];
}

/** Fields that can't have such a name, so that a value which is only a placeholder is unfilled. */
const names = ["name", "backend", "platform"];

function placeholderInName(text: string): string | undefined {
  return /^(?:<[^<>]+>|\$[A-Za-z_]\w*|@\w+@|\{\w+\}|\[\[[^\]]*\]\])$/.exec(text)?.[0];
}

/**
 * Finds the placeholders in the quoted strings of a configuration.
 *
 * @param message the outline of its text
 */
export function unfilledTemplates(message: TextValue): Unfilled[] {
  const found = unfilledIn(message, false);
  const named = message.fields.flatMap(({ name, values }) =>
    names.includes(name)
      ? values.flatMap(({ text, line }) => {
          const placeholder = placeholderInName(text);
          return placeholder === undefined ? [] : [{ placeholder, line, parameter: false }];
        })
      : [],
  );
  return [...named, ...found];
}

function unfilledIn({ fields }: TextValue, parameter: boolean): Unfilled[] {
  return fields.flatMap(({ name, values }) => {
    const inside = parameter || name === "parameters";
    const find = inside ? placeholderInParameter : placeholderIn;
    return values.flatMap((value) => {
      const placeholder = value.kind === "string" ? find(value.text) : undefined;
      const own = placeholder === undefined ? [] : [{ placeholder, line: value.line, parameter: inside }];
      return [...own, ...unfilledIn(value, inside)];
    });
  });
}

import type { TextValue } from "./textFormat.ts";

/** A placeholder of a template that nothing was put in place of. */
export interface Unfilled {
  /** The placeholder as written, for example `${triton_backend}`. */
  readonly placeholder: string;
  /** The line it stands on, from 1. */
  readonly line: number;
  /** Whether it stands among `parameters`, which only the backend reads. */
  readonly parameter: boolean;
}

/**
 * The first placeholder in a text: `${name}` as Triton's own templates have it, `$(name)`, `{{ name }}` and `{% … %}` of Jinja and
 * Helm, `<% name %>`, `#{name}`, `%(name)s` of Python.
 *
 * @param text the text
 */
function placeholderIn(text: string): string | undefined {
  return /(?<!\$)\$\{[^{}]*\}|\$\([A-Za-z_]\w*\)|\{\{[^{}]*\}\}|\{%[^%]*%\}|<%[^%]*%>|#\{[^{}]*\}|%\([A-Za-z_]\w*\)[sd]/.exec(
    text,
  )?.[0];
}

/**
 * The first placeholder in a line that is no protobuf text, outside of its comment: also `<name>` where a value belongs.
 *
 * @param line the line
 */
export function placeholderInLine(line: string): string | undefined {
  const code = line.replace(/(^|\s)#(?!\{).*$/, "");
  return placeholderIn(code) ?? /(?<=[:[,]\s*)<[\w .-]+>/.exec(code)?.[0];
}

/** What a backend may be meant to get as it stands: parts of its own templates, as a chat's, and of texts for people. */
function placeholderInParameter(text: string): string | undefined {
  return /(?<!\$)\$\{[^{}]*\}|^\{\{[^{}]*\}\}$|^<%[^%]*%>$/.exec(text)?.[0];
}

/** Names that nothing can have, so that a text which is nothing but a placeholder is one. */
const names = ["name", "backend", "platform"];

function placeholderInName(text: string): string | undefined {
  return /^(?:<[^<>]+>|\$[A-Za-z_]\w*|@\w+@|\{\w+\}|\[\[[^\]]*\]\])$/.exec(text)?.[0];
}

/**
 * The placeholders in the quoted strings of a configuration.
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

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
 * The first placeholder in a text: `${name}` as Triton's own templates have it, `{{ name }}` of Jinja and Helm, `<% name %>`.
 *
 * @param text the text
 */
export function placeholderIn(text: string): string | undefined {
  return /\$\{[^{}]*\}|\{\{[^{}]*\}\}|<%[^%]*%>/.exec(text)?.[0];
}

/**
 * The placeholders in the quoted strings of a configuration.
 *
 * @param message the outline of its text
 */
export function unfilledTemplates(message: TextValue): Unfilled[] {
  return unfilledIn(message, false);
}

function unfilledIn({ fields }: TextValue, parameter: boolean): Unfilled[] {
  return fields.flatMap(({ name, values }) => {
    const inside = parameter || name === "parameters";
    return values.flatMap((value) => {
      const placeholder = value.kind === "string" ? placeholderIn(value.text) : undefined;
      const own = placeholder === undefined ? [] : [{ placeholder, line: value.line, parameter: inside }];
      return [...own, ...unfilledIn(value, inside)];
    });
  });
}

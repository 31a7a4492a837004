/** Why and where code can't be parsed. */
export interface SyntaxFault {
  /** Python's own words. */
  readonly message: string;
  /** The line from 1; absent if Python names none. */
  readonly line?: number;
}

/** What a Python says of a file with code that it parsed but didn't run. */
export interface PythonReading {
  /** The version of that Python, for example `3.11`. */
  readonly version: string;
  /** Why it can't be parsed. */
  readonly error?: SyntaxFault;
  /** The oldest Python from 3.8 on that has the code's syntax, and what the one before lacks. Default: 3.8. */
  readonly needs?: SyntaxFault & { readonly version: string };
  /** The names of its classes, if it certainly doesn't define TritonPythonModel. */
  readonly lacksClass?: readonly string[];
  /** True if TritonPythonModel certainly has no method execute. */
  readonly lacksExecute?: boolean;
}

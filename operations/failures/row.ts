import { instanceAccelerator } from "../../sagemaker/instanceTypes.ts";

/** The surroundings of a line: the same line can be harmless on one instance type and fatal on another. */
export interface FailureContext {
  /** The instance type; absent if unknown, or for serverless inference. */
  readonly instanceType?: string;
  /** Whether inference is serverless. Default: false. */
  readonly serverless?: boolean;
  /** Whether the endpoint has many models. Default: false. */
  readonly multiModel?: boolean;
  /** Whether the local Triton wrote the line. Default: false. */
  readonly local?: boolean;
  /** Whether the image is the user's own; absent if unknown. */
  readonly ownImage?: boolean;
  /** The release of Triton in the image, `YY.MM`; absent if unknown. */
  readonly release?: string;
  /** The values in force, by the settings' names as in the remedies: `modelServer.shmDefaultByteSize`. Default: none known. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** The conditions of rows, by the words in which the documents show them. A condition that can't be decided isn't met. */
const conditions = {
  "with a GPU": ({ instanceType }) => instanceType !== undefined && instanceAccelerator(instanceType) === "gpu",
  "without a GPU": ({ instanceType, serverless, local }) =>
    (local ?? serverless ?? false) || (instanceType !== undefined && instanceAccelerator(instanceType) !== "gpu"),
  "serverless inference": ({ serverless }) => serverless ?? false,
  "many models": ({ multiModel }) => multiModel ?? false,
  "`npm start`": ({ local }) => local ?? false,
  "your own image": ({ ownImage }) => ownImage ?? false,
  "before 25.03": ({ release }) => release !== undefined && release < "25.03",
  "from 25.03 on": ({ release }) => release !== undefined && release >= "25.03",
} satisfies Record<string, (context: FailureContext) => boolean>;

/** A row of the table of failures: pattern → cause → setting. */
export interface FailureRow {
  /** What the text matches. The remedy can name its groups: `{module}`. */
  readonly pattern: RegExp;
  /** The surroundings in which the row applies. Default: all. */
  readonly when?: keyof typeof conditions;
  /** What is wrong, in a few words: `shared memory is too small`. */
  readonly cause: string;
  /** What to do, with the setting's name. */
  readonly remedy: string;
  /**
   * `harmless` is a line that looks like a failure and isn't one; `general` is one that reports a failure without its reason,
   * which another line may give. Default: a failure with its reason.
   */
  readonly kind?: "harmless" | "general";
  /** Where the line was seen, or the code that writes it. */
  readonly source: string;
}

/** Whether a row applies in certain surroundings. */
export function applies({ when }: FailureRow, context: FailureContext): boolean {
  return when === undefined || conditions[when](context);
}

/** The address of a file or an issue in one of Triton's repositories: `triton("core", "blob/main/src/memory.cc")`. */
export function triton(repository: string, place: string): string {
  return `https://github.com/triton-inference-server/${repository}/${place}`;
}

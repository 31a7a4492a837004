// Compiles the program files of a folder with the compiler at a path, with every module setting, with and without
// esModuleInterop, and prints what is wrong: in the programs, or in the declarations of this package, which may not rely on
// skipLibCheck. One process for all, because they share most of the parsed files.
import { createRequire } from "node:module";
import * as path from "node:path";
import type * as TypeScript from "typescript";

const [compiler = "", folder = ""] = process.argv.slice(2);
const ts = createRequire(import.meta.url)(compiler) as typeof TypeScript;

/** The module settings as in tsconfig.json, and the program's extension. */
const settings = [
  { module: "commonjs", moduleResolution: "node", extension: "ts" },
  { module: "node16", moduleResolution: "node16", extension: "mts" },
  { module: "node16", moduleResolution: "node16", extension: "cts" },
  { module: "nodenext", moduleResolution: "nodenext", extension: "mts" },
  { module: "nodenext", moduleResolution: "nodenext", extension: "cts" },
  { module: "esnext", moduleResolution: "bundler", extension: "ts" },
];

const parsed = new Map<string, TypeScript.SourceFile | undefined>();
for (const { extension, ...modules } of settings) {
  for (const esModuleInterop of [true, false]) {
    const { diagnostics, files } = compile(path.join(folder, `program.${extension}`), { ...modules, esModuleInterop });
    const host = { getCurrentDirectory: () => folder, getCanonicalFileName: String, getNewLine: () => "\n" };
    const title = `${modules.moduleResolution}, .${extension}, esModuleInterop ${esModuleInterop}`;
    console.log(`${title}: ${files} declarations, ${diagnostics.length} errors`);
    console.log(ts.formatDiagnostics(diagnostics, host));
    if (diagnostics.length > 0 || files === 0) process.exitCode = 1;
  }
}

function compile(file: string, modules: object) {
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...modules,
      strict: true,
      target: "es2020",
      types: ["node"],
      // TypeScript 6 announces that CommonJS without exports, and without esModuleInterop, goes.
      ...(ts.version.startsWith("6.") && { ignoreDeprecations: "6.0" }),
    },
    folder,
  );
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (name, how, ...rest) => {
    const key = `${name} ${typeof how === "object" ? how.impliedNodeFormat : how}`;
    if (!parsed.has(key)) parsed.set(key, parse(name, how, ...rest));
    return parsed.get(key);
  };
  const program = ts.createProgram([file], options, host);
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.includes("/node_modules/sagemaker-triton/"));
  const checked = [program.getSourceFile(file), ...own];
  const problems = checked.flatMap((one) => [
    ...program.getSyntacticDiagnostics(one),
    ...program.getSemanticDiagnostics(one),
  ]);
  return {
    diagnostics: [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...problems],
    files: own.length,
  };
}

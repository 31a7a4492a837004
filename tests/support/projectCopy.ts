import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { captureLine } from "./captures.ts";
import { compiledCode, endedInTime, type CliRun } from "./cli.ts";

/** A copy of the project in a temporary folder, in which commands do what they like. */
export interface ProjectCopy {
  /** Its folder. */
  readonly directory: string;
  /** Runs a line of a shell in it; the environment is this process's and what is given. */
  readonly run: (line: string, environment?: NodeJS.ProcessEnv) => Promise<CliRun>;
  /** Removes it. */
  readonly remove: () => void;
}

/**
 * Copies the project, and makes what the documents' commands take for granted: models beside it, an archive, a request, an
 * image, captured traffic and a Pulumi CLI that knows the outputs of every stack.
 */
export function copyProject(): ProjectCopy {
  const root = mkdtempSync(path.join(tmpdir(), "printed-"));
  const directory = path.join(root, "project");
  const at = (...names: string[]) => path.join(directory, ...names);
  mkdirSync(directory);
  for (const name of copied) cpSync(name, at(name), { recursive: true });
  symlinkSync(path.resolve("node_modules"), at("node_modules"));
  cpSync("models", at("candidate"), { recursive: true });
  cpSync("models", path.join(root, "next-models"), { recursive: true });
  cpSync("examples/onnx/models/digits/1", path.join(root, "my-models/digits/1"), { recursive: true });
  cpSync("models/penguins/request.json", at("request.json"));
  writeFileSync(at("cat.jpg"), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0));
  const body = (name: string) => ({ body: readFileSync(`models/penguins/${name}`), contentType: "application/json" });
  mkdirSync(at("captured"));
  writeFileSync(at("captured/one.jsonl"), `${captureLine(body("request.json"), body("response.json"))}\n`);
  mkdirSync(path.join(root, "bin"));
  const outputs = {
    endpointName: "penguins",
    endpointArn: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/penguins",
  };
  writeFileSync(path.join(root, "bin/pulumi"), `#!/bin/sh\necho '${JSON.stringify(outputs)}'\n`);
  chmodSync(path.join(root, "bin/pulumi"), 0o755);
  return {
    directory,
    run: async (line, environment = {}) => {
      const child = spawn("sh", ["-c", line], {
        cwd: directory,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          ...compiledCode,
          PATH: `${path.join(root, "bin")}:${path.dirname(process.execPath)}:${process.env.PATH ?? ""}`,
          ...environment,
        },
        ...endedInTime,
      });
      const printed = { stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
      const [code] = (await once(child, "close")) as [number | null];
      return { code, ...printed };
    },
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}

const copied = [
  ...["commands", "components", "endpoint", "inference", "local", "operations", "packing", "policy", "preview"],
  ...["releases", "sagemaker", "text", "triton", "models", "examples", "docs"],
  ...["index.ts", "stack.js", "package.json", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"],
];

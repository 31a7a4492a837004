import * as path from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";

// Lambda brings the AWS SDK, and the client needs no other package. A program with a bundler leaves that to it.
export const packages = ["sagemaker-triton"].map((name) => {
  const folder = path.dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
  return [`node_modules/${name}`, new pulumi.asset.FileArchive(folder)] as const;
});

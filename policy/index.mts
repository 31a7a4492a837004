// `.mts`: Pulumi compiles a pack's `.ts` files with its own TypeScript, but leaves `.mts` files to Node.js.
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

new PolicyPack("sagemaker-triton", { policies });

// `.mts`: Pulumi compiles a pack's `.ts` files with a TypeScript of its own, and leaves these to Node.js.
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

new PolicyPack("sagemaker-triton", { policies });

import { InvalidArgumentError, type Command } from "commander";
import * as path from "node:path";
import { stackPermissions } from "../preview/permissions/stackPermissions.ts";
import { statePermissions } from "../preview/permissions/statePermissions.ts";
import { plannedStack } from "./plannedStack.ts";
import { projectDirectory } from "./project.ts";
import { withModelProgress } from "./progress.ts";
import { runCommand } from "./run.ts";

interface Options {
  readonly stack: string;
  readonly configFile?: string;
  readonly preview?: boolean;
  readonly smoke?: boolean;
  readonly account?: string;
  readonly backend?: string;
  readonly secretsProvider?: string;
}

/** `permissions` */
export function define(command: Command): void {
  command
    .description(
      "Print the policy of a role that deploys a stack, or only previews it: the actions that its resources and its program need in AWS. Needs no AWS account.",
    )
    .option("--stack <name>", "the stack, as in Pulumi.<name>.yaml", "dev")
    .option("--config-file <file>", "the stack's configuration file, instead of Pulumi.<name>.yaml", (file) =>
      path.resolve(file),
    )
    .option("--preview", "what a preview needs, also with --refresh; nothing that changes a resource")
    .option("--smoke", "also what npm run smoke and npm run status need afterwards")
    .option("--account <id>", "the account of the resources (default: any)", account)
    .option("--backend <url>", "instead: what Pulumi's state in s3://<bucket> needs")
    .option("--secrets-provider <url>", "instead: what Pulumi's key for secrets, awskms://…, needs")
    .action(permissions);
}

async function permissions(options: Options): Promise<void> {
  const { stack, configFile, backend, secretsProvider } = options;
  if (backend !== undefined || secretsProvider !== undefined) {
    print(statePermissions(options));
    return;
  }
  const directory = projectDirectory();
  const planned = { stack, directory, ...(configFile !== undefined && { configFile }) };
  const plan = await withModelProgress(() => plannedStack(planned));
  print(stackPermissions(plan, { ...options, region: plan.region }));
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const mostCharacters = 10_240;

function print(policy: object): void {
  console.log(JSON.stringify(policy, undefined, 2));
  const { length } = JSON.stringify(policy);
  if (length <= mostCharacters) return;
  console.error(
    `warning: without whitespace it has ${length} characters, and IAM takes ${mostCharacters} in all inline policies of a role: attach its statements as several managed policies`,
  );
}

function account(given: string): string {
  if (/^\d{12}$/.test(given)) return given;
  throw new InvalidArgumentError("use the account's twelve digits.");
}

if (import.meta.main) await runCommand("permissions", define);

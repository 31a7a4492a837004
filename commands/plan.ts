import { Command } from "commander";
import { previewStack } from "../preview/plan.ts";
import { renderPlan } from "../preview/renderPlan.ts";
import { run } from "./run.ts";

const options = new Command("npm run plan --")
  .description("Print what a stack would register. Needs no AWS account, no Pulumi CLI and no Docker.")
  .option("--stack <name>", "the stack, as in Pulumi.<name>.yaml", "dev")
  .option("--config-file <file>", "the stack's configuration, in place of Pulumi.<name>.yaml")
  .option("--json", "print one JSON document")
  .parse()
  .opts<{ stack: string; configFile?: string; json?: boolean }>();

await run(async () => {
  const plan = await previewStack(options);
  console.log(options.json ? JSON.stringify(plan, undefined, 2) : renderPlan(plan));
});

import * as path from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import languageServices from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import type { Answer, Question } from "./programHost.ts";
import { answer, startServer } from "./provider/grpcServer.ts";

// The process of a ProgramHost. It does what `@pulumi/pulumi/cmd/run` does, as often as it is asked.

type RunRequest = InstanceType<typeof language.RunRequest>;
const { RunResponse } = language;

let runs = 0;
let running = 0;

/** Runs the program. Its errors are logged in Pulumi's words, as by a process of its own. */
async function run(request: RunRequest): Promise<InstanceType<typeof RunResponse>> {
  settings.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    request.getArgsList()[0] ?? "",
    request.getMonitorAddress(),
    request.getDryrun(),
    request.getOrganization(),
  );
  const config = Object.fromEntries(request.getConfigMap().entries());
  const secretKeys = request.getConfigsecretkeysList();
  pulumi.runtime.setAllConfig(config, secretKeys);
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
  const reported = new Set<unknown>();
  const report = (error: unknown) => {
    if (!reported.has(error)) reportError(error);
    reported.add(error);
  };
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    // The program has put its own listener in place of ours.
    process.removeAllListeners(event).on(event, report);
  }
  const program = pathToFileURL(path.resolve(request.getInfo()!.getEntryPoint()));
  program.search = `?run=${(runs += 1)}`;
  try {
    await pulumi.runtime.runInPulumiStack(async () => {
      const { default: stack } = (await import(program.href)) as { default: () => Promise<object> };
      return stack();
    });
  } catch (error) {
    report(error);
  }
  await settings.disconnect(reported.size === 0);
  const response = new RunResponse();
  response.setBail(reported.size > 0);
  return response;
}

function reportError(error: unknown): void {
  if (pulumi.RunError.isInstance(error)) void pulumi.log.error(error.message);
  else if (pulumi.ResourceError.isInstance(error)) {
    void pulumi.log.error(error.hideStack ? error.message : String(error.stack), error.resource);
  } else void pulumi.log.error(`Running the program failed with an unhandled exception:\n${(error as Error).stack}`);
}

const { port } = await startServer(languageServices.LanguageRuntimeService, {
  handshake: answer(() => new language.LanguageHandshakeResponse()),
  getPluginInfo: answer(() => new plugin.PluginInfo()),
  getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
  getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
  run: answer(async (request: RunRequest) => {
    running += 1;
    // What Pulumi's SDK remembers of an earlier run.
    Object.assign(globalThis, { globalStore: undefined });
    const response = await run(request);
    running -= 1;
    return response;
  }),
});

const own = { ...process.env };
process.on("message", (question: Question) => {
  if ("prepare" in question) {
    for (const name of Object.keys(process.env)) if (!(name in own)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, own, question.prepare.env);
    process.chdir(question.prepare.project);
  }
  process.send!({ port, busy: running > 0 } satisfies Answer);
});
process.on("disconnect", () => process.exit());

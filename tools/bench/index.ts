import { InvalidArgumentError, type Command } from "commander";
import { interruption, runCommand } from "../../commands/run.ts";

/** `npm run bench -- pack`, `onnx`, `invoke` and `load`. */
function define(command: Command): void {
  command.description("Measure this program on this machine.");
  command
    .command("pack")
    .description("Pack repositories of weights, of small files and of text; print times, ratios and memory as a table.")
    .option("--size <MiB>", "the size of each repository", positive, 1024)
    .option("--runs <number>", "the maximum number of runs of each packer; the median counts", positive, 3)
    .action(async ({ size, runs }: { readonly size: number; readonly runs: number }) => {
      const { benchPack } = await import("./pack.ts");
      console.log(await benchPack({ size: size * 2 ** 20, runs, onStep }));
    });
  command
    .command("onnx")
    .description("Check an ONNX model with and without gigabytes of weights; print times and memory as a table.")
    .option("--size <MiB>", "the size of the model", positive, 2047)
    .option("--runs <number>", "the number of runs of each check; the median counts", positive, 9)
    .action(async ({ size, runs }: { readonly size: number; readonly runs: number }) => {
      const { benchOnnx } = await import("./onnx.ts");
      console.log(await benchOnnx({ size: size * 2 ** 20, runs }));
    });
  command
    .command("invoke")
    .description("Compare encoding and decoding with Triton's own client, and requests with plain HTTP; print tables.")
    .option("--milliseconds <number>", "how long to encode and to decode each tensor", positive, 1000)
    .option("--requests <number>", "how often to send each tensor each way; the median counts", positive, 1000)
    .action(async ({ milliseconds, requests }: { readonly milliseconds: number; readonly requests: number }) => {
      const { benchInvoke } = await import("./invoke.ts");
      console.log(await benchInvoke({ milliseconds, requests, onStep, signal: interruption() }));
    });
  command
    .command("load")
    .description(
      "Compare the open loop of load with other load generators, at a server of known latency; print a table.",
    )
    .option("--rate <number>", "requests a second", positive, 2000)
    .option("--seconds <number>", "how long each run sends", positive, 10)
    .option("--runs <number>", "the number of runs of each; the median counts", positive, 3)
    .action(
      async ({ rate, seconds, runs }: { readonly rate: number; readonly seconds: number; readonly runs: number }) => {
        const { benchLoad } = await import("./load.ts");
        console.log(await benchLoad({ rate, seconds, runs, onStep }));
      },
    );
}

function onStep(step: string): void {
  console.error(step);
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return number;
}

await runCommand("bench", define, process.argv.slice(2));

import { InvalidArgumentError, type Command } from "commander";
import { interruption } from "./run.ts";

/** `bench pack`, `bench onnx` and `bench invoke` */
export function define(command: Command): void {
  command.description("Measure this program on this machine.");
  command
    .command("pack")
    .description("Pack repositories of weights, of small files and of text; print times, ratios and memory as a table.")
    .option("--size <MiB>", "how much each repository holds", positive, 1024)
    .option("--runs <number>", "how often each packer runs at most; the median counts", positive, 3)
    .action(async ({ size, runs }: { readonly size: number; readonly runs: number }) => {
      const { benchPack } = await import("../bench/pack.ts");
      console.log(await benchPack({ size: size * 2 ** 20, runs, onStep }));
    });
  command
    .command("onnx")
    .description("Check an ONNX model with and without gigabytes of weights; print times and memory as a table.")
    .option("--size <MiB>", "how large the model is", positive, 2047)
    .option("--runs <number>", "how often each is checked; the median counts", positive, 9)
    .action(async ({ size, runs }: { readonly size: number; readonly runs: number }) => {
      const { benchOnnx } = await import("../bench/onnx.ts");
      console.log(await benchOnnx({ size: size * 2 ** 20, runs }));
    });
  command
    .command("invoke")
    .description("Encode and decode tensors beside Triton's own client, and send them beside plain HTTP; print tables.")
    .option("--milliseconds <number>", "how long each tensor is encoded, and decoded", positive, 1000)
    .option("--requests <number>", "how often each tensor is sent each way; the median counts", positive, 1000)
    .action(async ({ milliseconds, requests }: { readonly milliseconds: number; readonly requests: number }) => {
      const { benchInvoke } = await import("../bench/invoke.ts");
      console.log(await benchInvoke({ milliseconds, requests, onStep, signal: interruption() }));
    });
}

function onStep(step: string): void {
  console.error(step);
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return number;
}

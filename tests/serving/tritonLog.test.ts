import { expect } from "chai";
import { TritonLog } from "../../local/tritonLog.ts";

const prefix = (level: string) => `${level}1124 14:17:44.409571 14862 model_lifecycle.cc:642] `;

function logOf(...pieces: string[]): TritonLog {
  const log = new TritonLog();
  for (const piece of pieces) log.add(piece);
  return log;
}

describe("Triton's log", () => {
  it("gives each reason once, without prefixes, and in full if it has several lines", () => {
    const failure = "failed to load 'm' version 1: Internal: ImportError: no\\n\\nAt:\\n  model.py(1): <module>\\n";
    const log = logOf(
      `${prefix("I")}"loading: m:1"\n${prefix("E")}"CudaDriverHelper has not been initialized."\n`,
      `${prefix("E")}"${failure}"\n${prefix("E")}"${failure}"\n`,
      `${prefix("I")}"Waiting for in-flight requests"\nerror: creating server: Internal - failed to load all models\n`,
    );
    expect(log.reason).to.equal(
      "failed to load 'm' version 1: Internal: ImportError: no\n\nAt:\n  model.py(1): <module>",
    );
  });

  it("handles lines that arrive in pieces, and unquoted ones", () => {
    const log = logOf(prefix("E").slice(0, 10), `${prefix("E").slice(10)}first li`, "ne\n  second line\n");
    expect(log.reason).to.equal("first line\n  second line");
    expect(log.text).to.include("second line");
  });

  it("may come from a terminal, whose lines end with a carriage return too", () => {
    const lines: string[] = [];
    const log = new TritonLog((line) => lines.push(line));
    log.add(`hello\r\n${prefix("E")}"CUDA is missing"\r`);
    log.add("\n");
    expect(lines).to.deep.equal(["hello"]);
    expect(log.reason).to.equal("CUDA is missing");
  });

  it("without an error gives its last lines", () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${prefix("I")}"line ${i}"`);
    expect(logOf(lines.join("\n"), "\n").reason.split("\n")).to.have.length(20);
  });

  it("separates the models' output from Triton's own lines and tables", () => {
    const lines: string[] = [];
    const log = new TritonLog((line) => lines.push(line));
    log.add(`hello\n${prefix("I")}"loading: m:1"\n${prefix("I")}\n+---+\n| m |\n+---+\n\n| mine |\n`);
    log.add(`${prefix("W").replace("model_lifecycle.cc:642", "model.py:8")}"careful\\nnow"\nSignal (15) received.\nby`);
    log.add("e\n");
    expect(lines).to.deep.equal(["hello", "| mine |", "model.py:8: careful", "now", "bye"]);
  });

  it("gives Python's last output after a crash", () => {
    const words = 'Fatal Python error: Segmentation fault\n\nCurrent thread 0x1:\n  File "model.py", line 3 in execute';
    const log = logOf(
      `hello\n${words}\n\nExtension modules: numpy\n${prefix("E")}"Stub process 'm_0' is not healthy."\n`,
    );
    expect(log.crash).to.equal(words);
    expect(log.reason).to.equal(`Stub process 'm_0' is not healthy.\n${words}`);
    expect(logOf("hello\n").crash).to.equal(undefined);
  });
});

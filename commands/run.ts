/**
 * Runs a command to its end. Whatever goes wrong is told in one message without a stack and ends the process with 1;
 * a defect of the program itself shows its stack when `DEBUG` is set.
 *
 * @param command the command
 */
export async function run(command: () => Promise<void>): Promise<void> {
  // Where an Output fails that nobody waits for, Pulumi's runtime leaves a rejection that nobody handles.
  process.on("unhandledRejection", fail);
  try {
    await command();
  } catch (error) {
    fail(error);
  }
}

const told = new Set<string>();

function fail(error: unknown): void {
  process.exitCode = 1;
  const message = error instanceof Error ? error.message : String(error);
  if (told.has(message)) return;
  told.add(message);
  console.error(process.env.DEBUG ? error : `error: ${message}`);
}

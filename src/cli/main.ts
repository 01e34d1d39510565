import { Command, CommanderError } from "commander";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { EXIT, type CliIo } from "./cli-io.ts";
import { registerCommands } from "./register-commands.ts";
import { openTerminal } from "./terminal.ts";

/** Runs one command line and resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  try {
    return await runCommandLine(argv, terminal.io);
  } finally {
    terminal.close();
  }
}

/** The same with the outside world as an argument. */
export async function runCommandLine(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command("leadsman")
    .description("Routes every LLM call cheap first, deep only when it earns it.")
    .option("--config <file>", "configuration file (default: leadsman.yaml if it is there)")
    .option("--json", "print data as JSON")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        io.out(text.trimEnd());
      },
      writeErr: (text) => {
        io.note(text.trimEnd());
      },
    });
  registerCommands(program, io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof LeadsmanError) {
      io.note(`${error.message}\n(${error.code})`);
      return EXIT.failure;
    }
    throw error;
  }
}

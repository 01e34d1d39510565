import { Command, CommanderError, type AddHelpTextContext } from "commander";
import { nearestName } from "../config/nearest-name.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { EXIT, type CliIo } from "./cli-io.ts";
import { leadsmanVersion } from "./leadsman-version.ts";
import { printableText } from "./printable-text.ts";
import { registerCommands } from "./register-commands.ts";
import { openTerminal } from "./terminal.ts";

/** Runs one command line and resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  try {
    const exitCode = await runCommandLine(argv, terminal.io);
    return (await terminal.isOutputWhole()) ? exitCode : EXIT.failure;
  } finally {
    terminal.close();
  }
}

/** The same with the outside world as an argument. */
export async function runCommandLine(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number | null = null;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode ?? (io.stopSignal.aborted ? EXIT.interrupted : EXIT.ok);
  } catch (error) {
    return explain(error, io);
  }
}

/** The whole tree of commands; printing and ending are up to the arguments. */
export function createProgram(io: CliIo, finish: (exitCode: number) => void): Command {
  const program = new Command("leadsman")
    .description(
      "Sends every LLM call to a cheap model first and to the expensive one only when the cheap " +
        "one is not sure enough. Start with `leadsman demo`, or `leadsman up` in shadow.",
    )
    .version(leadsmanVersion(), "--version", "print the version")
    .option("--config <file>", "configuration file (default: leadsman.yaml where it exists)")
    .option("--json", "data on standard output as JSON")
    .helpOption("--help", "explain a command")
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: io.columns,
      subcommandTerm: (command) => command.name(),
    })
    .showHelpAfterError(
      "`leadsman help` lists the commands, `leadsman help <command>` explains one.",
    )
    .addHelpText("beforeAll", refuseUnknownName)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.note(text.trimEnd()),
    });
  program.commandsGroup("Help:").helpCommand("help [command]", "explain a command");
  registerCommands(program, io, finish);
  for (const command of program.commands) pointToHelp(command, `leadsman ${command.name()}`);
  return program;
}

/** Who got a command wrong wants the explanation of that one. */
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`\`${path} --help\` explains it and shows examples.`);
  for (const inner of command.commands) pointToHelp(inner, `${path} ${inner.name()}`);
}

/** Who asks for help on a command that is not there gets it as an error: Commander shows all it has. */
function refuseUnknownName({ error, command }: AddHelpTextContext): string {
  const [word, name] = command.args;
  if (!error || word !== "help" || name === undefined) return "";
  const nearest = nearestName(
    name,
    command.commands.map((one) => one.name()),
  );
  const hint = nearest === null ? "" : ` Did you mean "${nearest}"?`;
  const path = command.parent === null ? "leadsman" : `leadsman ${command.name()}`;
  throw new LeadsmanError(
    "command_unknown",
    `There is no command "${printableText(name)}".${hint} \`${path} help\` lists the commands.`,
  );
}

/** Codes of errors that are about what the user wrote. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  "usage",
  "command_unknown",
  "config_invalid",
  "route_unknown",
  "channel_unknown",
  "alert_unknown",
  "dataset_unknown",
  "request_invalid",
  "token_required",
  "token_invalid",
  "ledger_url_unknown",
  "invalid_price",
  "invalid_limit",
  "unpriced",
  "file_missing",
  "route_wanted",
  "key_wanted",
]);

function explain(error: unknown, io: CliIo): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof LeadsmanError) {
    io.note(`${error.message}\n(${error.code})`);
    if (error.code === "interrupted") return EXIT.interrupted;
    return USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failure;
  }
  io.note(
    "This is a mistake in leadsman itself; please report it with the lines below.\n" +
      (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  return EXIT.failure;
}

import type { Command } from "commander";
import type { CliIo } from "./cli-io.ts";
import type { CommandContext } from "./command-context.ts";
import { configCommand } from "./commands/config.ts";
import { initCommand } from "./commands/init.ts";
import { modeCommand } from "./commands/mode.ts";
import { upCommand } from "./commands/up.ts";

/** The commands in the groups and the order that the help shows. A new one is a line here. */
const COMMANDS: Readonly<Record<string, readonly ((context: CommandContext) => Command)[]>> = {
  "Serve:": [initCommand, upCommand],
  "Steer:": [modeCommand, configCommand],
};

/** Hangs every command onto the program. */
export function registerCommands(
  program: Command,
  io: CliIo,
  finish: (exitCode: number) => void,
): void {
  const context: CommandContext = {
    io,
    finish,
    settings: () => {
      const config: unknown = program.getOptionValue("config");
      return {
        configPath: typeof config === "string" ? config : null,
        json: program.getOptionValue("json") === true,
      };
    },
  };
  for (const [group, makers] of Object.entries(COMMANDS)) {
    for (const make of makers) {
      const command = make(context).helpGroup(group);
      inheritSettings(command, program);
      program.addCommand(command);
    }
  }
}

/** Output, errors and help of commands that were made apart are those of the program. */
function inheritSettings(command: Command, from: Command): void {
  command.copyInheritedSettings(from);
  for (const inner of command.commands) inheritSettings(inner, command);
}

import type { Command } from "commander";
import type { CliIo } from "./cli-io.ts";
import type { CommandContext } from "./command-context.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { backupCommand } from "./commands/backup.ts";
import { checkCommand } from "./commands/check.ts";
import { configCommand } from "./commands/config.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { gradeCommand } from "./commands/grade.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { modeCommand } from "./commands/mode.ts";
import { pairsCommand } from "./commands/pairs.ts";
import { purgeCommand } from "./commands/purge.ts";
import { receiptCommand } from "./commands/receipt.ts";
import { replayCommand } from "./commands/replay.ts";
import { reportCommand } from "./commands/report.ts";
import { savingsCommand } from "./commands/savings.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { statusCommand } from "./commands/status.ts";
import { tryCommand } from "./commands/try.ts";
import { tuneCommand } from "./commands/tune.ts";
import { upCommand } from "./commands/up.ts";

/** The commands in the groups and the order that the help shows. A new one is a line here. */
const COMMANDS: Readonly<Record<string, readonly ((context: CommandContext) => Command)[]>> = {
  "Start:": [demoCommand, initCommand, doctorCommand, upCommand],
  "Look:": [
    tryCommand,
    statusCommand,
    reportCommand,
    receiptCommand,
    pairsCommand,
    savingsCommand,
    exportCommand,
  ],
  "Data:": [importCommand, replayCommand],
  "Prove:": [gradeCommand, tuneCommand, checkCommand],
  "Tend:": [modeCommand, alertsCommand, configCommand, backupCommand, purgeCommand],
  "Test:": [simulateCommand],
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

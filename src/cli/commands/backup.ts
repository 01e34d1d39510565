import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { printJson } from "../print-json.ts";
import { readLedger } from "../read-ledger.ts";

/** A copy of the ledger to put away. */
export function backupCommand(context: CommandContext): Command {
  return new Command("backup")
    .summary("copy the ledger while it is in use")
    .description(
      "Writes a consistent copy of the ledger, whether a gateway runs or not. The copy is a " +
        "ledger of its own: name it in ledger.url to look into it.",
    )
    .argument("<file>", "where to; must not exist yet")
    .addHelpText("after", examples(["leadsman backup ledger-2026-11-23.db"]))
    .action((file: string) => runBackup(context, file));
}

async function runBackup(context: CommandContext, file: string): Promise<void> {
  const { io, settings } = context;
  const path = resolve(io.workingDirectory, file);
  if (existsSync(path)) {
    throw new LeadsmanError(
      "file_exists",
      `${file} is there already and was left as it is. Name another file.`,
    );
  }
  await readLedger(context, (ledger) => ledger.backup(path));
  const sizeBytes = statSync(path).size;
  if (settings().json) printJson(io, { file, sizeBytes });
  else io.out(`Wrote ${file}, ${(sizeBytes / 1024 ** 2).toFixed(1)} MiB.`);
}

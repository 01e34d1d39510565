import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { renderInitialConfig, type InitialConfigOptions } from "../../config/init-config.ts";
import { CONFIG_FILE } from "../../config/load-config.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { askInitialConfig } from "../ask-initial-config.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { printJson } from "../print-json.ts";

interface InitOptions {
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** Writes a configuration to start from. */
export function initCommand(context: CommandContext): Command {
  return new Command("init")
    .summary(`write a ${CONFIG_FILE} to start from`)
    .description(
      `Writes a commented ${CONFIG_FILE} (or the file of --config): one route in shadow. Asks a ` +
        "few questions on a terminal.",
    )
    .option("--yes", "ask nothing and take the defaults")
    .option("--force", "overwrite a file that is there")
    .addHelpText("after", examples(["leadsman init", "leadsman init --yes --config staging.yaml"]))
    .action((options: InitOptions) => runInit(context, options));
}

async function runInit(context: CommandContext, options: InitOptions): Promise<void> {
  const { io, settings, finish } = context;
  const { configPath, json } = settings();
  const name = configPath ?? CONFIG_FILE;
  const path = resolve(io.workingDirectory, name);
  if (existsSync(path) && options.force !== true) {
    throw new LeadsmanError(
      "file_exists",
      `${name} is there already and was left as it is. ` +
        "`leadsman init --force` overwrites it; `leadsman config check` looks at it.",
    );
  }
  const isAsking = io.canAsk && options.yes !== true && !json;
  const answers: InitialConfigOptions | null = isAsking ? await askInitialConfig(io) : {};
  if (answers === null) {
    io.note("Nothing was written.");
    finish(EXIT.interrupted);
    return;
  }
  writeFileSync(path, renderInitialConfig(answers));
  if (json) printJson(io, { file: name });
  else io.out(`Wrote ${name}.`);
  io.note(
    "Next: leadsman doctor, then leadsman up, and the one line to change in your application:\n\n" +
      "  export ANTHROPIC_BASE_URL=http://127.0.0.1:8787\n",
  );
}

import { Command } from "commander";
import { counted } from "../../reports/format-number.ts";
import { formatProblems } from "../../config/config-problem.ts";
import { renderJsonSchema } from "../../config/json-schema.ts";
import { CONFIG_FILE } from "../../config/load-config.ts";
import { printConfig } from "../../config/print-config.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { openConfig, readConfig } from "../open-config.ts";
import { printJson } from "../print-json.ts";

/** Looks at the configuration without starting anything. */
export function configCommand(context: CommandContext): Command {
  const command = new Command("config")
    .summary("check or print the configuration, or its JSON Schema")
    .description("Looks at the configuration without starting anything.")
    .addHelpText(
      "after",
      examples([
        "leadsman config check",
        "leadsman config print --config staging.yaml",
        "leadsman config schema > leadsman.schema.json",
      ]),
    );
  command
    .command("check")
    .description("Reports every problem with its line and the nearest valid name; exit code 2.")
    .addHelpText("after", examples(["leadsman config check --config staging.yaml"]))
    .action(() => {
      checkConfig(context);
    });
  command
    .command("print")
    .description("Shows every value and where it came from. Secrets are masked.")
    .addHelpText("after", examples(["leadsman config print --json"]))
    .action(() => {
      showConfig(context);
    });
  command
    .command("schema")
    .description("Prints the JSON Schema of the file, for editors.")
    .addHelpText("after", examples(["leadsman config schema > leadsman.schema.json"]))
    .action(() => {
      context.io.out(renderJsonSchema().trimEnd());
    });
  return command;
}

function checkConfig(context: CommandContext): void {
  const { io, settings, finish } = context;
  const loaded = readConfig(context);
  if (!loaded.ok) {
    const problems = loaded.problem;
    if (settings().json) printJson(io, { isValid: false, problems, notes: [] });
    else io.note(formatProblems(problems));
    finish(EXIT.usage);
    return;
  }
  const { file, notes, config } = loaded.value;
  if (settings().json) {
    printJson(io, { isValid: true, file, problems: [], notes });
    return;
  }
  const routes = counted(config.routes.length, "route");
  io.out(
    file === null
      ? `There is no ${CONFIG_FILE}, so the defaults hold: ${routes}.`
      : `${file} is fine: ${routes}.`,
  );
  for (const note of notes) io.note(`note: ${note}`);
}

function showConfig(context: CommandContext): void {
  const { io, settings } = context;
  const loaded = openConfig(context);
  if (!settings().json) {
    io.out(printConfig(loaded).trimEnd());
    return;
  }
  const values = loaded.provenance.map(({ path, shown, from }) => ({ path, value: shown, from }));
  printJson(io, { file: loaded.file, settings: values });
}

import { Command } from "commander";
import { sqlitePath } from "../../compose/open-ledger.ts";
import { PRICE_TABLE_DATE, tierModels } from "../../compose/upstream-probe.ts";
import { formatProblems } from "../../config/config-problem.ts";
import { CONFIG_FILE } from "../../config/load-config.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { systemClock } from "../../support/clock.ts";
import { EXIT, type CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { createOutputPaint } from "../output-paint.ts";
import { fail, ok, type Check, type CheckState } from "../doctor/check.ts";
import { checkEnvironment } from "../doctor/environment-checks.ts";
import { checkLedger } from "../doctor/ledger-check.ts";
import { checkLive } from "../doctor/live-checks.ts";
import { checkClock, checkDisk, checkRuntime } from "../doctor/machine-checks.ts";
import { checkPort } from "../doctor/port-check.ts";
import { checkPrices, checkPrivacy, checkProviders } from "../doctor/provider-checks.ts";
import { examples } from "../examples.ts";
import { readConfig } from "../open-config.ts";
import type { Paint } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { renderTable } from "../table.ts";

/** Looks at everything that has to be right. */
export function doctorCommand(context: CommandContext): Command {
  return new Command("doctor")
    .summary("look at everything that has to be right, and say what to do")
    .description(
      "Looks at the machine, the configuration, the ledger, the port, keys and prices. Exit code " +
        "1 when something will not work. Nothing leaves the machine without --live.",
    )
    .option("--live", "also make one tiny real call per tier, after saying what it costs")
    .addHelpText("after", examples(["leadsman doctor", "leadsman doctor --live"]))
    .action(({ live }: { readonly live?: boolean }) => runDoctor(context, live === true));
}

async function runDoctor(context: CommandContext, isLive: boolean): Promise<void> {
  const { io, settings, finish } = context;
  const loaded = readConfig(context);
  const configCheck = loaded.ok
    ? ok("config", loaded.value.file ?? `defaults, as there is no ${CONFIG_FILE}`)
    : fail(
        "config",
        formatProblems(loaded.problem),
        "Mend the lines above; the rest waits for it.",
      );
  const checks = [
    ...checkRuntime({ node: process.versions.node, sqlite: process.versions["sqlite"] ?? "none" }),
    configCheck,
    ...(loaded.ok ? await checkConfigured(loaded.value, io) : []),
    ...(loaded.ok && isLive ? await checkLive(loaded.value.config, io) : []),
  ];
  const hasFailed = checks.some(({ state }) => state === "fail");
  if (settings().json) printJson(io, { isFine: !hasFailed, checks });
  else io.out(checkTable(checks, createOutputPaint(io)));
  io.note(conclusion(checks, isLive));
  if (hasFailed) finish(EXIT.failure);
}

async function checkConfigured({ config }: LoadedConfig, io: CliIo): Promise<readonly Check[]> {
  const ledger = await checkLedger(config.ledger);
  const nowMs = systemClock.nowMs();
  return [
    ...ledger.checks,
    checkDisk(sqlitePath(config.ledger.url) ?? io.workingDirectory),
    checkClock(nowMs, PRICE_TABLE_DATE, ledger.newestRecordMs),
    await checkPort(config.server),
    ...checkEnvironment(io.variables, config),
    ...checkProviders(config),
    checkPrices(tierModels(config, nowMs), PRICE_TABLE_DATE),
    ...checkPrivacy(config),
  ];
}

function checkTable(checks: readonly Check[], paint: Paint): string {
  const columns = [{ title: "" }, { title: "what" }, { title: "found" }];
  const rows = checks.map(({ state, subject, found, next }) => [
    mark(state, paint),
    subject,
    next === null ? found : `${found}\n→ ${next}`,
  ]);
  return renderTable(columns, rows, paint).join("\n");
}

function mark(state: CheckState, paint: Paint): string {
  switch (state) {
    case "ok":
      return paint.good("✓ ok");
    case "warn":
      return paint.warning("! warn");
    case "fail":
      return paint.bad("✗ fail");
  }
}

function conclusion(checks: readonly Check[], isLive: boolean): string {
  const count = (state: CheckState): number =>
    checks.filter((check) => check.state === state).length;
  const failed = count("fail");
  const tried = isLive ? "" : " `leadsman doctor --live` also calls each tier once.";
  if (failed > 0) return `${failed} of ${checks.length} will not work; the arrows say what to do.`;
  const warned = count("warn");
  const surprises = warned === 0 ? "" : ` ${warned} may surprise.`;
  return `All ${checks.length} will work.${surprises}${tried}`;
}

import { Command } from "commander";
import { readWatch } from "../../compose/read-watch.ts";
import { readRoutesInForce } from "../../compose/routes-in-force.ts";
import type { LeadsmanConfig } from "../../config/config.ts";
import { reportJson } from "../../reports/report-json.ts";
import type { StatusRoute } from "../../reports/standing-report.ts";
import { buildStatusReport } from "../../reports/status-report.ts";
import { systemClock } from "../../support/clock.ts";
import { sleep } from "../../support/sleep.ts";
import type { CommandContext } from "../command-context.ts";
import { describeModeInForce } from "../describe-route.ts";
import { createOutputPaint } from "../output-paint.ts";
import { examples } from "../examples.ts";
import { requireRoute } from "../open-config.ts";
import { timeValue } from "../option-values.ts";
import { readLedger, type OpenedLedger } from "../read-ledger.ts";
import { renderStatus } from "../render-status.ts";

interface StatusOptions {
  readonly route?: string;
  readonly since: number;
  readonly watch?: boolean;
}

/** Prints how things stand. */
export function statusCommand(context: CommandContext): Command {
  const sinceMs = (text: string): number => timeValue(text, systemClock.nowMs());
  return new Command("status")
    .summary("show what became of requests, what they cost, how long they took")
    .description(
      "Sums up the ledger: what became of requests, their cost against all-deep, latency of each " +
        "path, what is in force and how much of it is graded, background work and what it spent, " +
        "and what shadow triages would have done. Whole UTC hours.",
    )
    .option("--route <name>", "only this route")
    .option("--since <time>", "from then on: 24h, 7d, 2026-11-01 (default: 24h)", sinceMs)
    .option("--watch", "print anew every two seconds until interrupted")
    .addHelpText("after", examples(["leadsman status", "leadsman status --since 7d --json"]))
    .action(async (options: Partial<StatusOptions>) => {
      const since = options.since ?? sinceMs("24h");
      await readLedger(context, (ledger, config) =>
        printStatus(context, ledger, config, { ...options, since }),
      );
    });
}

const WATCH_MS = 2_000;

/** Clears the terminal and puts the cursor to its top. */
const CLEAR = "\u001B[2J\u001B[H";

async function printStatus(
  { io, settings }: CommandContext,
  ledger: OpenedLedger,
  config: LeadsmanConfig,
  { route, since, watch = false }: StatusOptions,
): Promise<void> {
  const isJson = settings().json;
  const paint = createOutputPaint(io);
  for (;;) {
    const span = { fromMs: since, toMs: systemClock.nowMs() };
    const report = await buildStatusReport(ledger, {
      ...span,
      inForce: await inForceOf(config, ledger),
      ...(route === undefined ? {} : { route }),
    });
    // A route that is configured no longer may still have a past; one that has neither is a slip.
    if (route !== undefined && report.total.requests === 0) requireRoute(config.routes, route);
    if (isJson) io.out(reportJson("status", report, watch ? 0 : 2));
    else io.out(`${watch && io.hasColour ? CLEAR : ""}${renderStatus(report, paint)}`);
    if (!watch) return;
    await sleep(WATCH_MS, io.stopSignal);
    if (io.stopSignal.aborted) return;
  }
}

async function inForceOf(
  config: LeadsmanConfig,
  ledger: OpenedLedger,
): Promise<readonly StatusRoute[]> {
  const routes = await readRoutesInForce(config, ledger);
  return Promise.all(
    routes.map(async ({ route, isCertified }) => ({
      name: route.name,
      mode: describeModeInForce(route, isCertified),
      thresholds: route.tiers.map(({ threshold }) => threshold),
      isCertified,
      backgroundUsdPerDay: route.limits.backgroundUsdPerDay,
      watch: await readWatch(ledger, route.name),
    })),
  );
}

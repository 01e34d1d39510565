import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command } from "commander";
import { readRoutesInForce } from "../../compose/routes-in-force.ts";
import type { LeadsmanConfig } from "../../config/config.ts";
import { evidenceDocument } from "../../reports/document/evidence-document.ts";
import { experimentDocument } from "../../reports/document/experiment-document.ts";
import { renderCsv } from "../../reports/document/render-csv.ts";
import { renderMarkdown } from "../../reports/document/render-markdown.ts";
import type { ReportDocument } from "../../reports/document/report-document.ts";
import { renderHtml } from "../../reports/html/render-html.ts";
import { buildEvidenceReport } from "../../reports/evidence/build-evidence-report.ts";
import type { EvidenceReport } from "../../reports/evidence/build-evidence-report.ts";
import type { ReportedRoute } from "../../reports/evidence/reported-route.ts";
import { buildExperimentReport } from "../../reports/experiment/experiment-report.ts";
import { reportJson } from "../../reports/report-json.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { CommandContext } from "../command-context.ts";
import { describeMode } from "../describe-route.ts";
import { examples } from "../examples.ts";
import { requireRoute } from "../open-config.ts";
import { timeValue } from "../option-values.ts";
import { createOutputPaint } from "../output-paint.ts";
import { readLedger, type OpenedLedger } from "../read-ledger.ts";
import { renderReport } from "../render-report.ts";

interface ReportOptions {
  readonly since?: number;
  readonly md?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
  readonly texts: boolean;
  readonly experiment?: boolean;
}

/** Dollars for one grade by a person, and a month of looking after a cascade: for advice only. */
const LABEL_USD = 0.05;
const FIXED_USD_PER_MONTH = 20;

/** What evidence is taken as promised when a route promises nothing. */
const DEFAULT_PROMISE = { atMost: 0.05, failureProbability: 0.05 };

/** Answers, from what was compared and graded, whether and where to route. */
export function reportCommand(context: CommandContext): Command {
  const sinceMs = (text: string): number => timeValue(text, systemClock.nowMs());
  return new Command("report")
    .summary("show where the cheap model can answer, where it fails, and whether to route")
    .description(
      "Answers from evidence: what was compared in shadow, graded or imported. Every number comes " +
        "with its uncertainty, or is not known yet. That two answers differ is never taken for an " +
        "error.",
    )
    .argument("[route]", "only this route")
    .option("--since <time>", "from then on: 24h, 7d, 2026-11-01 (default: 30d)", sinceMs)
    .option(
      "--experiment",
      "the control arm and the shadow pairs: the cascade against the deep model",
    )
    .option("--md", "as Markdown")
    .option("--csv", "the tables as CSV, one line per cell")
    .option("--html <file>", "as one page with pictures, written to a file; - for standard output")
    .option("--no-texts", "leave the beginnings of stored requests out of the examples")
    .addHelpText(
      "after",
      examples([
        "leadsman report",
        "leadsman report support --since 7d --md > report.md",
        "leadsman report --html report.html",
        "leadsman report support --experiment --since 14d",
        "leadsman report --json",
      ]),
    )
    .action(async (route: string | undefined, options: ReportOptions, self: Command) => {
      const forms = [options.md === true, options.csv === true, options.html !== undefined];
      if (forms.filter(Boolean).length > 1) {
        self.error("error: wanted one of --md, --csv and --html");
      }
      await readLedger(context, async (ledger, config) => {
        if (options.experiment === true) {
          await printExperiment(context, ledger, config, route, options);
          return;
        }
        const report = await buildReport(ledger, config, route, options);
        if (route !== undefined && report.routes.length === 0) requireRoute(config.routes, route);
        const json = (): string => reportJson("report", report, 2);
        await print(context, evidenceDocument(report), json, options);
      });
    });
}

/** Of routes that are configured; the arms of one that is no more are history. */
async function printExperiment(
  context: CommandContext,
  ledger: OpenedLedger,
  config: LeadsmanConfig,
  route: string | undefined,
  options: ReportOptions,
): Promise<void> {
  const nowMs = systemClock.nowMs();
  if (route !== undefined) requireRoute(config.routes, route);
  const routes = route === undefined ? config.routes.map(({ name }) => name) : [route];
  const span = { fromMs: options.since ?? timeValue("30d", nowMs), toMs: nowMs };
  const report = await buildExperimentReport(ledger, { ...span, routes });
  const json = (): string => reportJson("experiment", report, 2);
  await print(context, experimentDocument(report), json, options);
}

async function buildReport(
  ledger: OpenedLedger,
  config: LeadsmanConfig,
  route: string | undefined,
  { since, texts }: ReportOptions,
): Promise<EvidenceReport> {
  const nowMs = systemClock.nowMs();
  return buildEvidenceReport(ledger, {
    fromMs: since ?? timeValue("30d", nowMs),
    toMs: nowMs,
    ...(route === undefined ? {} : { route }),
    routes: (await readRoutesInForce(config, ledger)).map(({ route: inForce }) =>
      reportedRoute(inForce),
    ),
    withTexts: texts,
    labelUsd: LABEL_USD,
    fixedUsdPerMonth: FIXED_USD_PER_MONTH,
  });
}

function reportedRoute(route: LeadsmanConfig["routes"][number]): ReportedRoute {
  const { guarantee } = route;
  return {
    name: route.name,
    mode: describeMode(route.mode),
    thresholds: route.tiers.map(({ threshold }) => threshold),
    models: route.tiers.map(({ model }) => model),
    candidates: (route.candidates ?? []).map(({ model }) => model),
    target: guarantee?.target ?? "joint",
    promised:
      guarantee === null
        ? DEFAULT_PROMISE
        : { atMost: guarantee.atMost, failureProbability: 1 - guarantee.confidence },
  };
}

async function print(
  { io, settings }: CommandContext,
  document: ReportDocument,
  json: () => string,
  form: ReportOptions,
): Promise<void> {
  if (settings().json) {
    io.out(json());
    return;
  }
  if (form.md === true) io.out(renderMarkdown(document));
  else if (form.csv === true) io.out(renderCsv(document));
  else if (form.html === "-") io.out(renderHtml(document).trimEnd());
  else if (form.html !== undefined) {
    const path = resolve(form.html);
    await writePage(path, renderHtml(document));
    io.note(`Wrote ${path}`);
  } else io.out(renderReport(document, createOutputPaint(io)));
}

async function writePage(path: string, page: string): Promise<void> {
  try {
    await writeFile(path, page);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LeadsmanError(
      "report_not_written",
      `Wanted to write the page to ${path}, found: ${why}. Name a file in a folder that exists.`,
    );
  }
}

import { Command, Option } from "commander";
import {
  certificateScope,
  changeThreshold,
  undoThreshold,
} from "../../compose/change-threshold.ts";
import { keepLook } from "../../compose/keep-look.ts";
import {
  GUARANTEE_TARGETS,
  type GuaranteeTarget,
  type LeadsmanConfig,
} from "../../config/config.ts";
import { formatConfidence } from "../../reports/format-number.ts";
import { reportJson } from "../../reports/report-json.ts";
import { readTuningEvidence } from "../../reports/tune/read-tuning-evidence.ts";
import { tuningReport, type TuningReport } from "../../reports/tune/tuning-report.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { shareValue, timeValue } from "../option-values.ts";
import { createOutputPaint } from "../output-paint.ts";
import { printJson } from "../print-json.ts";
import { readLedger, type OpenedLedger } from "../read-ledger.ts";
import { renderTuning } from "../render-tuning.ts";
import { goalOf, routesToTune } from "../tuning-goal.ts";

interface TuneOptions {
  readonly target?: GuaranteeTarget;
  readonly atMost?: number;
  readonly confidence?: number;
  readonly oneShot?: boolean;
  readonly judge?: boolean;
  readonly since?: number;
  readonly apply?: boolean;
  readonly undo?: boolean;
  readonly reason?: string;
}

/** Finds the loosest threshold that the evidence vouches for, and applies it on demand. */
export function tuneCommand(context: CommandContext): Command {
  return new Command("tune")
    .summary("find the threshold that the evidence vouches for")
    .description(
      "Tests each stated confidence as a threshold against the route's guarantee (default: at " +
        "most 5 % of all requests ship wrong, 95 % confidence). With --apply the loosest certified " +
        "one is written into the ledger with its certificate, and a running gateway takes it over " +
        "within 2 seconds; when there is none, nothing changes and the command ends with 4.",
    )
    .argument("[route]", "name of the route (default: all of two tiers)")
    .addOption(new Option("--target <target>", "what to promise").choices(GUARANTEE_TARGETS))
    .option("--at-most <share>", "allowed rate, such as 5%", shareValue)
    .option("--confidence <share>", "how sure, such as 95%", shareValue)
    .option("--one-shot", "takes fewer labels; later looks at the same models pay for it")
    .option("--judge", "a judge's verdicts count, corrected by those that people checked at random")
    .option("--since <time>", "evidence from then on: 7d, 2026-11-01 (default: all)", (text) =>
      timeValue(text, systemClock.nowMs()),
    )
    .addOption(new Option("--apply", "put the certified threshold in force").conflicts("undo"))
    .option("--undo", "put the threshold before the last change in force again")
    .option("--reason <text>", "why, for the audit; with --apply and --undo")
    .addHelpText(
      "after",
      examples([
        "leadsman tune support",
        'leadsman tune support --target selective --at-most 2% --apply --reason "800 labels"',
        'leadsman tune support --undo --reason "the labels were of last year"',
      ]),
    )
    .action((route: string | undefined, options: TuneOptions) => runTune(context, route, options));
}

async function runTune(
  context: CommandContext,
  name: string | undefined,
  options: TuneOptions,
): Promise<void> {
  const { io, settings, finish } = context;
  const reason = options.reason?.trim() ?? "";
  const isChange = options.apply === true || options.undo === true;
  requireUsage(!isChange || reason !== "", "Wanted --reason with a few words, for the audit.");
  for (const share of [options.atMost ?? 0.5, options.confidence ?? 0.5]) {
    requireUsage(share > 0 && share < 1, "Wanted shares above 0 % and below 100 %.");
  }
  await readLedger(context, async (ledger, { routes }) => {
    const chosen = routesToTune(routes, name);
    const [configured] = chosen;
    requireUsage(!isChange || chosen.length === 1, "Wanted the name of the route to change.");
    if (options.undo === true && configured !== undefined) {
      const version = await undoThreshold(ledger, configured, reason, systemClock);
      if (settings().json) printJson(io, version);
      else io.out(`${version.route}: threshold ${formatConfidence(version.threshold)}`);
      io.note(TAKEN_OVER);
      return;
    }
    const reports: TuningReport[] = [];
    for (const route of chosen) reports.push(await readReport(ledger, route, options));
    const paint = createOutputPaint(io);
    if (settings().json) io.out(reportJson("tune", { routes: reports }, 2));
    else io.out(reports.map((report) => renderTuning(report, paint)).join("\n\n"));
    const [report] = reports;
    if (options.apply !== true) for (const one of reports) noteNextStep(context, one, options);
    if (options.apply !== true || report === undefined || configured === undefined) return;
    if (report.threshold === null) {
      io.note(`Nothing was applied. ${report.missing ?? ""}`);
      finish(EXIT.notEnoughEvidence);
      return;
    }
    const { threshold } = report;
    const certificate = certificateOf(report, configured);
    await changeThreshold(ledger, { configured, threshold, certificate, reason }, systemClock);
    io.note(`Applied threshold ${formatConfidence(threshold)}. ${TAKEN_OVER}`);
  });
}

/** What to do with what was found; the options that decided it have to be given again. */
function noteNextStep(
  { io, settings }: CommandContext,
  { route, threshold }: TuningReport,
  { target, atMost, confidence, oneShot, judge, since }: TuneOptions,
): void {
  if (settings().json || threshold === null) return;
  const options = [
    ...(target === undefined ? [] : [`--target ${target}`]),
    ...(atMost === undefined ? [] : [`--at-most ${percentOf(atMost)}`]),
    ...(confidence === undefined ? [] : [`--confidence ${percentOf(confidence)}`]),
    ...(oneShot === true ? ["--one-shot"] : []),
    ...(judge === true ? ["--judge"] : []),
    ...(since === undefined ? [] : [`--since ${new Date(since).toISOString()}`]),
  ];
  const command = ["leadsman tune", route, ...options, "--apply --reason"].join(" ");
  io.note(
    `\nNothing was changed. To put ${formatConfidence(threshold)} in force:\n  ${command} "…"`,
  );
}

function percentOf(share: number): string {
  return `${String(Number((share * 100).toPrecision(12)))}%`;
}

const TAKEN_OVER = "A running gateway takes this over within 2 seconds.";

async function readReport(
  ledger: OpenedLedger,
  route: LeadsmanConfig["routes"][number],
  { target, atMost, confidence, oneShot, judge, since }: TuneOptions,
): Promise<TuningReport> {
  const from = since === undefined ? {} : { fromMs: since };
  const goal = goalOf(route, {
    ...(target === undefined ? {} : { target }),
    ...(atMost === undefined ? {} : { atMost }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(oneShot === true ? { looks: "once" } : {}),
    ...(judge === true ? { graders: "judge" } : {}),
  });
  const evidence = await readTuningEvidence(ledger, { route: route.name, ...from });
  const looks = await ledger.tuningLooks(route.name);
  const nowMs = systemClock.nowMs();
  const report = tuningReport(route.name, evidence, goal, { nowMs, looks, ...from });
  // Kept before it is shown: a look that was seen and not kept would be free.
  if (report.look !== null) await keepLook(ledger, report.look, systemClock);
  return report;
}

/** What the audit keeps of the evidence, and what the certificate speaks about. */
function certificateOf(
  { goal, threshold, candidates, labelledRows, sample, promise }: TuningReport,
  configured: LeadsmanConfig["routes"][number],
): string {
  const candidate = candidates.find((one) => one.threshold === threshold);
  const { cheapModel = null, deepModel = null, promptHash = null } = sample.stratum ?? {};
  const madeFor = certificateScope(configured, [cheapModel, deepModel], promptHash);
  return JSON.stringify({ promise, ...goal, madeFor, labelledRows, ...candidate, sample });
}

function requireUsage(isFine: boolean, sentence: string): void {
  if (!isFine) throw new LeadsmanError("usage", sentence);
}

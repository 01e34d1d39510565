import { Command, Option } from "commander";
import { undoThresholds } from "../../compose/change-thresholds.ts";
import { GUARANTEE_TARGETS } from "../../config/config.ts";
import { formatConfidence } from "../../reports/format-number.ts";
import { reportJson } from "../../reports/report-json.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { applyTuning, certifiedThresholds, TAKEN_OVER } from "../apply-tuning.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { shareValue, timeValue } from "../option-values.ts";
import { createOutputPaint } from "../output-paint.ts";
import type { Paint } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { readLedger } from "../read-ledger.ts";
import { readTuning, type RouteTuning, type TuningQuestion } from "../read-tuning.ts";
import { renderTierTuning } from "../render-tier-tuning.ts";
import { renderTaskTuning, renderTuning } from "../render-tuning.ts";
import { routesToTune } from "../tuning-goal.ts";

interface TuneOptions extends TuningQuestion {
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
    .argument("[route]", "name of the route (default: all)")
    .addOption(new Option("--target <target>", "what to promise").choices(GUARANTEE_TARGETS))
    .option("--at-most <share>", "allowed rate, such as 5%", shareValue)
    .option("--confidence <share>", "how sure, such as 95%", shareValue)
    .option("--one-shot", "takes fewer labels; later looks at the same models pay for it")
    .option("--judge", "a judge's verdicts count, corrected by those that people checked at random")
    .addOption(
      new Option("--by <what>", "a certificate for each kind of work")
        .choices(["task"])
        .conflicts(["apply", "undo"]),
    )
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
        "leadsman tune support --by task",
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
      const versions = await undoThresholds(ledger, configured, reason, systemClock);
      if (settings().json) printJson(io, versions.length === 1 ? versions[0] : versions);
      else for (const version of versions) io.out(undoneLine(version));
      io.note(TAKEN_OVER);
      return;
    }
    const tunings: RouteTuning[] = [];
    for (const route of chosen) tunings.push(await readTuning(ledger, route, options));
    const paint = createOutputPaint(io);
    if (settings().json) io.out(reportJson("tune", { routes: tunings.map(jsonOf) }, 2));
    else io.out(tunings.map((tuning) => render(tuning, paint)).join("\n\n"));
    const [tuning] = tunings;
    if (options.apply !== true || tuning === undefined || configured === undefined) {
      if (!settings().json) for (const one of tunings) noteNextStep(context, one, options);
      return;
    }
    const thresholds = certifiedThresholds(tuning);
    if (thresholds === null) {
      io.note(`Nothing was applied. ${tuning.report.missing ?? ""}`);
      finish(EXIT.notEnoughEvidence);
      return;
    }
    io.note(await applyTuning(ledger, configured, tuning, thresholds, reason));
  });
}

function render(tuning: RouteTuning, paint: Paint): string {
  if (tuning.kind === "more_tiers") return renderTierTuning(tuning.report, paint);
  const { report, byTask } = tuning;
  const whole = renderTuning(report, paint);
  return byTask === null ? whole : `${whole}\n\n${renderTaskTuning(byTask, paint)}`;
}

function jsonOf(tuning: RouteTuning): object {
  if (tuning.kind === "more_tiers" || tuning.byTask === null) return tuning.report;
  return { ...tuning.report, byTask: tuning.byTask };
}

function undoneLine({
  route,
  tier,
  threshold,
}: {
  readonly route: string;
  readonly tier: number;
  readonly threshold: number;
}): string {
  const which = tier === 0 ? "" : ` of tier ${String(tier + 1)}`;
  return `${route}: threshold${which} ${formatConfidence(threshold)}`;
}

/** What to do with what was found; the options that decided it have to be given again. */
function noteNextStep({ io }: CommandContext, tuning: RouteTuning, question: TuneOptions): void {
  const thresholds = certifiedThresholds(tuning);
  if (thresholds === null || question.by !== undefined) return;
  const { target, atMost, confidence, oneShot, judge, since } = question;
  const options = [
    ...(target === undefined ? [] : [`--target ${target}`]),
    ...(atMost === undefined ? [] : [`--at-most ${percentOf(atMost)}`]),
    ...(confidence === undefined ? [] : [`--confidence ${percentOf(confidence)}`]),
    ...(oneShot === true ? ["--one-shot"] : []),
    ...(judge === true ? ["--judge"] : []),
    ...(since === undefined ? [] : [`--since ${new Date(since).toISOString()}`]),
  ];
  const command = ["leadsman tune", tuning.report.route, ...options, "--apply --reason"].join(" ");
  const found = thresholds.map(formatConfidence).join(" and ");
  io.note(`\nNothing was changed. To put ${found} in force:\n  ${command} "…"`);
}

function percentOf(share: number): string {
  return `${String(Number((share * 100).toPrecision(12)))}%`;
}

function requireUsage(isFine: boolean, sentence: string): void {
  if (!isFine) throw new LeadsmanError("usage", sentence);
}

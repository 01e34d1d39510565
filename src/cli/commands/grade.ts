import { Command } from "commander";
import {
  openGrading,
  type GradingDesk,
  type GradingScope,
} from "../../compose/open-grading-desk.ts";
import type { LeadsmanConfig } from "../../config/config.ts";
import { counted, formatShare } from "../../reports/format-number.ts";
import { readTuningEvidence } from "../../reports/tune/read-tuning-evidence.ts";
import { tuningReport } from "../../reports/tune/tuning-report.ts";
import { systemClock } from "../../support/clock.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { EXIT } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { gradeCards, type GradingSitting } from "../grade-cards.ts";
import { createJsonTalk, createKeyTalk, createPlainTalk } from "../grading-talk.ts";
import { requireRoute } from "../open-config.ts";
import { shareValue, timeValue, wholeNumberValue } from "../option-values.ts";
import { createOutputPaint } from "../output-paint.ts";
import { toJson } from "../print-json.ts";
import { readLedger, type OpenedLedger } from "../read-ledger.ts";
import { goalOf } from "../tuning-goal.ts";

interface GradeOptions {
  readonly count?: number;
  readonly grader?: string;
  readonly fromConfidence?: number;
  readonly since?: number;
  readonly all?: boolean;
  readonly plain?: boolean;
}

/** Blind grading at the terminal. */
export function gradeCommand(context: CommandContext): Command {
  return new Command("grade")
    .summary("judge answers without knowing whose they are")
    .description(
      "Shows requests with their answers in random order, and takes one key for each: 1 only the " +
        "first is right, 2 only the second, 3 both, 4 neither; where there is one answer, 1 right " +
        "and 2 wrong; s for who cannot tell. Model, confidence and cost are told afterwards. Items " +
        "come in random order, because a bound needs a random part of the sample; about one card " +
        "in twenty is an earlier one of yours, to see whether you agree with yourself.",
    )
    .argument("[route]", "name of the route (default: all)")
    .option("--count <n>", "cards to answer (default: 20)", wholeNumberValue)
    .option("--grader <name>", "who judges (default: the name of the user)")
    .option(
      "--from-confidence <c>",
      "only answers from this confidence on; `tune` wants all of them graded",
      shareValue,
    )
    .option("--since <time>", "items from then on: 7d, 2026-11-01 (default: all)", (text) =>
      timeValue(text, systemClock.nowMs()),
    )
    .option("--all", "also items that no bound can use: drawn by nobody, sessions, repeats")
    .option("--plain", "read lines instead of keys: a key and perhaps a note; for pipes")
    .addHelpText(
      "after",
      examples([
        "leadsman grade support",
        "leadsman grade support --from-confidence 0.9 --count 60",
        "leadsman grade --json --grader ada < verdicts.txt",
      ]),
    )
    .action((route: string | undefined, options: GradeOptions) =>
      runGrade(context, route, options),
    );
}

const DEFAULT_COUNT = 20;
const MAX_GRADER_CHARS = 64;

async function runGrade(
  context: CommandContext,
  name: string | undefined,
  options: GradeOptions,
): Promise<void> {
  const { io, settings, finish } = context;
  const isJson = settings().json;
  const isKeys = !isJson && options.plain !== true;
  if (isKeys && !io.canAsk) {
    throw new LeadsmanError(
      "usage",
      "Grading by keys wants a terminal and found none. Add --plain or --json to read lines.",
    );
  }
  const grader = graderOf(options.grader, io.variables);
  await readLedger(context, async (ledger, config) => {
    if (name !== undefined) requireRoute(config.routes, name);
    const scope: GradingScope = {
      route: name ?? null,
      fromConfidence: options.fromConfidence ?? null,
      fromMs: options.since ?? null,
      isForBounds: options.all !== true,
    };
    const desk = openGrading(ledger, scope, grader, systemClock);
    const toNextLook = await labelsToNextLook(ledger, config, name);
    const paint = createOutputPaint(io);
    const talk = isJson
      ? createJsonTalk(io)
      : isKeys
        ? createKeyTalk(io, paint)
        : createPlainTalk(io, paint);
    const count = options.count ?? DEFAULT_COUNT;
    const sitting = await gradeCards(desk, talk, count, toNextLook).finally(() => {
      talk.close();
    });
    const exitCode = await tellEnd(context, desk, sitting, name);
    // At a terminal keys end only by Ctrl-C, while a pipe has said all it had to say.
    const isInterrupted = sitting.end === "input_ended" && (isKeys || io.stopSignal.aborted);
    finish(isInterrupted ? EXIT.interrupted : exitCode);
  });
}

/** @returns the exit code, but for an interruption */
async function tellEnd(
  { io, settings }: CommandContext,
  desk: GradingDesk,
  sitting: GradingSitting,
  route: string | undefined,
): Promise<number> {
  const { given, repeats, end } = sitting;
  const why = given === 0 && end === "nothing_left" ? await desk.whyNothing() : null;
  const agreement = await desk.agreement();
  const left = desk.counts().waiting;
  if (settings().json) {
    io.out(toJson({ kind: "summary", given, repeats, left, end, agreement, nothing: why }));
  } else if (why !== null) {
    io.out(`${why.sentence}\n${why.advice}`);
  } else {
    io.out(`\n${given} answered, ${left} left.`);
    if (agreement !== null) {
      const { rows, share, shareInterval, kappa } = agreement;
      const beyond = kappa === null ? "" : `; kappa ${kappa.toFixed(2)}`;
      io.out(
        `Of ${counted(rows, "card")} that ${rows === 1 ? "was" : "were"} asked twice you said the same of ${formatShare(share)} ` +
          `(95 % interval ${formatShare(shareInterval.low)} to ${formatShare(shareInterval.high)}${beyond}).`,
      );
    }
    io.out(`What it proves: leadsman tune${route === undefined ? "" : ` ${route}`}`);
  }
  return why === null || why.reason === "all_graded" ? EXIT.ok : EXIT.notEnoughEvidence;
}

/** A plan, not a promise; null where several routes, or none that can be tuned, are graded. */
async function labelsToNextLook(
  ledger: OpenedLedger,
  { routes }: LeadsmanConfig,
  name: string | undefined,
): Promise<number | null> {
  const named = routes.filter((route) => name === undefined || route.name === name);
  const [route] = named;
  if (route === undefined || named.length > 1 || route.tiers.length !== 2) return null;
  const evidence = await readTuningEvidence(ledger, { route: route.name });
  const { outlook } = tuningReport(route.name, evidence, goalOf(route), {
    nowMs: systemClock.nowMs(),
  });
  return "moreRows" in outlook ? outlook.moreRows : null;
}

function graderOf(
  given: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  const user = variables["USER"] ?? variables["LOGNAME"] ?? variables["USERNAME"];
  const grader = (given ?? user ?? "").trim() || "operator";
  if (grader.length <= MAX_GRADER_CHARS && !/\p{Cc}/u.test(grader)) return grader;
  throw new LeadsmanError(
    "usage",
    `Wanted a --grader of at most ${MAX_GRADER_CHARS} characters on one line.`,
  );
}

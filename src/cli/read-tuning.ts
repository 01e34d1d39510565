import { keepLook } from "../compose/keep-look.ts";
import type { GuaranteeTarget, LeadsmanConfig } from "../config/config.ts";
import { readTierSample } from "../reports/tune/read-tier-sample.ts";
import { readTuningEvidence } from "../reports/tune/read-tuning-evidence.ts";
import { tierTuningReport, type TierTuningReport } from "../reports/tune/tier-tuning.ts";
import { tuneByTask, type TaskTuning } from "../reports/tune/task-tuning.ts";
import type { TuningGoal } from "../reports/tune/tuning-goal.ts";
import { tuningReport, type NewLook, type TuningReport } from "../reports/tune/tuning-report.ts";
import { systemClock } from "../support/clock.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import type { OpenedLedger } from "./read-ledger.ts";
import { goalOf } from "./tuning-goal.ts";

type ConfiguredRoute = LeadsmanConfig["routes"][number];

/** How a command line asks for a certificate. */
export interface TuningQuestion {
  readonly target?: GuaranteeTarget;
  readonly atMost?: number;
  readonly confidence?: number;
  readonly oneShot?: boolean;
  readonly judge?: boolean;
  readonly since?: number;
  readonly by?: "task";
}

/** What came of one route. */
export type RouteTuning =
  | {
      readonly kind: "two_tiers";
      readonly report: TuningReport;
      readonly byTask: TaskTuning | null;
    }
  | { readonly kind: "more_tiers"; readonly report: TierTuningReport };

/** Reads and tunes one route. Looks that are allowed once are kept before anything is shown. */
export async function readTuning(
  ledger: OpenedLedger,
  route: ConfiguredRoute,
  question: TuningQuestion,
): Promise<RouteTuning> {
  const goal = goalOfQuestion(route, question);
  const { since } = question;
  const from = since === undefined ? {} : { fromMs: since };
  const filter = { route: route.name, ...from };
  const looks = await ledger.tuningLooks(route.name);
  if (route.tiers.length > 2) {
    requirePlain(goal, question);
    const sample = await readTierSample(ledger, filter, route.tiers.length);
    const report = tierTuningReport(route.name, sample, goal, { looks, ...from });
    await keepLooks(ledger, [report.look]);
    return { kind: "more_tiers", report };
  }
  const evidence = await readTuningEvidence(ledger, filter);
  const options = { nowMs: systemClock.nowMs(), looks, ...from };
  if (question.by === "task") {
    const byTask = tuneByTask(route.name, evidence, goal, options);
    await keepLooks(
      ledger,
      byTask.tasks.map(({ report }) => report.look),
    );
    // The route as a whole is not looked at.
    const whole = tuningReport(route.name, evidence, { ...goal, looks: "any_time" }, options);
    return { kind: "two_tiers", report: whole, byTask };
  }
  const report = tuningReport(route.name, evidence, goal, options);
  await keepLooks(ledger, [report.look]);
  return { kind: "two_tiers", report, byTask: null };
}

function goalOfQuestion(
  route: ConfiguredRoute,
  { target, atMost, confidence, oneShot, judge }: TuningQuestion,
): TuningGoal {
  return goalOf(route, {
    ...(target === undefined ? {} : { target }),
    ...(atMost === undefined ? {} : { atMost }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(oneShot === true ? { looks: "once" } : {}),
    ...(judge === true ? { graders: "judge" } : {}),
  });
}

/** A look that was seen and not kept would be free. */
async function keepLooks(ledger: OpenedLedger, looks: readonly (NewLook | null)[]): Promise<void> {
  for (const look of looks) if (look !== null) await keepLook(ledger, look, systemClock);
}

function requirePlain({ target }: TuningGoal, { judge, by }: TuningQuestion): void {
  const isPlain = target === "joint" && judge !== true && by === undefined;
  if (isPlain) return;
  throw new LeadsmanError(
    "usage",
    "Routes of three tiers or more are tuned on the target joint, by labels and people, and not by " +
      "task. Try --target joint.",
  );
}

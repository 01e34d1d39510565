import type { Ledger, RequestFilter } from "../ledger/ledger.ts";
import type { BackgroundSpend } from "../ledger/records/traffic-sum.ts";
import type { Alert } from "../ledger/records/alert.ts";
import type { AnswerCounts } from "../ledger/records/answer-counts.ts";
import type { JobCount } from "../ledger/records/job.ts";
import type { ReportedRoute } from "./evidence/reported-route.ts";

/** A route as it is configured and in force, as far as its status is concerned. */
export interface StatusRoute extends Pick<ReportedRoute, "name" | "thresholds"> {
  /** In words, with what a reader must know about it. */
  readonly mode: string;
  /** The thresholds come with a certificate that still speaks of the models and the prompt in use. */
  readonly isCertified: boolean;
  /** In US dollars per UTC day, for all background calls of the route; null = no limit. */
  readonly backgroundUsdPerDay: number | null;
  /** Absent: nobody has looked. */
  readonly watch?: StatusWatch;
}

/** How the watch over the route stands. */
export interface StatusWatch {
  readonly tiers: readonly StatusTier[];
  readonly openAlerts: readonly Pick<Alert, "severity" | "summary" | "isExercise">[];
}

/** Where the controller of a tier stands, and what would move it. */
export interface StatusTier {
  readonly tier: number;
  readonly model: string;
  /** The threshold it stands on. */
  readonly rung: number;
  readonly allowedWrong: number;
  /** Since the threshold last moved. */
  readonly graded: number;
  readonly wrong: number;
  /** Of the evidence that raises the threshold, 0–1. */
  readonly alarmShare: number;
  readonly isSuspicious: boolean;
  readonly isProved: boolean;
  /** What would lower it; null = nothing could. */
  readonly next: {
    readonly rung: number;
    readonly graded: number;
    readonly logEvidence: number;
    readonly logNeeded: number;
    readonly requestsToWait: number;
  } | null;
  /** The kinds of work whose errors stand out, worst first. */
  readonly tasks: readonly StatusTask[];
}

export interface StatusTask {
  readonly task: string;
  readonly by: "truth" | "judge";
  /** Of its last graded answers. */
  readonly graded: number;
  readonly wrong: number;
  /** Of the evidence that alarms, 0–1. */
  readonly alarmShare: number;
  readonly isAlarm: boolean;
}

/** What is known of a route by now, what is under way, and what that has cost today. */
export interface StandingReport extends Omit<StatusRoute, "name"> {
  /** Of whole UTC days. */
  readonly answers: AnswerCounts;
  /** Background work that waits, and what was given up with the reason, until it is purged. */
  readonly jobs: readonly JobCount[];
  /** Since the start of the UTC day. */
  readonly spentToday: BackgroundSpend;
}

const DAY_MS = 86_400_000;

type StandingReader = Pick<Ledger, "answerCounts" | "jobCounts" | "backgroundSpend">;

/** Reads roll-ups only. */
export async function describeStanding(
  ledger: StandingReader,
  { name, ...settings }: StatusRoute,
  span: Required<Pick<RequestFilter, "fromMs" | "toMs">>,
  nowMs: number,
): Promise<StandingReport> {
  const jobs = await ledger.jobCounts({ route: name });
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return {
    ...settings,
    answers: await ledger.answerCounts({ ...span, route: name }),
    jobs: jobs.filter(({ state }) => state !== "done"),
    spentToday: await ledger.backgroundSpend(name, dayMs),
  };
}

import type { RequestRecord } from "../cascade/receipt.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { GradedAnswer } from "../ledger/records/graded-answer.ts";
import type { Grade } from "../ledger/records/evidence.ts";
import type { WatchedRoute } from "./watched-route.ts";
import type { WatchedVerdict } from "./watched-verdict.ts";

/** A verdict with all that decides for whom it counts. */
export interface ReadVerdict {
  readonly sequence: number;
  readonly tier: number;
  readonly model: string;
  readonly promptHash: string;
  /** The kind of work, as the client named it; null = it did not. */
  readonly task: string | null;
  /** When the answer was given. */
  readonly answeredMs: number;
  readonly by: "truth" | "judge";
  readonly verdict: WatchedVerdict;
  /** No earlier verdict of the kind was on this answer; what only later can be told counts once. */
  readonly isFirst: boolean;
  /** No earlier one said right or wrong. */
  readonly isFirstDecisive: boolean;
  /** Repeats of one body are one answer; null = not known. */
  readonly bodyHash: string | null;
  /** Whether the judge and people differ, told by whichever came second; null = not told now. */
  readonly isJudgeDifferent: boolean | null;
}

/** Factors of grading never fall below this share of the configured one (see `grade-share.ts`). */
const LEAST_FACTOR = 0.25;

/**
 * Null for what says nothing of what ships: comparisons, answers of unknown propensity or none that
 * could have shipped. A verdict counts when it is the first of its kind on its answer, also if an
 * earlier one was taken back since: whoever grades cannot choose which one counts.
 */
export async function readVerdict(
  ledger: Pick<Ledger, "grades" | "request">,
  route: WatchedRoute,
  { sequence, grade, evidence }: GradedAnswer,
): Promise<ReadVerdict | null> {
  const { decision, confidence, propensity, cheapModel, promptHash, tier } = evidence;
  const isShipping = decision === "shipped" || decision === "escalated";
  if (grade.by === "agreement" || !isShipping || evidence.source !== "traffic") return null;
  if (confidence === null || propensity === null || propensity <= 0) return null;
  if (evidence.cheapMissing !== null || cheapModel === null || promptHash === null) return null;
  const by = grade.by === "judge" ? "judge" : "truth";
  const all = (await ledger.grades(grade.itemId)).filter((one) => isOnAnswer(one, tier));
  const earlier = all.slice(
    0,
    all.findIndex(({ id }) => id === grade.id),
  );
  const ofKind = earlier.filter((one) => (one.by === "judge") === (by === "judge"));
  const record = await ledger.request(grade.itemId);
  return {
    ...{ sequence, tier, model: cheapModel, promptHash, by },
    ...{ task: evidence.task, answeredMs: evidence.createdAtMs },
    verdict: {
      isWrong: grade.outcome === "cannot_tell" ? null : grade.outcome === "wrong",
      ...{ decision, confidence, propensity },
      threshold: thresholdAt(record, tier) ?? route.thresholds[tier] ?? 1,
      leastPropensity: Math.min(propensity, leastPropensity(record, route)),
    },
    isFirst: ofKind.length === 0,
    isFirstDecisive: !ofKind.some(isDecisive),
    bodyHash: record?.bodyHash?.slice(0, 16) ?? null,
    isJudgeDifferent: differs(grade, earlier),
  };
}

/** The smallest probability with which an answer that ships comes to be graded, as configured. */
export function leastConfiguredShare({ sampling }: Pick<WatchedRoute, "sampling">): number {
  const { shadow, grade } = sampling;
  return Math.max(shadow, grade >= 1 ? 1 : grade * LEAST_FACTOR);
}

function leastPropensity(record: RequestRecord | null, route: WatchedRoute): number {
  const configured = leastConfiguredShare(route);
  const draws = record?.draws ?? [];
  const grade = draws.find(({ purpose }) => purpose === "grade");
  const shadow = draws.find(({ purpose }) => purpose === "shadow");
  if (grade?.least === undefined) return configured;
  return Math.max(grade.least, shadow?.propensity ?? 0);
}

function thresholdAt(record: RequestRecord | null, tier: number): number | null {
  const triage = record?.attempts.find((one) => one.role === "triage" && one.tier === tier);
  return triage?.threshold ?? null;
}

function isOnAnswer({ tier, by, isRepeat }: Grade, of: number): boolean {
  return tier === of && by !== "agreement" && !isRepeat;
}

function isDecisive({ outcome }: Grade): boolean {
  return outcome === "right" || outcome === "wrong";
}

/** Of an answer that both kinds have judged for the first time with this verdict. */
function differs(grade: Grade, earlier: readonly Grade[]): boolean | null {
  const decisive = earlier.filter(isDecisive);
  const isJudge = ({ by }: Grade): boolean => by === "judge";
  const [ofJudge, ofPeople] = [decisive.find(isJudge), decisive.find((one) => !isJudge(one))];
  const isSecond = isJudge(grade) ? ofJudge === undefined : ofPeople === undefined;
  const other = isJudge(grade) ? ofPeople : ofJudge;
  return !isSecond || !isDecisive(grade) || other === undefined
    ? null
    : other.outcome !== grade.outcome;
}

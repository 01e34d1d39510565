import {
  confidenceFactor,
  gradeShare,
  LEAST_FACTOR,
  MOST_FACTOR,
  raisedShare,
} from "../cascade/grade-share.ts";
import type { Sampling } from "../cascade/route.ts";
import type { Clock } from "../support/clock.ts";

/** With which share the next shipped answer of a route is graded, by what has happened so far. */
export interface GradeShare {
  /** No answer has a larger one. */
  readonly most: number;
  /** No answer has a smaller one. */
  readonly least: number;
  of(confidence: number | null, threshold: number): number;
}

/** Counts what ships, so that enough of it is graded every day. */
export interface GradeShares {
  /** As of now. Whoever holds it is not touched by what ships meanwhile. */
  next(route: string, sampling: Sampling): GradeShare;
  /** An answer has shipped, and was drawn with this share. */
  note(route: string, confidence: number | null, share: number): void;
}

const DAY_MS = 86_400_000;
/** Models state a handful of round values; far more would be noise. */
const MAX_VALUES = 64;

interface Day {
  readonly dayMs: number;
  readonly sinceMs: number;
  shipped: number;
  expectedGraded: number;
  readonly byConfidence: Map<number, number>;
}

/**
 * Per route and UTC day, in memory: a restart begins to count anew and may thus grade up to a floor
 * more. Only what was before a request decides about it, and the share that held is on its record.
 *
 * @param factorOf by how much more is to be graded than else; must not know the request in question
 */
export function createGradeShares(
  clock: Clock,
  factorOf: (route: string) => number = () => 1,
): GradeShares {
  const days = new Map<string, Day>();
  const startedAtMs = clock.nowMs();

  function today(route: string, nowMs: number): Day {
    const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
    const known = days.get(route);
    if (known?.dayMs === dayMs) return known;
    const fresh: Day = {
      dayMs,
      sinceMs: Math.max(dayMs, startedAtMs),
      shipped: 0,
      expectedGraded: 0,
      // Confidences of yesterday tell more of today's than none do.
      byConfidence: known?.byConfidence ?? new Map<number, number>(),
    };
    days.set(route, fresh);
    return fresh;
  }
  return {
    next(route, { grade, gradePerDay = 0 }) {
      if (grade <= 0 || grade >= 1) return { most: grade, least: grade, of: () => grade };
      const nowMs = clock.nowMs();
      const { dayMs, sinceMs, shipped, expectedGraded, byConfidence } = today(route, nowMs);
      const observedMs = nowMs - sinceMs;
      const remainingMs = dayMs + DAY_MS - nowMs;
      const past = { shipped, expectedGraded, observedMs, remainingMs, byConfidence };
      const raised = Math.min(1, raisedShare(grade, gradePerDay, past) * factorOf(route));
      const known = new Map(byConfidence);
      return {
        most: gradeShare(raised, MOST_FACTOR),
        least: gradeShare(raised, LEAST_FACTOR),
        of: (confidence, threshold) => {
          if (confidence === null) return raised;
          const factor = confidenceFactor(confidence, threshold, { byConfidence: known });
          return gradeShare(raised, factor);
        },
      };
    },
    note(route, confidence, share) {
      const day = today(route, clock.nowMs());
      day.shipped += 1;
      day.expectedGraded += share;
      if (confidence === null) return;
      const count = day.byConfidence.get(confidence);
      if (count !== undefined || day.byConfidence.size < MAX_VALUES) {
        day.byConfidence.set(confidence, (count ?? 0) + 1);
      }
    },
  };
}

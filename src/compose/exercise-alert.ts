import type { Alert } from "../ledger/records/alert.ts";
import type { Clock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { systemRandomBytes } from "../support/system-random.ts";

export const EXERCISE_KINDS = ["storm", "drift"] as const;
export type ExerciseKind = (typeof EXERCISE_KINDS)[number];

type Sample = Pick<Alert, "rule" | "severity" | "summary" | "facts">;

const SAMPLES: Readonly<Record<ExerciseKind, Sample>> = {
  storm: {
    rule: "escalation_storm",
    severity: "page",
    summary:
      "This is an exercise, nothing is wrong. A storm would read: 61.0 % of 200 requests " +
      "escalate, usual are 18.0 %. Suspect: the cheap model states lower confidences.",
    facts: {
      escalationRate: 0.61,
      escalationRateLow: 0.541,
      escalationRateHigh: 0.675,
      usualRate: 0.18,
      requests: 200,
      suspect: "confidence_collapse",
    },
  },
  drift: {
    rule: "confidence_drift",
    severity: "notice",
    summary:
      "This is an exercise, nothing is wrong. A drift would read: stated confidences moved from " +
      "0.91 to 0.78 at the median over 500 requests. Suspect: another prompt.",
    facts: { medianBefore: 0.91, medianNow: 0.78, requests: 500, suspect: "prompt_change" },
  },
};

/** An alert that somebody has ordered to see what happens, with made-up numbers. */
export function exerciseAlert(kind: ExerciseKind, route: string, clock: Clock): Alert {
  return {
    ...SAMPLES[kind],
    id: createIdSource("alr_", clock, systemRandomBytes)(),
    route,
    subject: kind === "storm" ? "exercise" : null,
    action: null,
    revert: null,
    openedAtMs: clock.nowMs(),
    resolvedAtMs: null,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    isExercise: true,
  };
}

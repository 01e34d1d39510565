/** Words of rules are stored and sent: they are added, never renamed. */
export const ALERT_RULES = [
  /** More of what ships is wrong than was promised. */
  "false_confident",
  /** A class of requests escalates far more often than it should. */
  "escalation_storm",
  /** The cheap model states other confidences than it did. */
  "confidence_drift",
  /** A request costs more than the route's own objective. */
  "cost",
  /** Requests take longer than the route's own objective. */
  "latency",
  /** The judge agrees less with people than it did. */
  "judge_agreement",
  /** No trouble: a looser threshold is proved to keep the promise, and waits for somebody. */
  "lowering_proved",
] as const;
export type AlertRule = (typeof ALERT_RULES)[number];

/** Something is wrong, since when, and what was done. Holds no text of any request. */
export interface Alert {
  readonly id: string;
  readonly rule: AlertRule;
  readonly route: string;
  /** What part of the route it is about, such as `task:refund` or `tier:2`; null = the whole. */
  readonly subject: string | null;
  /** `page`: somebody should look now. */
  readonly severity: "page" | "notice";
  /** One or two sentences: what, how bad, since when, what is suspected. */
  readonly summary: string;
  /** The numbers behind it, by name, units last. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  /** What was done by itself; null = nothing. */
  readonly action: string | null;
  /** The command that takes it back; null = nothing to take back. */
  readonly revert: string | null;
  readonly openedAtMs: number;
  /** Null while it lasts. */
  readonly resolvedAtMs: number | null;
  readonly acknowledgedAtMs: number | null;
  /** Who has said that they look at it. */
  readonly acknowledgedBy: string | null;
  /** Ordered by a person to see what happens; nothing is wrong. */
  readonly isExercise: boolean;
}

/** Where alerts of one cause are told to be the same: a channel resolves by it what it has opened. */
export function alertKey({
  rule,
  route,
  subject,
}: Pick<Alert, "rule" | "route" | "subject">): string {
  return ["leadsman", route, rule, ...(subject === null ? [] : [subject])].join(":");
}

export interface AlertFilter {
  readonly route?: string;
  /** Only those that last, or only those that are over. */
  readonly isOpen?: boolean;
}

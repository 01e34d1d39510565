/** One thing that was looked at. */
export interface Check {
  readonly subject: string;
  readonly state: CheckState;
  /** What was seen, without secrets. */
  readonly found: string;
  /** What to do about it; null when all is well. */
  readonly next: string | null;
}

export type CheckState = "ok" | "warn" | "fail";

export function ok(subject: string, found: string): Check {
  return { subject, state: "ok", found, next: null };
}

/** It works, but may surprise. */
export function warn(subject: string, found: string, next: string): Check {
  return { subject, state: "warn", found, next };
}

/** It will not work. */
export function fail(subject: string, found: string, next: string): Check {
  return { subject, state: "fail", found, next };
}

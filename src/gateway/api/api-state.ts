import type { GradingDesk } from "../../quality/grading/grading-desk.ts";

/** What the API keeps between two calls; all of it may be lost without harm. */
export interface ApiState {
  /** Bodies that are being read now. */
  openBodies: number;
  /** By grader and scope; the one used last stands last. */
  readonly desks: Map<string, OpenDesk>;
}

export interface OpenDesk {
  readonly grader: string;
  readonly desk: GradingDesk;
  usedAtMs: number;
}

export function createApiState(): ApiState {
  return { openBodies: 0, desks: new Map() };
}

import { createHash } from "node:crypto";
import type { Alert } from "../ledger/records/alert.ts";

/** 128 bits: two alerts of all there will ever be do not meet. */
const DIGITS = 32;

/**
 * An id that follows from what an alert is about and from what caused it, so that a step that is worked
 * out twice, also by another process, finds the same alert, and nobody is told of it under a second key.
 *
 * @param origin of the watch's memory: tells installations apart that have the same routes
 * @param cause the one request or verdict that was one too many
 */
export function alertId(
  origin: string,
  { route, rule, subject }: Pick<Alert, "route" | "rule" | "subject">,
  cause: string,
): string {
  const about = JSON.stringify([origin, route, rule, subject, cause]);
  return `alert_${createHash("sha256").update(about).digest("hex").slice(0, DIGITS)}`;
}

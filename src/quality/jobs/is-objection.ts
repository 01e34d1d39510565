import type { Attempt } from "../../cascade/receipt.ts";

/** Whether upstream objects to the call itself: overload and lost connections pass, this does not. */
export function isObjection({ outcome, status }: Pick<Attempt, "outcome" | "status">): boolean {
  if (outcome !== "http_error" || status === null) return false;
  return status < 500 && status !== 429 && status !== 408;
}

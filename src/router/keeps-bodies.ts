import type { Flight } from "./flight.ts";

/** Whether this request's texts go into the ledger. */
export function keepsBodies(
  { active, draft }: Pick<Flight, "active" | "draft">,
  hasPair: boolean,
): boolean {
  switch (active?.route.bodies ?? "none") {
    case "none":
      return false;
    case "all":
      return true;
    case "graded":
      return hasPair || draft.isDrawn("grade") || draft.isDrawn("candidate");
  }
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { candidateTier, isCandidateTier } from "../records/candidate-tier.ts";
import { anyEvidence, evidenceEntry } from "./evidence.fixture.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { START_MS } from "./records.fixture.ts";

/** How much of what was drawn for grading is known. */
export function describeAnswerCounts(makePlace: MakePlace): void {
  test("answers are counted by what is known of them, as their items say", () =>
    withLedger(makePlace, async (ledger) => {
      const items = fc.sample(anyEvidence("item"), { numRuns: 2_000, seed: 7 });
      const named = items.map((one, index) => ({
        ...one,
        itemId: `item_${String(index)}`,
        tier: index % 5 === 0 ? candidateTier(0) : one.tier,
      }));
      await ledger.append(named.map((one) => evidenceEntry(one)));
      const midnightMs = Math.floor(START_MS / 86_400_000) * 86_400_000;
      const day = { fromMs: START_MS, toMs: midnightMs + 86_400_000 };
      for (const route of ["support", "search"]) {
        const drawn = named.filter(
          (one) =>
            one.route === route &&
            one.createdAtMs < day.toMs &&
            one.source === "traffic" &&
            !isCandidateTier(one.tier) &&
            one.propensity !== null &&
            one.cheapMissing === null,
        );
        const graded = drawn.filter(({ cheap }) => cheap.label !== null || cheap.human !== null);
        const judged = drawn.filter((one) => !graded.includes(one) && one.cheap.judge !== null);
        const counts = [drawn.length, graded.length, judged.length];
        expect(Math.min(...counts)).toBeGreaterThan(0);
        const found = await ledger.answerCounts({ route, ...day });
        expect([found.drawn, found.graded, found.judged]).toEqual(counts);
      }
      const gone = { route: "support", fromMs: START_MS + 9e8, toMs: START_MS + 9e9 };
      expect(await ledger.answerCounts(gone)).toEqual({ drawn: 0, graded: 0, judged: 0 });
    }));
}

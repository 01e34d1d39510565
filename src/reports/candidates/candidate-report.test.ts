import { describe, expect, test } from "vitest";
import type { EvidenceCount, EvidenceKey } from "../../ledger/records/evidence.ts";
import { exactInterval } from "../../statistics/exact-interval.ts";
import { exampleCount, humanSays } from "../evidence/evidence-count.fixture.ts";
import { describeCandidate, type CandidateReport } from "./candidate-report.ts";

const SETTINGS = {
  model: "claude-sonnet-4-6",
  promised: { atMost: 0.05, failureProbability: 0.05 },
  candidates: 1,
};

/** The candidate costs a tenth of the deep model, see `exampleCount`. */
function asked(items: number, changes: Partial<EvidenceKey> = {}): EvidenceCount {
  const key = { tier: 100, decision: "escalated", differs: false, propensity: 0.05 } as const;
  return exampleCount(items, { ...key, confidence: 0.9, ...changes });
}

function describeCounts(
  counts: readonly EvidenceCount[],
  settings: Partial<typeof SETTINGS> = {},
): CandidateReport {
  return describeCandidate(counts, { ...SETTINGS, ...settings });
}

describe("a candidate", () => {
  test("that agrees where it is sure is worth adding, at the loosest threshold that is proven", () => {
    const report = describeCounts([
      asked(300),
      asked(200, { confidence: 0.7 }),
      asked(100, { confidence: 0.4, differs: true }),
    ]);
    expect(report).toMatchObject({
      ...{ asked: 600, usable: 600, says: "add_tier", moreItems: null, basis: "agreement" },
      best: { threshold: 0.7, closes: 500, hits: 0, trials: 500, isProven: true },
      differences: { compared: 500, differing: 0 },
    });
    // Three thresholds were tried, and each interval must hold.
    expect(report.worth?.interval).toEqual(exactInterval(500, 600, 0.05 / 3));
    expect(report.worth?.breakEvenShipRate).toBeCloseTo(0.1, 12);
  });

  test("costs what it is asked, and spares the deep calls that it closes, whatever those cost", () => {
    // What it closes costs a fifth of the rest: the mean of all would make it look dear to spare.
    const cheapOnes = { ...asked(400), deepCostNanoUsd: 400n * 2_000_000n };
    const report = describeCounts([cheapOnes, asked(100, { confidence: 0.1, differs: true })]);
    expect(report.best?.threshold).toBe(0.9);
    expect(report.worth?.breakEvenShipRate).toBeCloseTo(0.5, 12);
    expect(report.costs).toEqual({
      items: 500,
      candidateUsd: 0.001,
      withoutUsd: expect.closeTo(0.0036, 12) as number,
      // 0.001 each, and the 100 that are left cost 0.01.
      withUsd: expect.closeTo(0.001 + 0.002, 12) as number,
    });
  });

  test("whose answers differ too often has no threshold, and no number in sight", () => {
    const report = describeCounts([asked(200), asked(200, { differs: true })]);
    expect(report).toMatchObject({
      ...{ best: null, worth: null, says: "not_known_yet", moreItems: null },
      differences: { compared: 400, differing: 200 },
    });
  });

  test("that has next to no usable answer is proven not to pay", () => {
    const passes = asked(190, { confidence: null, cheapMissing: "null_answer", differs: null });
    expect(describeCounts([passes])).toMatchObject({ usable: 0, says: "do_not_add_tier" });
    const report = describeCounts([asked(3), passes]);
    expect(report).toMatchObject({ usable: 3, best: null, says: "do_not_add_tier" });
    expect(describeCounts([asked(40), passes])).toMatchObject({ says: "not_known_yet" });
  });

  test.each([
    ["was never asked", [], 74],
    ["was hardly asked", [asked(10)], 64],
    // 59 without harm prove 5 %, and a threshold is tried from a quarter more on.
    // Two in 124 prove 5 %, and a rate of 1 %, the likely one after 50, gives as few with 80 %.
    ["was asked too little for a proof", [asked(50)], 74],
  ])("that %s says how many more it takes", (_, counts, moreItems) => {
    expect(describeCounts(counts)).toMatchObject({ says: "not_known_yet", best: null, moreItems });
  });

  test("that closes little more than it costs needs many more", () => {
    const report = describeCounts([asked(60), asked(440, { confidence: 0.2, differs: true })]);
    // 12 % at a break-even of 10 %: two standard errors apart with about a thousand.
    expect(report).toMatchObject({ best: null, says: "not_known_yet" });
    expect(report.moreItems).toBeGreaterThan(500);
    expect(report.moreItems).toBeLessThan(1_500);
  });

  test("is dearer to prove among several", () => {
    const counts = [asked(80), asked(20, { confidence: null, cheapMissing: "null_answer" })];
    expect(describeCounts(counts)).toMatchObject({ says: "add_tier" });
    expect(describeCounts(counts, { candidates: 4 })).toMatchObject({ best: null });
  });
});

describe("what speaks against an answer", () => {
  test("is that it was not compared, as much as that it differs", () => {
    const report = describeCounts([asked(300), asked(60, { differs: null })]);
    expect(report.thresholds).toMatchObject([{ hits: 60, trials: 360, isProven: false }]);
  });

  test("is the truth where somebody knows it", () => {
    const right = { differs: true, cheap: humanSays("right") };
    const report = describeCounts([asked(300), asked(60, right)]);
    expect(report.thresholds).toMatchObject([{ hits: 0, trials: 360, isProven: true }]);
  });

  test("is the truth alone, once enough of it is known", () => {
    const report = describeCounts([
      asked(500, { differs: true }),
      asked(150, { differs: true, cheap: humanSays("right") }),
      asked(2, { differs: false, cheap: humanSays("wrong") }),
      asked(1, { cheap: humanSays("disputed") }),
    ]);
    expect(report).toMatchObject({ basis: "truth", says: "add_tier" });
    expect(report.thresholds).toMatchObject([{ hits: 3, trials: 153, closes: 653 }]);
  });

  test("is never the word of a judge alone", () => {
    const judged = { label: null, human: null, judge: "right" } as const;
    const report = describeCounts([asked(300, { differs: true, cheap: judged })]);
    expect(report).toMatchObject({ basis: "agreement", best: null });
  });
});

test("without prices nothing is advised", () => {
  const unpriced = { ...asked(300), pricedItems: 0, cheapCostNanoUsd: 0n, deepCostNanoUsd: 0n };
  expect(describeCounts([unpriced])).toMatchObject({
    ...{ worth: null, costs: null, says: "not_known_yet", moreItems: null },
    best: { threshold: 0.9 },
  });
});

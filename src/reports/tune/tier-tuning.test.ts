import { describe, expect, test } from "vitest";
import type { Evidence } from "../../ledger/records/evidence.ts";
import { createRandom } from "../../support/random.ts";
import { countOf } from "./counts.fixture.ts";
import { checkTiers } from "./tier-check.ts";
import { joinTiers, type TierRow, type TierSample } from "./tier-rows.ts";
import { measureSettings, tierSettings } from "./tier-settings.ts";
import { tierTuningReport } from "./tier-tuning.ts";
import type { TuningGoal } from "./tuning-goal.ts";

const JOINT: TuningGoal = { target: "joint", atMost: 0.05, confidence: 0.95, looks: "any_time" };
const DAY = Date.UTC(2026, 10, 1);
const STRATUM = { cheapModel: "cheap", deepModel: "deep", promptHash: "p1" };

function row(index: number, changes: Partial<TierRow> = {}): TierRow {
  return {
    ...{ itemId: `i${String(index).padStart(6, "0")}`, createdAtMs: DAY },
    ...{ confidences: [0.9, 0.9], isWrong: [false, false], costs: [1, 10, 100] },
    ...changes,
  };
}

function sampleOf(rows: readonly TierRow[]): TierSample {
  return { strata: [STRATUM, STRATUM], rows, unfitItems: 0, waitingItems: 0 };
}

/** Tier 1 is wrong at 0.6; tier 2 never is, and is sure of half of the rest. */
function worldRows(count: number): readonly TierRow[] {
  const random = createRandom("three tiers");
  return Array.from({ length: count }, (_, index) => {
    const isSure = random() < 0.5;
    const isWrong = !isSure && random() < 0.5;
    const confidences = [isSure ? 0.9 : 0.6, random() < 0.5 ? 0.8 : 0.3];
    return row(index, { confidences, isWrong: [isWrong, false] });
  });
}

describe("settings", () => {
  test("are all combinations of what the tiers state and of never, but for never everywhere", () => {
    const rows = [row(0), row(1, { confidences: [0.5, null] })];
    expect(tierSettings(rows, 3).map(({ id }) => id)).toEqual([
      ...["1.01/0.9", "0.9/1.01", "0.9/0.9", "0.5/1.01", "0.5/0.9"],
    ]);
  });

  test("of many stated values stay few", () => {
    const rows = Array.from({ length: 500 }, (_, i) =>
      row(i, { confidences: [i / 500, 1 - i / 500] }),
    );
    expect(tierSettings(rows, 3).length).toBeLessThanOrEqual(400);
    expect(tierSettings(rows, 4).length).toBeLessThanOrEqual(400);
  });

  test("ship at the first tier that is sure enough, and pay every tier up to there", () => {
    const rows = [
      row(0),
      row(1, { confidences: [0.5, 0.9], isWrong: [false, true] }),
      row(2, { confidences: [null, 0.1] }),
    ];
    const setting = { id: "x", thresholds: [0.8, 0.8] };
    const [measured] = measureSettings([setting], rows, [1, 10, 100]);
    expect(measured).toMatchObject({ hits: 1, trials: 3, shipShares: [1 / 3, 1 / 3] });
    expect(measured?.cost).toBeCloseTo((1 + 11 + 111) / 3, 12);
    expect(measureSettings([setting], rows, [1, null, 100])[0]?.cost).toBeCloseTo(1 / 3, 12);
  });
});

describe("tuning all tiers together", () => {
  test("certifies the cheapest setting that keeps the goal", () => {
    const report = tierTuningReport("support", sampleOf(worldRows(1_500)), JOINT, {});
    expect(report).toMatchObject({ thresholds: [0.9, 0.3], pilotRows: 300, labelledRows: 1_200 });
    expect(report.promise).toMatch(
      /^With 0\.90 at tier 1 and 0\.30 at tier 2, at most 5\.0 % of all/,
    );
  });

  test("the path does not change as rows arrive", () => {
    const rows = worldRows(3_000);
    const pathOf = (count: number): readonly string[] =>
      tierTuningReport("support", sampleOf(rows.slice(0, count)), JOINT, {}).candidates.map(
        ({ id }) => id,
      );
    expect(pathOf(3_000)).toEqual(pathOf(700));
    expect(pathOf(700).length).toBeGreaterThan(0);
  });

  test("says how many items are missing", () => {
    const report = tierTuningReport("support", sampleOf(worldRows(200)), JOINT, {});
    expect(report).toMatchObject({ thresholds: null, candidates: [] });
    expect(report.missing).toMatch(/^Needs at least 400 more items/);
  });

  test("a check leaves out the rows that chose", () => {
    const sample = sampleOf(worldRows(1_500));
    expect(checkTiers("support", sample, JOINT, [0.9, 0.3])).toMatchObject({
      ...{ verdict: "holds", labelledRows: 1_200 },
    });
    expect(checkTiers("support", sample, JOINT, [0.6, 0.3]).verdict).toBe("broken");
    expect(checkTiers("support", sampleOf([]), JOINT, [0.9, 0.3]).verdict).toBe("not_known");
  });
});

describe("joining the tiers of an item", () => {
  function answer(itemId: string, tier: number, changes: Partial<Evidence> = {}): Evidence {
    const { dayMs: _, isClustered: __, ...key } = countOf(0.9, "right", 1, { deepTier: 2 }).key;
    const costs = { cheapCostNanoUsd: 5n, deepCostNanoUsd: 70n };
    const times = { cheapLatencyMs: null, deepLatencyMs: null, createdAtMs: DAY };
    return { ...key, ...costs, ...times, itemId, tier, cluster: null, ...changes };
  }
  const none = { label: null, human: null, judge: null };
  const counts = [0, 1].map((tier) => countOf(0.9, "right", 9, { tier, deepTier: 2 }));
  const join = (items: readonly Evidence[]): TierSample => joinTiers(counts, items, 3);
  const whole = ["a", "b"].flatMap((id) => [answer(id, 0), answer(id, 1, { confidence: 0.7 })]);

  test("takes what every tier answered", () => {
    const { rows, unfitItems } = join([...whole, answer("c", 0)]);
    expect(unfitItems).toBe(1);
    expect(rows).toMatchObject([
      { itemId: "a", confidences: [0.9, 0.7], isWrong: [false, false], costs: [5, 5, 70] },
      { itemId: "b" },
    ]);
  });

  test.each<[string, Partial<Evidence>]>([
    ["of a cluster", { cluster: "c1" }],
    ["drawn in live", { decision: "shipped" }],
    ["that nobody drew", { propensity: null }],
    ["drawn otherwise", { propensity: 0.5 }],
    ["of another model", { cheapModel: "other" }],
  ])("leaves out items %s", (_name, changes) => {
    const { rows, unfitItems } = join([...whole, answer("c", 0), answer("c", 1, changes)]);
    expect([rows.length, unfitItems]).toEqual([2, 1]);
  });

  test("ends at the first day on which an answer is not graded", () => {
    const createdAtMs = DAY + 86_400_000;
    const later = [
      ...[answer("c", 0, { createdAtMs }), answer("c", 1, { createdAtMs, cheap: none })],
      ...[answer("d", 0, { createdAtMs }), answer("d", 1, { createdAtMs })],
    ];
    expect(join([...whole, ...later])).toMatchObject({ waitingItems: 2, rows: [{}, {}] });
  });
});

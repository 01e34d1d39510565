import { describe, expect, test } from "vitest";
import type { Evidence, EvidenceCount, TriageCount } from "../../ledger/records/evidence.ts";
import { createRandom } from "../../support/random.ts";
import type { TuningEvidence } from "./ask-evidence.ts";
import { countOf } from "./counts.fixture.ts";
import { checkGuarantee } from "./guarantee-check.ts";
import type { TuningGoal } from "./tuning-goal.ts";
import { tuningReport } from "./tuning-report.ts";

const JOINT: TuningGoal = { target: "joint", atMost: 0.05, confidence: 0.95, looks: "any_time" };
const SELECTIVE: TuningGoal = { ...JOINT, target: "selective" };
const DAY = Date.UTC(2026, 10, 1);
const NEXT_DAY = DAY + 86_400_000;

function tune(evidence: Partial<TuningEvidence>, goal = JOINT) {
  const all = { evidence: [], triages: [], ...evidence };
  return tuningReport("support", all, goal, { nowMs: Date.UTC(2026, 10, 11) });
}

function shipped(
  confidence: number,
  outcome: "right" | "wrong" | null,
  items: number,
  share = 0.1,
) {
  return countOf(confidence, outcome, items, { decision: "shipped", propensity: share });
}

function missed(confidence: number, outcome: "right" | "wrong", items: number) {
  return countOf(confidence, outcome, items, { decision: "escalated", propensity: 0.5 });
}

function triages(confidence: number, count: number): TriageCount {
  return {
    ...{ dayMs: DAY, route: "support", task: null, tier: 0, role: "triage", model: "cheap" },
    ...{ promptHash: "p1", confidence, failureCode: null },
    ...{ triages: count, pricedTriages: 0, costNanoUsd: 0n },
  };
}

const TRAFFIC = [triages(0.9, 6_000), triages(0.8, 2_000), triages(0.6, 2_000)];
const LIVE: readonly EvidenceCount[] = [shipped(0.9, "right", 600), shipped(0.9, "wrong", 5)];
const RANGES = new Map([[DAY, 0.8]]);

describe("rows of live", () => {
  test("certify the threshold in force for what ships, and for all requests by its share", () => {
    const evidence = { evidence: LIVE, triages: TRAFFIC, liveRanges: RANGES };
    for (const goal of [JOINT, SELECTIVE]) expect(tune(evidence, goal).threshold).toBe(0.9);
    // 0.8 % of six in ten.
    const { candidates } = tune(evidence, { ...JOINT, atMost: 0.02 });
    expect(candidates[0]?.upperBound).toBeLessThan(0.02);
  });

  test("say nothing of all requests while nobody knows how many ship", () => {
    const report = tune({ evidence: LIVE, liveRanges: RANGES });
    expect(report).toMatchObject({ threshold: null, candidates: [] });
  });

  test("of a day whose range is not known stay outside", () => {
    const { sample, threshold } = tune({ evidence: LIVE, triages: TRAFFIC });
    expect(threshold).toBeNull();
    expect(sample.leftOut).toMatchObject([{ reason: "part_of_range", items: 605 }]);
  });

  test("and near misses together speak of a lower threshold, by their weights", () => {
    const nearMisses = [missed(0.8, "right", 300), missed(0.8, "wrong", 1)];
    const evidence = { evidence: [...LIVE, ...nearMisses], triages: TRAFFIC, liveRanges: RANGES };
    expect(tune(evidence, SELECTIVE).threshold).toBe(0.8);
    const bad = [...LIVE, missed(0.8, "right", 180), missed(0.8, "wrong", 120)];
    expect(tune({ ...evidence, evidence: bad }, SELECTIVE).threshold).toBe(0.9);
  });

  test("of days with a higher threshold do not speak of a lower one", () => {
    const ranges = new Map([[DAY, 0.9]]);
    const evidence = [...LIVE, shipped(0.8, "right", 300)];
    const report = tune({ evidence, triages: TRAFFIC, liveRanges: ranges }, SELECTIVE);
    expect(report.candidates.map(({ threshold }) => threshold)).toEqual([0.9]);
  });

  test("add to what shadow has shown", () => {
    const shadow = [countOf(0.9, "right", 60)];
    const few = [shipped(0.9, "right", 200)];
    const of = (evidence: readonly EvidenceCount[]) =>
      tune({ evidence, triages: TRAFFIC, liveRanges: RANGES }, SELECTIVE).candidates[0];
    const [alone, both] = [of(shadow)?.p ?? 0, of([...shadow, ...few])?.p ?? 1];
    expect(alone).toBeGreaterThan(0.05);
    expect(both).toBeLessThan(alone / 3);
  });

  test("broken promises are noticed", () => {
    const evidence = [shipped(0.9, "right", 300), shipped(0.9, "wrong", 90)];
    const all = { evidence, triages: TRAFFIC, liveRanges: RANGES };
    expect(checkGuarantee("support", all, JOINT, 0.9).verdict).toBe("broken");
    expect(checkGuarantee("support", all, SELECTIVE, 0.9).verdict).toBe("broken");
  });
});

test("rows drawn with unequal chances are weighted: the rare draw of a wrong answer counts more", () => {
  const evenly = [countOf(0.9, "right", 400), countOf(0.9, "wrong", 8)];
  const rarely = [countOf(0.9, "right", 400), countOf(0.9, "wrong", 8, { propensity: 0.1 })];
  expect(tune({ evidence: evenly }, SELECTIVE).threshold).toBe(0.9);
  const report = tune({ evidence: rarely }, SELECTIVE);
  expect(report).toMatchObject({
    threshold: null,
    labelledRows: 408,
    sample: { propensity: null },
  });
});

describe("grading in the order of arrival", () => {
  const later = { dayMs: NEXT_DAY };

  test("a day that is not graded ends the evidence and does not stop tuning", () => {
    const evidence = [countOf(0.9, "right", 300), countOf(0.9, null, 40, later)];
    expect(tune({ evidence }).candidates[0]).toMatchObject({ isCertified: true, trials: 300 });
    const after = countOf(0.9, "wrong", 50, { dayMs: NEXT_DAY + 86_400_000 });
    expect(tune({ evidence: [...evidence, after] }).candidates[0]).toMatchObject({ hits: 0 });
  });

  test("days before anybody graded do not matter", () => {
    const before = countOf(0.9, null, 500, { dayMs: DAY - 86_400_000 });
    expect(tune({ evidence: [before, countOf(0.9, "right", 300)] }).threshold).toBe(0.9);
  });
});

describe("grading in the common random order", () => {
  /** Of 8,000 items at 0.9, those of the given level and above are graded, the others are not. */
  function gradedTo(least: number, wrongShare = 0): readonly EvidenceCount[] {
    return Array.from({ length: 9 }, (_, gradeLevel) => {
      const items = Math.round(8_000 / 2 ** (gradeLevel + 1));
      const wrong = Math.round(items * wrongShare);
      if (gradeLevel < least) return [countOf(0.9, null, items, { gradeLevel })];
      return [
        countOf(0.9, "right", items - wrong, { gradeLevel }),
        countOf(0.9, "wrong", wrong, { gradeLevel }),
      ];
    }).flat();
  }

  test("a finished part is a sample of the whole", () => {
    const { candidates } = tune({ evidence: gradedTo(4) });
    expect(candidates[0]).toMatchObject({ isCertified: true, hits: 0, trials: 485 });
    expect(tune({ evidence: gradedTo(4, 0.2) }).threshold).toBeNull();
  });

  test("what is graded beyond it stays outside, and one gap makes the part smaller", () => {
    const more = [...gradedTo(4), countOf(0.9, "wrong", 100, { gradeLevel: 3 })];
    expect(tune({ evidence: more }).candidates[0]).toMatchObject({ hits: 0, trials: 485 });
    const gap = [...gradedTo(4), countOf(0.9, null, 1, { gradeLevel: 4 })];
    expect(tune({ evidence: gap }).candidates[0]?.trials).toBeLessThan(260);
  });
});

test("whoever looks after every finished part is misled no more often than allowed", () => {
  const random = createRandom("finished parts");
  const [worlds, top] = [200, 7];
  let broken = 0;
  for (let world = 0; world < worlds; world += 1) {
    // 5.2 % of 4,000 items are wrong, and 5 % are allowed.
    const parts = Array.from({ length: top + 1 }, () => ({ right: 0, wrong: 0 }));
    for (let row = 0; row < 4_000; row += 1) {
      const level = Math.min(top, Math.floor(-Math.log2(1 - random())));
      const part = parts[level];
      if (part !== undefined) part[random() < 0.052 ? "wrong" : "right"] += 1;
    }
    const isMisled = parts.some((_, least) => {
      const evidence = parts.flatMap(({ right, wrong }, gradeLevel) =>
        gradeLevel < least
          ? [countOf(0.9, null, right + wrong, { gradeLevel })]
          : [
              countOf(0.9, "right", right, { gradeLevel }),
              countOf(0.9, "wrong", wrong, { gradeLevel }),
            ],
      );
      return tune({ evidence }).threshold !== null;
    });
    if (isMisled) broken += 1;
  }
  expect(broken / worlds).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / worlds));
});

describe("clusters", () => {
  function item(cluster: string, index: number, isWrong: boolean): Evidence {
    const outcome = isWrong ? "wrong" : "right";
    const { dayMs: _, isClustered: __, gradeLevel: ___, ...key } = countOf(0.9, outcome, 1).key;
    const costs = { cheapCostNanoUsd: null, deepCostNanoUsd: null };
    const times = { cheapLatencyMs: null, deepLatencyMs: null, createdAtMs: DAY };
    return { ...key, ...costs, ...times, itemId: `${cluster}-${String(index)}`, cluster };
  }
  const clusters = (count: number, wrong: number): readonly Evidence[] =>
    Array.from({ length: count }, (_, at) =>
      Array.from({ length: 4 }, (__, index) => item(`c${String(at)}`, index, at < wrong)),
    ).flat();
  const counted = (items: readonly Evidence[]): EvidenceCount[] => [
    countOf(0.9, "right", items.length, { isClustered: true }),
  ];

  test("count as one observation each, of their size", () => {
    const items = clusters(200, 0);
    const report = tune({ evidence: counted(items), clustered: items }, SELECTIVE);
    expect(report).toMatchObject({ threshold: 0.9, labelledRows: 800 });
    // Two hundred independent observations, not eight hundred.
    const few = clusters(50, 0);
    expect(tune({ evidence: counted(few), clustered: few }, SELECTIVE).threshold).toBeNull();
    expect(tune({ evidence: [countOf(0.9, "right", 200)] }, SELECTIVE).threshold).toBe(0.9);
  });

  test("and rows on their own are one sample", () => {
    const items = clusters(100, 40);
    const evidence = [...counted(items), countOf(0.9, "right", 400)];
    // Forty of a hundred clusters of four are wrong: 160 of 800 rows.
    expect(
      checkGuarantee("support", { evidence, triages: [], clustered: items }, JOINT, 0.9),
    ).toMatchObject({ verdict: "broken", wrongRows: 160, shippedRows: 800 });
  });
});

describe("a judge that people have checked", () => {
  const judged = (judge: "right" | "wrong", human: "right" | "wrong" | null, items: number) =>
    countOf(0.9, null, items, { cheap: { label: null, human, judge } });
  const byJudge: TuningGoal = { ...JOINT, graders: "judge" };

  test("certifies with its misses taken off the target", () => {
    const evidence = [
      judged("right", null, 3_000),
      judged("wrong", null, 20),
      judged("wrong", "wrong", 40),
    ];
    const report = tune({ evidence }, byJudge);
    expect(report.threshold).toBe(0.9);
    expect(report.promise).toContain("by a judge whose misses people have counted");
    const missing = [...evidence, judged("right", "wrong", 60)];
    expect(tune({ evidence: missing }, byJudge).threshold).toBeNull();
  });

  test("certifies nothing alone", () => {
    expect(tune({ evidence: [judged("right", null, 5_000)] }, byJudge).threshold).toBeNull();
    expect(tune({ evidence: [judged("right", null, 5_000)] }).threshold).toBeNull();
  });
});

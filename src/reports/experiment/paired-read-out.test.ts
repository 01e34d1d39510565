import { describe, expect, test } from "vitest";
import { evidenceOf } from "../../ledger/contract/evidence.fixture.ts";
import { recordOf } from "../../ledger/contract/records.fixture.ts";
import type { Evidence, Outcome } from "../../ledger/records/evidence.ts";
import { describePairs } from "./paired-read-out.ts";

type Graded = readonly [cheap: Outcome, deep: Outcome];

const ALIKE: Graded = ["right", "right"];
const HARMED: Graded = ["wrong", "right"];
const HELPED: Graded = ["right", "wrong"];

/** Shipped requests that were all paired and graded, and escalated ones. */
function readOut(pairs: readonly Graded[], { escalated = 0, share = 0.1, by = "human" } = {}) {
  const records = pairs.map((_, index) =>
    recordOf(`s${index}`, { draws: [{ purpose: "shadow", propensity: share, isChosen: true }] }),
  );
  const others = Array.from({ length: escalated }, (_, index) =>
    recordOf(`e${index}`, { decision: "escalated" }),
  );
  const none = { label: null, human: null, judge: null };
  const evidence = pairs.map(([cheap, deep], index) =>
    evidenceOf(`s${index}`, {
      decision: "shipped",
      cheap: { ...none, [by]: cheap },
      deep: { ...none, [by]: deep },
    }),
  );
  return { records: [...records, ...others], evidence };
}

const times = (count: number, pair: Graded): readonly Graded[] =>
  Array.from({ length: count }, () => pair);

function describeOf({ records, evidence }: ReturnType<typeof readOut>) {
  return describePairs(records, evidence);
}

describe("pairs", () => {
  test("of a cascade that is as good show it, with the evidence of the method's table", () => {
    // 20 harmed and 22 helped of 1,000, the half of which escalated.
    const pairs = [...times(20, HARMED), ...times(22, HELPED), ...times(458, ALIKE)];
    const found = describeOf(readOut(pairs, { escalated: 500 }));
    expect(found.logNotWorse).toBeCloseTo(3.6231957064, 9);
    expect(found).toMatchObject({
      conclusion: "not_worse",
      moreGraded: null,
      shadowShare: 0.1,
      truth: { graded: 500, alikeByEscalation: 500, harmed: 20, helped: 22, difference: 0.002 },
    });
    expect(found.truth.mcnemarP).toBeGreaterThan(0.8);
  });

  test("of a cascade that is worse say so, and without enough of them say how many", () => {
    const worse = [...times(60, HARMED), ...times(340, ALIKE)];
    expect(describeOf(readOut(worse)).conclusion).toBe("worse");
    const few = [...times(2, HARMED), ...times(3, HELPED), ...times(145, ALIKE)];
    const open = describeOf(readOut(few));
    expect(open.conclusion).toBe("open");
    const more = open.moreGraded ?? 0;
    const later = (factor: number): readonly Graded[] => [
      ...times(Math.round(2 * factor), HARMED),
      ...times(Math.round(3 * factor), HELPED),
      ...times(Math.round(145 * factor), ALIKE),
    ];
    expect(describeOf(readOut(later(1.15 * (1 + more / 150)))).conclusion).toBe("not_worse");
    expect(describeOf(readOut(later(0.75 * (1 + more / 150)))).conclusion).toBe("open");
  });

  test("that are not decided count against the cascade for one verdict, for it for the other", () => {
    const clear = [...times(500, ALIKE)];
    expect(describeOf(readOut(clear)).conclusion).toBe("not_worse");
    const doubtful = [...times(460, ALIKE), ...times(40, ["disputed", "right"])];
    const found = describeOf(readOut(doubtful));
    expect(found).toMatchObject({
      conclusion: "open",
      moreGraded: null,
      truth: { undecided: 40, difference: 0, mcnemarP: null },
    });
    expect(found.truth.interval?.low).toBeLessThan(-0.05);
    expect(found.truth.interval?.high).toBeGreaterThan(0);
  });

  test("of a judge show, and conclude nothing", () => {
    const found = describeOf(readOut(times(500, ALIKE), { by: "judge" }));
    expect(found).toMatchObject({
      conclusion: "open",
      truth: { graded: 0, difference: null },
      judge: { graded: 500, difference: 0 },
    });
  });

  test("of an earlier share, and those that nobody drew, are left out", () => {
    const newer = readOut(times(40, ALIKE), { share: 0.2 });
    const older = readOut(times(60, HARMED), { share: 0.1 });
    const renamed = (item: Evidence): Evidence => ({ ...item, itemId: `old ${item.itemId}` });
    const records = [
      ...newer.records,
      ...older.records.map((record) => ({ ...record, id: `old ${record.id}` })),
    ];
    const posted = evidenceOf("posted", {
      decision: "shipped",
      cheap: { label: null, human: "wrong", judge: null },
    });
    const evidence = [...newer.evidence, ...older.evidence.map(renamed), posted];
    expect(describePairs(records, evidence)).toMatchObject({
      shadowShare: 0.2,
      truth: { graded: 40, harmed: 0 },
    });
  });
});

import { describe, expect, test } from "vitest";
import { exampleCount, exampleTriages } from "./evidence-count.fixture.ts";
import { meanCosts, shipShareAt } from "./ship-share.ts";

const LIVE = { role: "triage" } as const;

describe("shipShareAt", () => {
  test("counts triages from the threshold on that have no other failure", () => {
    const triages = [
      exampleTriages(60, { confidence: 0.9 }),
      exampleTriages(10, { confidence: 0.9, failureCode: "triage_refused" }),
      exampleTriages(30, { confidence: 0.5 }),
    ];
    expect(shipShareAt(triages, 0.8)).toMatchObject({ count: 60, of: 100, unread: 0, share: 0.6 });
  });

  const read = [
    exampleTriages(600, { ...LIVE, confidence: 0.9 }),
    exampleTriages(200, { ...LIVE, confidence: 0.9, failureCode: "answer_missing" }),
  ];
  const closed = exampleTriages(200, { ...LIVE, confidence: 0.5 });

  test("does not take a triage that was closed early for one that would have shipped", () => {
    const ships = shipShareAt([...read, closed], 0.4, 0.8);
    expect(ships).toMatchObject({ count: 600, unread: 200, of: 1_000 });
    // Of those that were read to the end a quarter failed.
    expect(ships.share).toBeCloseTo((600 + 0.75 * 200) / 1_000, 12);
    expect(ships.interval?.low).toBeLessThan(0.6);
    expect(ships.interval?.high).toBeGreaterThan(0.8);
  });

  test("knows what became of every triage from the threshold in force on", () => {
    expect(shipShareAt([...read, closed], 0.8, 0.8)).toMatchObject({ unread: 0, share: 0.6 });
  });

  test("knows of triages in shadow, which are read to their end", () => {
    const shadow = exampleTriages(200, { confidence: 0.5 });
    expect(shipShareAt([...read, shadow], 0.4, 0.8)).toMatchObject({ unread: 0, share: 0.8 });
  });
});

test("mean costs stand for all traffic, whatever chance an item had", () => {
  const often = exampleCount(90, { propensity: 0.9 });
  const rarely = { ...exampleCount(10, { propensity: 0.1 }), deepCostNanoUsd: 10n * 30_000_000n };
  const costs = meanCosts([often, rarely]);
  // 100 requests at $0.01 and 100 at $0.03.
  expect(costs?.deepUsd).toBeCloseTo(0.02, 12);
  expect(costs?.items).toBe(100);
  expect(meanCosts([exampleCount(5, { propensity: null })])).toBeNull();
});

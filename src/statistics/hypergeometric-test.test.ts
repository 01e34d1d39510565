import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hypergeometricTest } from "./hypergeometric-test.ts";

describe("hypergeometricTest", () => {
  test.each([
    [12, 60, 9.814452665063674e-7],
    [10, 200, 0.21795168625901565],
    [7, 80, 0.02446952479511301],
    [18, 400, 0.2734119441206444],
    [2, 45, 0.4063768144166836],
  ])("%d of %d, when 60 of 1,500 are hits", (hits, trials, midP) => {
    const test = hypergeometricTest(hits, trials, 60, 1_500);
    expect(test.midP / midP).toBeCloseTo(1, 9);
  });

  test("Fisher's p counts the observed number in full", () => {
    const { exactP } = hypergeometricTest(12, 60, 60, 1_500);
    expect(exactP / 1.7443485391184628e-6).toBeCloseTo(1, 9);
  });

  test("the tea of Fisher's lady: all four of eight cups right by luck once in 70 times", () => {
    expect(hypergeometricTest(4, 4, 4, 8).exactP).toBeCloseTo(1 / 70, 12);
    expect(hypergeometricTest(3, 4, 4, 8).exactP).toBeCloseTo(17 / 70, 12);
    expect(hypergeometricTest(0, 4, 4, 8).midP).toBeCloseTo(1 - 1 / 140, 12);
  });

  test("a part that cannot hold fewer tells nothing", () => {
    expect(hypergeometricTest(5, 5, 10, 10)).toEqual({ exactP: 1, midP: 0.5 });
    expect(hypergeometricTest(0, 0, 10, 50)).toEqual({ exactP: 1, midP: 0.5 });
  });

  const tables = fc
    .record({
      hits: fc.nat(40),
      misses: fc.nat(200),
      otherHits: fc.nat(60),
      otherMisses: fc.nat(900),
    })
    .filter((table) => Object.values(table).some((count) => count > 0));

  test("is what adding up every table gives", () => {
    fc.assert(
      fc.property(tables, ({ hits, misses, otherHits, otherMisses }) => {
        const [allHits, allMisses] = [hits + otherHits, misses + otherMisses];
        const trials = hits + misses;
        let more = 0;
        for (let x = hits + 1; x <= Math.min(allHits, trials); x += 1) {
          more += probability(x, trials, allHits, allMisses);
        }
        const here = probability(hits, trials, allHits, allMisses);
        const result = hypergeometricTest(hits, trials, allHits, allHits + allMisses);
        expect(result.exactP).toBeCloseTo(more + here, 9);
        expect(result.midP).toBeCloseTo(more + here / 2, 9);
      }),
    );
  });

  test("one hit more is never less surprising", () => {
    fc.assert(
      fc.property(tables, ({ hits, misses, otherHits, otherMisses }) => {
        if (misses === 0 || otherHits === 0) return;
        const all = [hits + otherHits, hits + misses + otherHits + otherMisses] as const;
        const [one, more] = [hits, hits + 1].map((x) =>
          hypergeometricTest(x, hits + misses, ...all),
        );
        expect(more?.midP).toBeLessThanOrEqual((one?.midP ?? 0) + 1e-12);
      }),
    );
  });

  test("a million rows are no harder, and a part is a part", () => {
    const { midP } = hypergeometricTest(21_000, 500_000, 40_000, 1_000_000);
    // 1,000 above a mean of 20,000 with a standard deviation of 98: ten deviations.
    expect(Math.log10(midP)).toBeCloseTo(-24.0, 0);
    expect(() => hypergeometricTest(5, 10, 4, 100)).toThrow("part of the whole");
  });
});

function probability(x: number, trials: number, allHits: number, allMisses: number): number {
  const misses = trials - x;
  if (misses > allMisses) return 0;
  const log = logChoose(allHits, x) + logChoose(allMisses, misses);
  return Math.exp(log - logChoose(allHits + allMisses, trials));
}

function logChoose(all: number, some: number): number {
  let log = 0;
  for (let i = 1; i <= some; i += 1) log += Math.log((all - some + i) / i);
  return log;
}

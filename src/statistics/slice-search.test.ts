import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import type { SliceRow } from "./feature-table.ts";
import { findSlices } from "./slice-search.ts";

/** Four languages, three lengths, ten words; 4 % wrong, and more where `shareOf` says so. */
function drawRows(
  seed: string,
  count: number,
  shareOf: (features: readonly string[]) => number = () => 0.04,
): readonly SliceRow[] {
  const random = createRandom(seed);
  const pick = (kind: string, count: number): string =>
    `${kind}:${String(Math.floor(random() * count))}`;
  return Array.from({ length: count }, (_, i) => {
    const features = [pick("language", 4), pick("length", 3), pick("word", 10)];
    return { id: `row-${i}`, features, isWrong: random() < shareOf(features) };
  });
}

const planted = (features: readonly string[]): number =>
  features.includes("word:7") ? 0.25 : 0.04;

describe("findSlices", () => {
  test("finds a planted slice, proves it, and shows wrong rows of it", () => {
    const rows = drawRows("planted", 1_500, planted);
    const report = findSlices(rows);
    const [slice] = report.slices;
    const members = rows.filter(({ features }) => features.includes("word:7"));
    expect(slice).toMatchObject({
      features: ["word:7"],
      rows: members.length,
      wrong: members.filter(({ isWrong }) => isWrong).length,
      isProven: true,
    });
    expect(slice?.low).toBeGreaterThan(0.1);
    expect(slice?.lift).toBeGreaterThan(2);
    const wrongIds = members.filter(({ isWrong }) => isWrong).map(({ id }) => id);
    expect(slice?.exampleIds).toEqual(wrongIds.slice(0, 3));
  });

  test("finds a pair that neither of its features explains", () => {
    const rows = drawRows("pair", 3_000, (features) =>
      features.includes("word:3") && features.includes("language:1") ? 0.5 : 0.03,
    );
    const [slice] = findSlices(rows).slices;
    expect(slice).toMatchObject({ features: ["language:1", "word:3"], isProven: true });
  });

  test("leaves out pairs that are no worse than one of their features", () => {
    const rows = drawRows("parents", 6_000, planted);
    const { slices } = findSlices(rows);
    const parent = slices.find(({ features }) => features.join() === "word:7");
    for (const { features, wrongShare } of slices) {
      if (features.length === 1 || !features.includes("word:7")) continue;
      expect(wrongShare).toBeGreaterThanOrEqual((parent?.wrongShare ?? 1) + 0.02 - 1e-12);
    }
  });

  test("tests no slice that is too small or too large, and no two features of one kind", () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      id: String(i),
      isWrong: i % 10 === 0,
      features: ["all", i < 29 ? "size:29" : "size:71", i % 2 === 0 ? "half:a" : "half:b"],
    }));
    // Only the two halves lie between 30 rows and 60 of 100.
    expect(findSlices(rows).tested).toBe(2);
    expect(findSlices(rows, { minRows: 10 }).tested).toBe(2 + 1 + 2);
    expect(findSlices(rows, { maxFeatures: 1 })).toMatchObject({ tested: 1, omittedFeatures: 1 });
  });

  test("neither the order of rows and features nor repeated ones change what is found", () => {
    const rows = drawRows("order", 1_500, planted);
    const turned = rows
      .toReversed()
      .map((row) => ({ ...row, features: [...row.features.toReversed(), ...row.features] }));
    const strip = ({ slices, ...report }: ReturnType<typeof findSlices>): object => ({
      ...report,
      slices: slices.map(({ exampleIds: _, ...slice }) => slice),
    });
    expect(strip(findSlices(turned))).toEqual(strip(findSlices(rows)));
  });

  test("one propensity for all rows changes nothing", () => {
    const rows = drawRows("equal", 1_500, planted);
    const plain = findSlices(rows);
    const sampled = findSlices(rows.map((row) => ({ ...row, propensity: 0.05 })));
    expect(sampled.isApproximate).toBe(true);
    expect(sampled.tested).toBe(plain.tested);
    expect(sampled.slices.map(({ features }) => features)).toEqual(
      plain.slices.map(({ features }) => features),
    );
    sampled.slices.forEach(({ p, wrongShare, low }, i) => {
      expect(p).toBeCloseTo(plain.slices[i]?.p ?? -1, 9);
      expect(wrongShare).toBeCloseTo(plain.slices[i]?.wrongShare ?? -1, 9);
      expect(low).toBeCloseTo(plain.slices[i]?.low ?? -1, 9);
    });
  });

  test("weights undo a sample that favoured wrong-prone rows", () => {
    // word:0 is graded ten times as often; it is wrong as often as the rest.
    const random = createRandom("weights");
    const rows = drawRows("weights", 40_000, (features) =>
      features.includes("word:0") ? 0.08 : 0.04,
    )
      .map((row) => ({ ...row, propensity: row.features.includes("word:0") ? 0.5 : 0.05 }))
      .filter(({ propensity }) => random() < propensity);
    const report = findSlices(rows);
    expect(report.isApproximate).toBe(true);
    // 0.9 × 0.04 + 0.1 × 0.08; unweighted it would be about 0.061.
    expect(report.wrongShare).toBeCloseTo(0.044, 2);
    expect(report.wrongShare).toBeLessThan(0.053);
  });

  test("no rows, no slices", () => {
    expect(findSlices([])).toMatchObject({ rows: 0, tested: 0, slices: [] });
  });
});

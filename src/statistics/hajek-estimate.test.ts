import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hajekEstimate } from "./hajek-estimate.ts";
import { anyGroups, EXAMPLE_GROUPS, singleRows } from "./sampled-group.fixture.ts";

describe("hajekEstimate", () => {
  test("the example", () => {
    const estimate = hajekEstimate(EXAMPLE_GROUPS);
    expect(estimate?.share).toBeCloseTo(0.06020066889632107, 12);
    expect(estimate?.standardError).toBeCloseTo(0.02177086967201634, 12);
  });

  test("a row by itself is a group of one", () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const [one, other] = [hajekEstimate(groups), hajekEstimate(singleRows(groups))];
        expect(other?.share).toBeCloseTo(one?.share ?? -1, 9);
        expect(other?.standardError).toBeCloseTo(one?.standardError ?? -1, 9);
      }),
    );
  });

  test("only the ratios of propensities move the share", () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const half = groups.map((group) => ({ ...group, propensity: group.propensity / 2 }));
        expect(hajekEstimate(half)?.share).toBeCloseTo(hajekEstimate(groups)?.share ?? -1, 9);
      }),
    );
  });

  test("what was drawn in full is known exactly", () => {
    expect(hajekEstimate([{ propensity: 1, trials: 50, hits: 3 }])).toEqual({
      share: 0.06,
      standardError: 0,
      estimatedRows: 50,
    });
  });

  test("nothing drawn, nothing known; a propensity of 0 cannot have been drawn", () => {
    expect(hajekEstimate([])).toBeNull();
    expect(() => hajekEstimate([{ propensity: 0, trials: 1, hits: 0 }])).toThrow("propensity");
  });
});

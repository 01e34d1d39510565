import { expect, test } from "vitest";
import { postStratifiedShare } from "./post-stratified-share.ts";

const STRATA = [
  { rows: 2_000, trials: 60, hits: 7 },
  { rows: 2_800, trials: 42, hits: 3 },
  { rows: 3_200, trials: 19, hits: 1 },
  { rows: 2_000, trials: 8, hits: 0 },
];

test("the example", () => {
  const estimate = postStratifiedShare(STRATA);
  expect(estimate?.share).toBeCloseTo(0.06017543859649123, 12);
  expect(estimate?.standardError).toBeCloseTo(0.029115298936760813, 12);
});

test("a stratum with four grades is too thin, one without rows does not matter", () => {
  expect(postStratifiedShare([...STRATA, { rows: 10, trials: 4, hits: 0 }])).toBeNull();
  const empty = { rows: 0, trials: 0, hits: 0 };
  expect(postStratifiedShare([...STRATA, empty])).toEqual(postStratifiedShare(STRATA));
  expect(postStratifiedShare([])).toBeNull();
});

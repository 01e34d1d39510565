import { expect, test } from "vitest";
import { exactInterval } from "./exact-interval.ts";
import { EXAMPLE_SAMPLE } from "./judged-sample.fixture.ts";
import { uncorrectedShares } from "./uncorrected-shares.ts";
import { wilsonInterval } from "./wilson-interval.ts";

test("the judge at its word, and humans alone", () => {
  const { judgeOnly, humanOnly } = uncorrectedShares(EXAMPLE_SAMPLE);
  expect(judgeOnly).toEqual({ share: 0.075, interval: wilsonInterval(150, 2_000) });
  expect(humanOnly).toEqual({ share: 0.04, interval: exactInterval(8, 200) });
});

test("what was not done is not known", () => {
  const checked = { bothWrong: 0, missed: 0, falseAlarm: 0, bothRight: 0 };
  const nothing = uncorrectedShares({ judged: 0, judgedWrong: 0, checked });
  expect(nothing).toEqual({ judgeOnly: null, humanOnly: null });
});

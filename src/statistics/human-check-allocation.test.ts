import { expect, test } from "vitest";
import { humanCheckAllocation } from "./human-check-allocation.ts";

test("the few answers judged wrong get more than their share of checks", () => {
  const guess = {
    judgedWrongShare: 0.075,
    wrongAmongJudgedWrong: 0.44,
    wrongAmongJudgedRight: 0.01,
  };
  expect(humanCheckAllocation(guess)).toBeCloseTo(0.28800462291925183, 12);
});

test("is half where nothing is uncertain, and refuses what is no share", () => {
  const sure = { judgedWrongShare: 0.1, wrongAmongJudgedWrong: 1, wrongAmongJudgedRight: 0 };
  expect(humanCheckAllocation(sure)).toBe(0.5);
  expect(() => humanCheckAllocation({ ...sure, judgedWrongShare: 2 })).toThrow("judgedWrongShare");
});

test("no other split has a smaller variance", () => {
  const [q, wrong, right] = [0.2, 0.6, 0.05];
  const variance = (share: number): number =>
    (q ** 2 * wrong * (1 - wrong)) / share + ((1 - q) ** 2 * right * (1 - right)) / (1 - share);
  const best = humanCheckAllocation({
    judgedWrongShare: q,
    wrongAmongJudgedWrong: wrong,
    wrongAmongJudgedRight: right,
  });
  for (const step of [-0.01, 0.01]) expect(variance(best + step)).toBeGreaterThan(variance(best));
});

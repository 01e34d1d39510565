import { describe, expect, test } from "vitest";
import { EXAMPLE_SAMPLE } from "./judged-sample.fixture.ts";
import { roganGladenShare } from "./rogan-gladen-share.ts";

describe("roganGladenShare", () => {
  test("the example", () => {
    const result = roganGladenShare(EXAMPLE_SAMPLE);
    if (!result.ok) throw new Error(result.problem);
    expect(result.value.sensitivity).toBe(0.75);
    expect(result.value.specificity).toBeCloseTo(0.9635416666666666, 12);
    expect(result.value.share).toBeCloseTo(0.054014598540146036, 12);
    expect(result.value.standardError).toBeCloseTo(0.022891495595554777, 12);
  });

  test("refuses a judge that hardly tells right from wrong", () => {
    const checked = { bothWrong: 5, missed: 5, falseAlarm: 40, bothRight: 60 };
    const weak = roganGladenShare({ ...EXAMPLE_SAMPLE, checked });
    expect(weak).toEqual({ ok: false, problem: "weak_judge" });
  });

  test("needs a checked answer of either kind", () => {
    const checked = { bothWrong: 0, missed: 0, falseAlarm: 4, bothRight: 60 };
    const unchecked = roganGladenShare({ ...EXAMPLE_SAMPLE, checked });
    expect(unchecked).toEqual({ ok: false, problem: "not_checked" });
  });
});

import { expect, test } from "vitest";
import type { StatusTier } from "../reports/standing-report.ts";
import { renderWatch } from "./render-watch.ts";

const tier: StatusTier = {
  ...{ tier: 0, model: "haiku", rung: 0.8, allowedWrong: 0.05, graded: 412, wrong: 9 },
  ...{ alarmShare: 0.021, isSuspicious: false, isProved: false },
  next: { rung: 0.75, graded: 120, logEvidence: 1.62, logNeeded: 3.69, requestsToWait: 2_500 },
  tasks: [],
};

test("says how far the evidence is in both directions, and what is wrong now", () => {
  const openAlerts = [{ severity: "page", summary: "It storms.", isExercise: false }] as const;
  expect(renderWatch({ tiers: [tier], openAlerts })).toEqual([
    [
      "errors",
      "9 of 412 graded wrong at 0.80, 5.0 % allowed; 2.1 % of the evidence that raises it",
    ],
    [
      "next rung",
      "0.75 when ln of the evidence is 3.7; it is 1.6 by 120 graded answers, and 2,500 more " +
        "requests must pass",
    ],
    ["ALERT", "It storms."],
  ]);
});

test("says where nothing can be proved, and of which tier it speaks", () => {
  const top = { ...tier, tier: 1, rung: 1.01, next: null, isSuspicious: true, isProved: true };
  const lines = renderWatch({ tiers: [tier, top], openAlerts: [] });
  expect(lines[2]?.[1]).toBe(
    "tier 2: 9 of 412 graded wrong at never, 5.0 % allowed; 2.1 % of the evidence that raises it; " +
      "looking closer; too many were wrong at some time, proved",
  );
  expect(lines[3]?.[1]).toMatch(/^none below/);
});

test("names the tasks that stand out", () => {
  const bad = { task: "refund", graded: 63, wrong: 14, alarmShare: 1, isAlarm: true } as const;
  const near = { ...bad, task: "plans", wrong: 7, alarmShare: 0.25, isAlarm: false } as const;
  const tasks = [
    { ...bad, by: "truth" },
    { ...near, by: "judge" },
  ] as const;
  const lines = renderWatch({ tiers: [{ ...tier, tasks }], openAlerts: [] });
  expect(lines.slice(2)).toEqual([
    ["task", "refund: 14 of its last 63 graded wrong; more than allowed"],
    [
      "task",
      "plans: 7 of its last 63 graded wrong by the judge; 25.0 % of the evidence that is told",
    ],
  ]);
  const [first] = renderWatch({ tiers: [{ ...tier, tasks }, tier], openAlerts: [] }).slice(2);
  expect(first?.[1]).toMatch(/^tier 1: refund: /);
});

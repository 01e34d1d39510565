import { expect, test } from "vitest";
import { suspectOf, type StormTrace } from "./storm-suspect.ts";

const counts = (trials: number, causes: Partial<StormTrace["since"]["causes"]>) => ({
  trials,
  causes: { model_errors: 0, unreadable_verdicts: 0, low_confidence: 0, ...causes },
});

const trace: StormTrace = {
  since: counts(100, { low_confidence: 60 }),
  base: counts(1_000, { low_confidence: 200 }),
  change: null,
  tasks: [],
};

test.each<[string, Partial<StormTrace>, string]>([
  ["what grew most", {}, "confidence_collapse"],
  [
    "what grew, not what is most",
    { since: counts(100, { low_confidence: 22, model_errors: 20 }) },
    "model_errors",
  ],
  ["a change before all", { change: "model_change" }, "model_change"],
  [
    "a raised threshold, which makes more escalate by itself",
    { change: "threshold_raise" },
    "threshold_raise",
  ],
  [
    "the mix, where it explains half of the rise at the old rates",
    {
      tasks: [
        { requests: 90, escalatedBefore: 60, requestsBefore: 100 },
        { requests: 10, escalatedBefore: 90, requestsBefore: 900 },
      ],
    },
    "traffic_mix",
  ],
  [
    "not the mix, where each kind of work got worse",
    {
      tasks: [
        { requests: 30, escalatedBefore: 60, requestsBefore: 300 },
        { requests: 70, escalatedBefore: 140, requestsBefore: 700 },
      ],
    },
    "confidence_collapse",
  ],
])("suspects %s", (_, changes, suspect) => {
  expect(suspectOf({ ...trace, ...changes })).toBe(suspect);
});

import { expect, test } from "vitest";
import { exampleCount, exampleTriages } from "./evidence-count.fixture.ts";
import { describeRefusals } from "./refusal-report.ts";

test("counts refusals of either model apart from errors, the cheap one's by task", () => {
  const refused = { confidence: null, failureCode: "triage_refused" } as const;
  const triages = [
    exampleTriages(90, { task: "classify" }),
    exampleTriages(6, { task: "classify", ...refused }),
    exampleTriages(4, { task: "write", ...refused }),
    exampleTriages(100, { task: "extract" }),
  ];
  const counts = [
    exampleCount(50),
    exampleCount(2, { deepMissing: "refused" }),
    exampleCount(40, { deepMissing: "not_sampled" }),
  ];
  const { cheap, deep, tasks } = describeRefusals(counts, triages);
  expect(cheap).toMatchObject({ count: 10, of: 200, share: 0.05 });
  expect(deep).toMatchObject({ count: 2, of: 52 });
  expect(tasks.map(({ task, count, of }) => [task, count, of])).toEqual([
    ["classify", 6, 96],
    ["write", 4, 4],
  ]);
});

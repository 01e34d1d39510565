import { expect, test } from "vitest";
import { createSeriesByLabels } from "./series-by-labels.ts";

test("values that look alike when joined are series of their own, in the order they came", () => {
  const series = createSeriesByLabels(["route", "reason"], () => ({ count: 0 }));
  for (const labels of [
    ["a\nb", ""],
    ["a", "b\n"],
    ["a", "\nb"],
    ["a\nb", ""],
    ["", ""],
  ]) {
    series.of(labels).count += 1;
  }
  expect(series.all().map(({ labels, series: { count } }) => [labels, count])).toEqual([
    [{ route: "a\nb", reason: "" }, 2],
    [{ route: "a", reason: "b\n" }, 1],
    [{ route: "a", reason: "\nb" }, 1],
    [{ route: "", reason: "" }, 1],
  ]);
});

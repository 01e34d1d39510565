import { expect, test } from "vitest";
import { clusterMeans } from "./cluster-means.ts";

test("clusterMeans makes one observation of rows that belong together", () => {
  const rows = [
    { cluster: "b", value: 1 },
    { cluster: "a", value: 0 },
    { cluster: "b", value: 0 },
    { cluster: "b", value: 1 },
  ];
  expect(clusterMeans(rows)).toEqual([
    { value: 2 / 3, weight: 3 },
    { value: 0, weight: 1 },
  ]);
  expect(clusterMeans([])).toEqual([]);
});

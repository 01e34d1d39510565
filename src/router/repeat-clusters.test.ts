import { expect, test } from "vitest";
import { evidenceOf } from "../ledger/contract/evidence.fixture.ts";
import { createRepeatClusters } from "./repeat-clusters.ts";

test("the second of a kind rewrites the first, the third rewrites nobody", () => {
  const clusters = createRepeatClusters();
  const admit = (id: string, hash: string | null): unknown =>
    clusters.admit(hash, evidenceOf(id)).map(({ itemId, cluster }) => [itemId, cluster]);
  expect(admit("a", "h")).toEqual([["a", null]]);
  expect(admit("other", "i")).toEqual([["other", null]]);
  expect(admit("b", "h")).toEqual([
    ["b", "repeat:h"],
    ["a", "repeat:h"],
  ]);
  expect(admit("c", "h")).toEqual([["c", "repeat:h"]]);
  expect(admit("without", null)).toEqual([["without", null]]);
});

test("an item that is written again is no repeat of itself, and keeps its cluster", () => {
  const clusters = createRepeatClusters();
  const clusterOf = (id: string): unknown => clusters.admit("h", evidenceOf(id))[0]?.cluster;
  expect([clusterOf("a"), clusterOf("a")]).toEqual([null, null]);
  expect([clusterOf("b"), clusterOf("a")]).toEqual(["repeat:h", "repeat:h"]);
});

test("equal bodies of two routes have nothing to do with each other", () => {
  const clusters = createRepeatClusters();
  clusters.admit("h", evidenceOf("a"));
  expect(clusters.admit("h", evidenceOf("b", { route: "search" }))).toMatchObject([
    { cluster: null },
  ]);
});

test("only the latest bodies are remembered", () => {
  const clusters = createRepeatClusters(2);
  for (const hash of ["1", "2", "3"]) clusters.admit(hash, evidenceOf(hash));
  expect(clusters.admit("1", evidenceOf("again"))).toMatchObject([{ cluster: null }]);
  expect(clusters.admit("3", evidenceOf("again"))[0]?.cluster).toBe("repeat:3");
});

import { expect, test } from "vitest";

import { createBatchStore } from "./batch-store.ts";
import { canceledBatch } from "./simulated-batch.ts";
import type { SimulatedBatch } from "./simulated-batch.ts";

function batch(id: string, endsMs: number, characters: number = 10): SimulatedBatch {
  const json = "x".repeat(characters - 1);
  return {
    id,
    createdMs: 0,
    endsMs,
    cancelMs: null,
    requests: [{ customId: "a", kind: "succeeded", json }],
  };
}

test("the oldest batch that has ended makes room", () => {
  const store = createBatchStore({ timeScale: 1, maxBatches: 2 });
  expect(store.add(batch("running", 100), 0)).toBe(true);
  expect(store.add(batch("ended", 5), 0)).toBe(true);
  expect(store.add(batch("new", 100), 10)).toBe(true);
  expect(store.newestFirst().map(({ id }) => id)).toEqual(["new", "running"]);
});

test("nothing that still runs makes room", () => {
  const store = createBatchStore({ timeScale: 1, maxBatches: 1 });
  store.add(batch("running", 100), 0);
  expect(store.add(batch("new", 100), 99)).toBe(false);
  expect(store.find("new")).toBeNull();
  expect(store.add(batch("new", 100), 100)).toBe(true);
});

test("characters are limited too, also after a change", () => {
  const store = createBatchStore({ timeScale: 1, maxCharacters: 150 });
  const first = batch("first", 100, 100);
  expect(store.add(first, 0)).toBe(true);
  expect(store.add(batch("second", 200, 100), 0)).toBe(false);
  store.replace(canceledBatch(first, 50, 1));
  expect(store.add(batch("second", 200, 100), 60)).toBe(true);
  expect(store.newestFirst()).toHaveLength(2);
  expect(store.add(batch("huge", 300, 151), 400)).toBe(false);
});

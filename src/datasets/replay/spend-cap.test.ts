import { expect, test } from "vitest";
import { createSpendCap } from "./spend-cap.ts";

test("without a cap everything may be asked, and what has no price is counted", async () => {
  const cap = createSpendCap(null);
  expect(await cap.reserve(10n)).toBe(true);
  expect(await cap.reserve(null)).toBe(true);
  cap.settle(10n, 4n);
  cap.settle(null, null);
  expect(cap).toMatchObject({ spentNanoUsd: 4n, unpricedCalls: 1 });
});

test("a call that fits exactly is made, one that could pass the cap is not", async () => {
  const cap = createSpendCap(10n);
  expect(await cap.reserve(10n)).toBe(true);
  cap.settle(10n, 7n);
  expect(await cap.reserve(4n)).toBe(false);
  expect(await cap.reserve(3n)).toBe(true);
});

test("a call waits for those in flight, which may leave enough", async () => {
  const cap = createSpendCap(10n);
  await cap.reserve(8n);
  const waiting = cap.reserve(5n);
  expect(await Promise.race([waiting, Promise.resolve("waits")])).toBe("waits");
  cap.settle(8n, 5n);
  expect(await waiting).toBe(true);
  const last = cap.reserve(1n);
  cap.settle(5n, 5n);
  expect(await last).toBe(false);
});

test("what has no price never passes under a cap", async () => {
  expect(await createSpendCap(10n).reserve(null)).toBe(false);
});

test("what was asked before is held against the cap, whether or not it passes it", () => {
  const cap = createSpendCap(10n);
  cap.hold(12n);
  expect(cap.tryReserve(1n)).toBe(false);
  cap.spend(3n);
  cap.release(12n);
  expect(cap.spentNanoUsd).toBe(3n);
  expect([cap.tryReserve(8n), cap.tryReserve(7n), cap.tryReserve(1n)]).toEqual([
    false,
    true,
    false,
  ]);
});

import { expect, test } from "vitest";
import { createRandom, type Random } from "../support/random.ts";
import { createDriftWatch, REFERENCE_TRIAGES, type DriftState } from "./drift-watch.ts";

const USUAL = [
  [0.5, 0.1],
  [0.8, 0.3],
  [0.9, 0.4],
  [0.95, 0.2],
] as const;

function stated(random: Random, shares: readonly (readonly [number, number])[]): number | null {
  let left = random();
  for (const [value, share] of shares) {
    if (left < share) return value;
    left -= share;
  }
  return null;
}

test("is quiet while a model states what it did", () => {
  const random = createRandom("quiet");
  const watch = createDriftWatch(null);
  const said = Array.from({ length: 20_000 }, () => watch.observe(stated(random, USUAL)));
  expect(said.filter((one) => one !== null)).toEqual(["settled"]);
  expect(said.indexOf("settled")).toBe(REFERENCE_TRIAGES - 1);
});

test("names the value that is stated more, and takes what follows for the reference", () => {
  const random = createRandom("drift");
  const watch = createDriftWatch(null);
  for (let i = 0; i < 3_000; i += 1) watch.observe(stated(random, USUAL));
  const collapsed = [
    [0.5, 0.5],
    [0.8, 0.3],
    [0.9, 0.2],
  ] as const;
  const said = Array.from({ length: 3_000 }, () => watch.observe(stated(random, collapsed)));
  const events = said.filter((one) => one !== null);
  expect(events[0]).toMatchObject({ value: 0.5 });
  expect(events.slice(1)).toEqual(["settled"]);
  expect(said.findIndex((one) => one !== null)).toBeLessThan(100);
});

test("what states no confidence at all is a value too", () => {
  const random = createRandom("nothing");
  const watch = createDriftWatch(null);
  for (let i = 0; i < 2_000; i += 1) watch.observe(stated(random, USUAL));
  const said = Array.from({ length: 200 }, (_, i) => watch.observe(i % 4 === 0 ? null : 0.9));
  expect(said.find((one) => one !== null)).toMatchObject({ value: "other" });
});

test("goes on from storage as if nothing had happened", () => {
  const random = createRandom("storage");
  const values = Array.from({ length: 2_500 }, () => stated(random, USUAL));
  const whole = createDriftWatch(null);
  let parts = createDriftWatch(null);
  for (const [i, value] of values.entries()) {
    whole.observe(value);
    parts.observe(value);
    if (i % 300 === 0) {
      parts = createDriftWatch(JSON.parse(JSON.stringify(parts.store())) as DriftState);
    }
  }
  expect(parts.store()).toEqual(whole.store());
  expect(JSON.stringify(whole.store()).length).toBeLessThan(4_000);
});

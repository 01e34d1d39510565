import { expect, test } from "vitest";
import { nameThresholds, type NamedThreshold } from "./name-thresholds.ts";

const FIELD = { left: 52, right: 416, top: 32, bottom: 288 };

function mark(threshold: number, x: number, changes: Partial<NamedThreshold> = {}): NamedThreshold {
  return { threshold, x, above: 100, below: 200, isInForce: false, ...changes };
}

/** Where names were written: `0.80 at 100,216`. */
function written(marks: readonly NamedThreshold[]): readonly string[] {
  return nameThresholds(marks, FIELD).map((text) =>
    text.replace(/.* x="([\d.]+)" y="([\d.]+)".*>([\d.]+)<.*/, "$3 at $1,$2"),
  );
}

test("a name stands below its mark", () => {
  expect(written([mark(0.9, 100), mark(0.8, 200)])).toEqual(["0.90 at 100,216", "0.80 at 200,216"]);
});

test("at the lower edge it stands above its mark", () => {
  expect(written([mark(0.9, 100, { below: 280 })])).toEqual(["0.90 at 100,93"]);
});

test("no name stands on the interval of a neighbour", () => {
  const long = { above: 60, below: 250 };
  expect(written([mark(0.9, 100), mark(0.8, 110, long)])).toEqual(["0.80 at 110,266"]);
});

test("nor right above one that ends a little higher", () => {
  const crowd = [mark(0.9, 100, { below: 280 }), mark(0.8, 102, { above: 96, below: 280 })];
  expect(written(crowd)).toEqual(["0.80 at 102,89"]);
});

test("of names that would meet the one in force is written", () => {
  expect(written([mark(0.9, 100), mark(0.8, 120, { isInForce: true })])).toEqual([
    "0.80 at 120,216",
    "0.90 at 100,93",
  ]);
  const among = [90, 100, 110, 120].map((x) => mark(0.9, x));
  const inForce = mark(0.8, 105, { isInForce: true, above: 120, below: 180 });
  expect(written([...among, inForce])).toContain("0.80 at 105,196");
});

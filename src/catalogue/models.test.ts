import { describe, expect, test } from "vitest";
import type { Tokenizer } from "./model-facts.ts";
import { DEFAULT_CHEAP_MODEL, DEFAULT_DEEP_MODEL, MODELS } from "./models.ts";

type Row = readonly [
  id: string,
  prices: string,
  contextTokens: number,
  maxOutputTokens: number,
  tokenizer: Tokenizer,
  maxImages: number,
  minCacheableTokens: number,
];

/** Prices: input / output, cache writes of 5 minutes / 1 hour, cache reads; first band. */
const EXPECTED: readonly Row[] = [
  ["claude-fable-5-2", "8/40 10/16 0.20", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-mythos-5-2", "8/40 10/16 0.20", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-fable-5-1", "10/50 12.50/20 0.25", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-mythos-5-1", "10/50 12.50/20 0.25", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-fable-5", "10/50 12.50/20 1.00", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-mythos-5", "10/50 12.50/20 1.00", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-opus-5-5", "4/20 5/8 0.20", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-opus-5", "5/25 6.25/10 0.50", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-opus-4-8", "5/25 6.25/10 0.50", 1_000_000, 128_000, "2026", 600, 1024],
  ["claude-opus-4-7", "5/25 6.25/10 0.50", 1_000_000, 128_000, "2026", 600, 2048],
  ["claude-opus-4-6", "5/25 6.25/10 0.50", 1_000_000, 128_000, "2024", 600, 4096],
  ["claude-opus-4-5", "5/25 6.25/10 0.50", 200_000, 64_000, "2024", 100, 4096],
  ["claude-sonnet-5-5", "2/10 2.50/4 0.20", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-sonnet-5", "2/10 2.50/4 0.20", 1_000_000, 128_000, "2026", 600, 1024],
  ["claude-sonnet-4-6", "3/15 3.75/6 0.30", 1_000_000, 128_000, "2024", 600, 1024],
  ["claude-sonnet-4-5", "3/15 3.75/6 0.30", 200_000, 64_000, "2024", 100, 1024],
  ["claude-haiku-5-5", "0.10/0.50 0.125/0.20 0.01", 1_000_000, 128_000, "2026", 600, 512],
  ["claude-haiku-4-5", "1/5 1.25/2 0.10", 200_000, 64_000, "2024", 100, 4096],
];

test("holds every model with its prices and limits", () => {
  const rows = MODELS.map((model): Row => {
    const { input, output, cacheWrite5m, cacheWrite1h, cacheRead } = model.bands[0];
    return [
      model.id,
      `${input}/${output} ${cacheWrite5m}/${cacheWrite1h} ${cacheRead}`,
      model.contextTokens,
      model.maxOutputTokens,
      model.tokenizer,
      model.maxImages,
      model.minCacheableTokens,
    ];
  });
  expect(rows).toEqual(EXPECTED);
});

test("only two models have a second price", () => {
  const further = MODELS.flatMap(({ id, bands }) => bands.slice(1).map((band) => [id, band]));
  expect(further).toEqual([
    [
      "claude-sonnet-5-5",
      {
        fromDate: "2026-10-07",
        input: "2",
        output: "10",
        cacheWrite5m: "2.50",
        cacheWrite1h: "4",
        cacheRead: "0.10",
      },
    ],
    [
      "claude-haiku-5-5",
      {
        promptTokensOver: 100_000,
        input: "0.50",
        output: "2.50",
        cacheWrite5m: "0.625",
        cacheWrite1h: "1.00",
        cacheRead: "0.05",
      },
    ],
  ]);
});

describe("life span", () => {
  test.each([
    ["claude-fable-5-2", "current", "2026-11-09", null, null],
    ["claude-fable-5-1", "legacy", "2026-09-01", null, null],
    ["claude-fable-5", "legacy", "2026-06-09", null, "2027-06-09"],
    ["claude-opus-5-5", "current", "2026-09-22", null, null],
    ["claude-opus-5", "legacy", null, null, "2027-07-24"],
    ["claude-opus-4-8", "legacy", null, null, "2027-05-28"],
    ["claude-opus-4-7", "legacy", "2026-04-16", null, "2027-04-16"],
    ["claude-opus-4-6", "legacy", null, null, "2027-02-05"],
    ["claude-opus-4-5", "legacy", null, null, "2026-11-24"],
    ["claude-sonnet-5-5", "current", "2026-09-28", null, null],
    ["claude-sonnet-5", "legacy", null, null, "2027-06-30"],
    ["claude-sonnet-4-6", "legacy", null, null, "2027-02-17"],
    ["claude-sonnet-4-5", "deprecated", null, "2026-11-30", null],
    ["claude-haiku-5-5", "current", "2026-10-07", null, "2027-10-07"],
    ["claude-haiku-4-5", "legacy", null, null, "2026-10-15"],
  ])("%s is %s", (id, status, released, retires, retiresNotBefore) => {
    expect(MODELS.find((model) => model.id === id)).toMatchObject({
      status,
      released,
      retires,
      retiresNotBefore,
    });
  });
});

test("inference in the United States costs a tenth more from 4.6 on", () => {
  const without = MODELS.filter((model) => model.usInferenceFactor === "1").map(({ id }) => id);
  expect(without).toEqual(["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"]);
  const factors = new Set(MODELS.map(({ usInferenceFactor }) => usInferenceFactor));
  expect(factors).toEqual(new Set(["1", "1.1"]));
});

test("fast mode has a price on these models", () => {
  expect(MODELS.filter(({ fastFactor }) => fastFactor === "2").map(({ id }) => id)).toEqual([
    "claude-fable-5-2",
    "claude-mythos-5-2",
    "claude-opus-5-5",
    "claude-opus-5",
    "claude-opus-4-8",
  ]);
});

test("every row says when and where it was checked, and costs half in a batch", () => {
  for (const model of MODELS) {
    expect(model.asOf).toMatch(/^2026-\d\d-\d\d$/);
    expect(model.priceSource).toBe(`catalogue ${model.asOf}`);
    expect(model.source).toMatch(/2026$/);
    expect(model.batchFactor).toBe("0.5");
  }
});

test("Mythos is for verified organisations only", () => {
  const restricted = MODELS.filter(({ restriction }) => restriction !== null);
  expect(restricted.map(({ id }) => id)).toEqual([
    "claude-mythos-5-2",
    "claude-mythos-5-1",
    "claude-mythos-5",
  ]);
});

test("no name means two models", () => {
  const names = MODELS.flatMap(({ id, aliases }) => [id, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});

test("the default pair is in the table", () => {
  const ids = MODELS.map(({ id }) => id);
  expect(ids).toContain(DEFAULT_CHEAP_MODEL);
  expect(ids).toContain(DEFAULT_DEEP_MODEL);
});

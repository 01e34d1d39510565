import fc from "fast-check";
import { expect, test } from "vitest";
import type { Usage } from "../messages/message.ts";
import { hasSoundCounts, tokenCounts } from "./token-counts.ts";

test.each<[string, Partial<Usage>, readonly number[]]>([
  ["plain", { input_tokens: 320, output_tokens: 40 }, [320, 0, 0, 0, 40]],
  [
    "nulls",
    {
      input_tokens: 1,
      output_tokens: 2,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      cache_creation: null,
    },
    [1, 0, 0, 0, 2],
  ],
  [
    "cache writes split by life time",
    {
      input_tokens: 1,
      output_tokens: 2,
      cache_read_input_tokens: 30,
      cache_creation_input_tokens: 700,
      cache_creation: { ephemeral_5m_input_tokens: 500, ephemeral_1h_input_tokens: 200 },
    },
    [1, 30, 500, 200, 2],
  ],
  [
    "unsplit cache writes: five minutes",
    { input_tokens: 1, output_tokens: 2, cache_creation_input_tokens: 700 },
    [1, 0, 700, 0, 2],
  ],
  [
    "a split that names one kind only",
    {
      input_tokens: 1,
      output_tokens: 2,
      cache_creation_input_tokens: 700,
      cache_creation: { ephemeral_1h_input_tokens: 200 },
    },
    [1, 0, 500, 200, 2],
  ],
  [
    "a split without its sum",
    { cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 6 } },
    [0, 0, 5, 6, 0],
  ],
  [
    "unsound numbers",
    { input_tokens: Number.NaN, output_tokens: -4, cache_read_input_tokens: 1.5 },
    [0, 0, 0, 0, 0],
  ],
])("%s", (_name, usage, [input, cacheRead, cacheWrite5m, cacheWrite1h, output]) => {
  expect(tokenCounts(usage)).toEqual({
    inputTokens: input,
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite5m,
    cacheWrite1hTokens: cacheWrite1h,
    outputTokens: output,
  });
});

test("says which usage objects were read without loss", () => {
  expect(hasSoundCounts({ input_tokens: 0, output_tokens: 0 })).toBe(true);
  expect(hasSoundCounts({ input_tokens: 1, output_tokens: 1, cache_read_input_tokens: null })).toBe(
    true,
  );
  expect(hasSoundCounts({ output_tokens: 1 })).toBe(false);
  expect(hasSoundCounts({ input_tokens: 1, output_tokens: -1 })).toBe(false);
  expect(
    hasSoundCounts({
      input_tokens: 1,
      output_tokens: 1,
      cache_creation: { ephemeral_1h_input_tokens: 0.5 },
    }),
  ).toBe(false);
});

test("any JSON in the place of counts gives whole, non-negative ones", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
      const empty: Partial<Usage> = {};
      const members: Readonly<Record<string, unknown>> = {
        input_tokens: a,
        output_tokens: b,
        cache_read_input_tokens: c,
        cache_creation_input_tokens: a,
        cache_creation: b,
      };
      const usage = Object.assign(empty, members);
      for (const value of Object.values(tokenCounts(usage))) {
        expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
      }
    }),
  );
});

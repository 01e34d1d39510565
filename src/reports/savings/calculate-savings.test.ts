import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calculateSavings, type SavingsQuestion } from "./calculate-savings.ts";

const NOV_2026 = Date.UTC(2026, 10, 23);
const DOLLAR = 1_000_000_000n;

/** A million requests of 200 tokens at $0.80 against $3 per million, 95 % of them shipped. */
const QUESTION: SavingsQuestion = {
  requests: 1_000_000,
  inputTokens: 200,
  outputTokens: 0,
  shipShare: 0.95,
  cheap: { kind: "prices", input: "0.80", output: "4" },
  deep: { kind: "prices", input: "3", output: "15" },
};

function calculated(changes: Partial<SavingsQuestion> = {}) {
  const result = calculateSavings({ ...QUESTION, ...changes }, [], NOV_2026);
  if (!result.ok) throw new Error(`no price for ${result.problem.model}`);
  return result.value;
}

describe("a million requests, 95 % of them shipped", () => {
  test("cost $600 deep and $190 with the cascade, which saves $410", () => {
    expect(calculated()).toMatchObject({
      shipped: 950_000,
      escalated: 50_000,
      allDeepNanoUsd: 600n * DOLLAR,
      cascadeNanoUsd: 190n * DOLLAR,
      savedNanoUsd: 410n * DOLLAR,
    });
  });

  test("seem to cost $182 where the cheap calls before escalations are forgotten", () => {
    expect(calculated().naive).toEqual({
      cascadeNanoUsd: 182n * DOLLAR,
      savedNanoUsd: 418n * DOLLAR,
    });
  });

  test("pay from 26.7 % shipped on", () => {
    const { breakEvenShipShare } = calculated();
    expect(breakEvenShipShare).toBeCloseTo(0.8 / 3, 12);
  });
});

test("a call of 320 in and 40 out on Haiku 4.5 is $0.00052", () => {
  const { cheapCallNanoUsd, priceSources } = calculated({
    inputTokens: 320,
    outputTokens: 40,
    cheap: { kind: "model", model: "claude-haiku-4-5" },
  });
  expect(cheapCallNanoUsd).toBe(520_000n);
  expect(priceSources.cheap).toMatch(/^catalogue/);
  expect(priceSources.deep).toBe("given");
});

test("prices of the configuration go before those of the catalogue", () => {
  const overrides = [
    { model: "claude-haiku-4-5", inputUsdPerMTok: "2", outputUsdPerMTok: "2" },
  ] as const;
  const question = { ...QUESTION, cheap: { kind: "model", model: "claude-haiku-4-5" } } as const;
  const result = calculateSavings(question, overrides, NOV_2026);
  expect(result.ok && result.value.cheapCallNanoUsd).toBe(400_000n);
});

test("a model without a price is named rather than free", () => {
  const question = { ...QUESTION, deep: { kind: "model", model: "nobody-knows-1" } } as const;
  expect(calculateSavings(question, [], NOV_2026)).toEqual({
    ok: false,
    problem: { model: "nobody-knows-1" },
  });
});

test("nothing asked costs nothing and has no share", () => {
  expect(calculated({ requests: 0 })).toMatchObject({
    allDeepNanoUsd: 0n,
    savedNanoUsd: 0n,
    savedShare: null,
  });
});

test("saved is 0 or more from the break-even share on, and sums are exact", () => {
  const price = fc.integer({ min: 1, max: 10_000 }).map((cents) => (cents / 100).toFixed(2));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      price,
      price,
      (requests, shipShare, cheapInput, deepInput) => {
        const result = calculated({
          requests,
          shipShare,
          cheap: { kind: "prices", input: cheapInput, output: "0" },
          deep: { kind: "prices", input: deepInput, output: "0" },
        });
        expect(result.shipped + result.escalated).toBe(requests);
        expect(result.cascadeNanoUsd + result.savedNanoUsd).toBe(result.allDeepNanoUsd);
        // The naive count is off by exactly the cheap calls of what escalated.
        expect(result.cascadeNanoUsd - result.naive.cascadeNanoUsd).toBe(
          BigInt(result.escalated) * result.cheapCallNanoUsd,
        );
        const pays = result.shipped >= requests * (result.breakEvenShipShare ?? 0);
        if (pays) expect(result.savedNanoUsd).toBeGreaterThanOrEqual(-result.deepCallNanoUsd);
      },
    ),
  );
});

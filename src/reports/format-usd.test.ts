import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { divideHalfEven, formatUsd, formatUsdExact } from "./format-usd.ts";

describe("formatUsd", () => {
  test.each([
    [0n, "$0.00"],
    [1n, "$0.000000001"],
    [295_000n, "$0.000295"],
    [1_312_345n, "≈$0.00131"],
    [4_999_990n, "≈$0.00500"],
    [5_000_000n, "$0.005"],
    [885_000_000n, "$0.885"],
    [999_999_999n, "≈$1.00"],
    [1_840_000_000n, "$1.84"],
    [12_345_000_000n, "≈$12.34"],
    [12_355_000_000n, "≈$12.36"],
    [1_284_000_000_000n, "$1,284"],
    [1_234_567_500_000_001n, "≈$1,234,568"],
    [-1_284_000_000n, "≈-$1.28"],
  ])("%d nano-dollars read %s", (nanoUsd, text) => {
    expect(formatUsd(nanoUsd)).toBe(text);
  });

  const amounts = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

  test("is marked exactly when digits were dropped", () => {
    fc.assert(
      fc.property(amounts, (nanoUsd) => {
        expect(formatUsd(nanoUsd).startsWith("≈")).toBe(
          readNanoUsd(formatUsd(nanoUsd)) !== nanoUsd,
        );
      }),
    );
  });

  test("the exact form loses nothing", () => {
    expect(formatUsdExact(-295_400n)).toBe("-$0.0002954");
    fc.assert(
      fc.property(amounts, (nanoUsd) => {
        expect(readNanoUsd(formatUsdExact(nanoUsd))).toBe(nanoUsd);
      }),
    );
  });
});

test.each([
  [5n, 2n, 2n],
  [7n, 2n, 4n],
  [-5n, 2n, -2n],
  [-7n, 2n, -4n],
  [10n, 4n, 2n],
  [11n, 4n, 3n],
])("%d / %d is %d, halves to the even side", (dividend, divisor, quotient) => {
  expect(divideHalfEven(dividend, divisor)).toBe(quotient);
});

function readNanoUsd(text: string): bigint {
  const [dollars = "", fraction = ""] = text.replace(/[^\d.]/g, "").split(".");
  const amount = BigInt(dollars + fraction.padEnd(9, "0"));
  return text.includes("-") ? -amount : amount;
}

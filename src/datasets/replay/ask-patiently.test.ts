import { expect, test } from "vitest";
import { createManualClock } from "../../support/clock.ts";
import { askPatiently, MOST_TRIES, type PatienceOptions } from "./ask-patiently.ts";
import { createPace } from "./pace.ts";
import { createSpendCap } from "./spend-cap.ts";
import type { TierAnswer, TierOutcome } from "./tier-asker.ts";

const ANSWER: TierAnswer = {
  model: "m",
  confidence: null,
  missing: null,
  text: "yes",
  message: null,
  costNanoUsd: 5n,
  latencyMs: 1,
};
const ANSWERED: TierOutcome = { kind: "answered", answer: ANSWER };

function transient(retryAfterMs: number | null, costNanoUsd = 0n): TierOutcome {
  const trouble = { code: "overloaded_error", message: "Overloaded", retryAfterMs };
  return { kind: "transient", trouble, costNanoUsd };
}

function setUp(maxNanoUsd: bigint | null = null) {
  const clock = createManualClock();
  const waits: number[] = [];
  const pace = createPace(clock, async (ms) => {
    waits.push(ms);
    clock.advance(ms);
  });
  const stop = new AbortController();
  const cap = createSpendCap(maxNanoUsd);
  const options: PatienceOptions = { pace, cap, random: () => 0, stop: stop.signal };
  return { options, waits, stop, cap };
}

function answers(...outcomes: readonly TierOutcome[]): () => Promise<TierOutcome> {
  let asked = 0;
  return async () => outcomes[asked++] ?? ANSWERED;
}

test("waits as long as upstream says, else twice as long each time", async () => {
  const { options, waits, cap } = setUp();
  const ask = answers(transient(null), transient(7_000), transient(null, 2n));
  expect(await askPatiently(ask, 9n, options)).toEqual(ANSWERED);
  expect(waits).toEqual([1_000, 7_000, 4_000]);
  // Tries that failed may have cost something too.
  expect(cap.spentNanoUsd).toBe(7n);
});

test("leaves out what fails at every try", async () => {
  const { options, waits } = setUp();
  let asked = 0;
  const outcome = await askPatiently(
    async () => {
      asked += 1;
      return transient(null);
    },
    9n,
    options,
  );
  expect(outcome).toMatchObject({ kind: "left_out", trouble: { code: "overloaded_error" } });
  expect(asked).toBe(MOST_TRIES);
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
});

test("does not ask when the next try could pass the cap", async () => {
  const { options } = setUp(10n);
  const ask = answers(transient(null, 4n));
  expect(await askPatiently(ask, 8n, options)).toEqual({ kind: "over_budget" });
});

test("does not ask after a stop, nor again after a call that was cut", async () => {
  const { options, stop } = setUp();
  expect(
    await askPatiently(answers({ kind: "interrupted", costNanoUsd: 1n }), 9n, options),
  ).toEqual({ kind: "stopped" });
  stop.abort();
  const never = async (): Promise<TierOutcome> => {
    throw new Error("nobody should ask");
  };
  expect(await askPatiently(never, 9n, options)).toEqual({ kind: "stopped" });
});

import fc from "fast-check";
import { ESCALATION_REASONS, MISSING_SIDE_REASONS } from "../../cascade/words.ts";
import type { Evidence, Outcomes } from "../../ledger/records/evidence.ts";

/** Any evidence that a ledger may hold, for properties. */
export function anyEvidence(): fc.Arbitrary<Evidence> {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("", "'", '"', "=A1", "-1", "a,b", "two\r\nlines", "'\"x", "null", " "),
  );
  const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
    fc.option(value, { nil: null });
  const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
  const money = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });
  const outcome = optional(fc.constantFrom("right", "wrong", "disputed", "cannot_tell"));
  const outcomes: fc.Arbitrary<Outcomes> = fc.record({
    label: outcome,
    human: outcome,
    judge: outcome,
  });
  return fc.record({
    itemId: fc.stringMatching(/^(itm|req)_[0-9a-f]{32}$/),
    tier: fc.constantFrom(0, 1),
    deepTier: fc.constantFrom(2, 3),
    source: fc.constantFrom("import", "traffic"),
    dataset: optional(text),
    route: text,
    task: optional(text),
    createdAtMs: fc.nat({ max: 2 ** 41 }),
    cluster: optional(text),
    inputClasses: fc.array(text, { maxLength: 4 }),
    decision: fc.constantFrom("shipped", "escalated", "shadowed", "control", "imported"),
    propensity: optional(share),
    cheapModel: optional(text),
    deepModel: optional(text),
    promptHash: optional(text),
    confidence: optional(share),
    cheapMissing: optional(fc.constantFrom(...MISSING_SIDE_REASONS, ...ESCALATION_REASONS)),
    deepMissing: optional(fc.constantFrom(...MISSING_SIDE_REASONS)),
    cheapCostNanoUsd: optional(money),
    deepCostNanoUsd: optional(money),
    cheapLatencyMs: optional(fc.double({ min: 0, max: 1e9, noNaN: true }).map((ms) => ms + 0)),
    deepLatencyMs: optional(fc.double({ min: 0, max: 1e9, noNaN: true }).map((ms) => ms + 0)),
    cheap: outcomes,
    deep: outcomes,
    differs: optional(fc.boolean()),
  });
}

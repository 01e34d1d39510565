import { setImmediate } from "node:timers/promises";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../../cascade/examples.fixture.ts";
import type { Attempt, ShadowPair } from "../../cascade/receipt.ts";
import type { Grade } from "../../ledger/records/evidence.ts";
import { createRandom } from "../../support/random.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import { createModelLabel } from "./model-label.ts";
import { createTrafficMetrics } from "./traffic-metrics.ts";

test("a seeded stream of everything that is booked gives the golden scrape", async () => {
  const registry = new Registry();
  const observer = createTrafficMetrics({
    registry,
    modelLabel: createModelLabel(new Set(["claude-haiku-4-5", "claude-opus-4-7"])),
    routes: ["support", "quiet"],
    routeOf: async (requestId) => (requestId.endsWith("3") ? "support" : null),
    commitTimeoutMs: 2_000,
  });
  const stream = createStream();
  for (let index = 0; index < 500; index += 1) {
    const entries = stream.next(index);
    observer.appending(entries);
    observer.appended?.(entries, stream.waitMs());
    // What has to ask the ledger is counted a little later.
    await setImmediate();
  }
  await expect(await registry.metrics()).toMatchFileSnapshot("golden/seeded-traffic.txt");
});

/** Values that are no round binary numbers, so that sums in another order would be seen. */
function createStream(): {
  readonly next: (index: number) => readonly LedgerEntry[];
  readonly waitMs: () => number;
} {
  const random = createRandom("a stream of receipts");
  const pick = <Item>(first: Item, ...others: readonly Item[]): Item =>
    others[Math.floor(random() * (others.length + 1))] ?? first;
  const attempt = (index: number, role: Attempt["role"]): Attempt =>
    exampleAttempt({
      index,
      role,
      model: pick("claude-haiku-4-5", "claude-haiku-4-5-20251001", "claude-opus-4-7", "made-up"),
      outcome: pick("completed", "aborted", "http_error"),
      startedAfterMs: random() * 50,
      latencyMs: 10 ** (random() * 6),
      costNanoUsd: pick(null, 0n, 1_500_000n, 333_333n),
      tokens: {
        inputTokens: Math.floor(random() * 5_000),
        cacheReadTokens: pick(0, 900),
        cacheWrite5mTokens: pick(0, 70),
        cacheWrite1hTokens: pick(0, 8),
        outputTokens: Math.floor(random() * 300),
      },
    });
  const request = (id: string): LedgerEntry => {
    const decision = pick("shipped", "escalated", "bypassed", "shadowed", "abandoned");
    const roles = pick<readonly Attempt["role"][]>(
      ["triage"],
      ["triage", "answer"],
      ["answer", "shadow_triage"],
      [],
    );
    const record = exampleRecord({
      id,
      decision,
      kind: pick("messages", "messages", "messages", "other"),
      route: pick("support", "support", "other route", null),
      reason: decision === "escalated" ? pick("low_confidence", "null_answer", null) : "tools",
      status: pick(200, 200, 200, 400, 499, 500, 529),
      confidence: pick(null, 0, 0.1, 0.85, random(), 1),
      isStreaming: pick(true, false),
      firstByteMs: pick(null, random() * 9_000),
      latencyMs: 10 ** (random() * 6),
      attempts: roles.map((role, index) => attempt(index, role)),
      allDeepNanoUsd: pick(null, 7_000_001n),
      allDeepBasis: pick(null, "measured", "estimated"),
    });
    return { kind: "request", record };
  };
  const pair = (requestId: string): LedgerEntry => ({
    kind: "pair",
    pair: {
      ...{ requestId, route: pick("support", "quiet"), routeVersion: "v", createdAtMs: 0 },
      cheap: side(pick(null, null, "pending", "over_budget", "other_side_missing")),
      deep: side(pick(null, null, "pending", "failed", "other_side_missing")),
    },
  });
  const grade = (itemId: string): LedgerEntry => ({
    kind: "grade",
    grade: {
      ...{ id: `g_${itemId}`, itemId, tier: 0, grader: "judge:claude-opus-4-7", createdAtMs: 0 },
      by: pick<Grade["by"]>("judge", "human", "agreement"),
      outcome: pick<Grade["outcome"]>("right", "wrong", "cannot_tell"),
      isRepeat: pick(false, false, true),
      note: null,
      retractedAtMs: null,
    },
  });
  const late = (requestId: string): readonly LedgerEntry[] => {
    const entry: LedgerEntry = {
      ...{ kind: "attempt", requestId },
      attempt: attempt(200, pick("shadow_answer", "judge", "candidate")),
    };
    return pick([entry], [entry, pair(requestId)]);
  };
  return {
    waitMs: () => random() * 5_000,
    next: (index) => {
      const id = `req_${String(index)}`;
      return pick<() => readonly LedgerEntry[]>(
        () => [request(id)],
        () => [request(id), pair(id)],
        () => [request(id), request(`${id}b`)],
        () => late(id),
        () => [grade(id)],
      )();
    },
  };
}

function side(missing: ShadowPair["cheap"]["missing"]): ShadowPair["cheap"] {
  return { attempt: missing === null ? 0 : null, missing, model: null, confidence: null };
}

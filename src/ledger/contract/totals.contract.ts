import fc from "fast-check";
import { expect, test } from "vitest";
import type { Attempt, RequestRecord } from "../../cascade/receipt.ts";
import type { AttemptRole } from "../../cascade/words.ts";
import type { Ledger } from "../ledger.ts";
import type { BackgroundSpend, TotalsRow, TrafficSum } from "../records/traffic-sum.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import {
  HOUR_MS,
  START_MS,
  anyAttempt,
  anyRecord,
  attemptOf,
  recordOf,
  requestEntry,
} from "./records.fixture.ts";

/** A record and the attempts that end after it was written. */
const anyLife = fc.record({ record: anyRecord, late: fc.array(anyAttempt, { maxLength: 2 }) });

/** Totals are the sum of receipts, whatever came when. */
export function describeTotals(makePlace: MakePlace): void {
  test("totals and background spend are the exact sum of the receipts", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyLife, { minLength: 1, maxLength: 12 }), (lives) =>
        withLedger(makePlace, async (ledger) => {
          const records = lives.map(({ record, late }) => ({
            record: { ...record, id: `req_${String(count++)}` },
            late: late.map((attempt, i) => ({ ...attempt, index: record.attempts.length + i })),
          }));
          await Promise.all(records.map(({ record, late }) => live(ledger, record, late)));
          const receipts = records.map(({ record, late }) => withLate(record, late));
          expect(byName(await ledger.totals({}))).toEqual(byName(sumOf(receipts)));
          for (const route of ["support", "search", ""]) {
            for (const whose of ["all", "judge"] as const) {
              expect(await ledger.backgroundSpend(route, START_MS + HOUR_MS, whose)).toEqual(
                backgroundOf(receipts, route, START_MS + HOUR_MS, whose),
              );
            }
          }
        }),
      ),
      { numRuns: 25 },
    );
  });

  test("unpriced and estimated requests are counted once each, however many attempts are", () =>
    withLedger(makePlace, async (ledger) => {
      const unpriced = { costNanoUsd: null, priceSource: null, isEstimated: true };
      await ledger.append([
        requestEntry(recordOf("req_1", { attempts: [attemptOf(0), attemptOf(1, unpriced)] })),
        requestEntry(recordOf("req_2")),
      ]);
      const flagged = { unpricedRequests: 1, estimatedRequests: 1, requests: 2 };
      expect(await ledger.totals({})).toMatchObject([flagged]);
      await addLate(ledger, "req_1", attemptOf(2, unpriced));
      expect(await ledger.totals({})).toMatchObject([flagged]);
      await addLate(ledger, "req_2", attemptOf(1, unpriced));
      await addLate(ledger, "req_2", attemptOf(2, unpriced));
      expect(await ledger.totals({})).toMatchObject([
        { unpricedRequests: 2, estimatedRequests: 2, requests: 2 },
      ]);
    }));

  test("a late attempt is booked in the hour of its request", () =>
    withLedger(makePlace, async (ledger) => {
      await ledger.append([
        requestEntry(recordOf("req_1", { startedAtMs: START_MS + HOUR_MS - 1 })),
        requestEntry(recordOf("req_2", { startedAtMs: START_MS + HOUR_MS })),
      ]);
      await addLate(ledger, "req_1", attemptOf(1, { role: "shadow_answer", costNanoUsd: 7n }));
      expect(await ledger.totals({})).toMatchObject([
        { hourMs: START_MS, costNanoUsd: 1_572_007n, comparableCostNanoUsd: 1_572_007n },
        { hourMs: START_MS + HOUR_MS, costNanoUsd: 1_572_000n },
      ]);
      expect(await ledger.backgroundSpend("support", START_MS + HOUR_MS)).toEqual(nothingSpent());
      await addLate(ledger, "req_1", attemptOf(2, { role: "judge", costNanoUsd: 5n }));
      expect(await ledger.backgroundSpend("support", START_MS + 5)).toEqual({
        costNanoUsd: 12n,
        unpricedAttempts: 0,
      });
      expect(await ledger.backgroundSpend("support", START_MS + 5, "judge")).toEqual({
        costNanoUsd: 5n,
        unpricedAttempts: 0,
      });
    }));

  test("a filter takes whole hours and one route", () =>
    withLedger(makePlace, async (ledger) => {
      const at = (hour: number, route: string): RequestRecord =>
        recordOf(`${route}${String(hour)}`, { startedAtMs: START_MS + hour * HOUR_MS, route });
      const records = [0, 1, 2].flatMap((hour) => [at(hour, "support"), at(hour, "search")]);
      await ledger.append(records.map(requestEntry));
      const hoursOf = async (filter: Parameters<Ledger["totals"]>[0]): Promise<number[]> =>
        (await ledger.totals(filter)).map(({ hourMs }) => (hourMs - START_MS) / HOUR_MS);
      expect(await hoursOf({})).toEqual([0, 0, 1, 1, 2, 2]);
      expect(await hoursOf({ route: "search" })).toEqual([0, 1, 2]);
      expect(await hoursOf({ fromMs: START_MS + HOUR_MS + 1, route: "search" })).toEqual([1, 2]);
      expect(await hoursOf({ toMs: START_MS + HOUR_MS, route: "search" })).toEqual([0]);
      expect(await hoursOf({ toMs: START_MS + HOUR_MS + 1, route: "search" })).toEqual([0, 1]);
      expect(await hoursOf({ route: "nobody" })).toEqual([]);
    }));

  test("sums over any time are those of its hours, and so is what was spent", async () => {
    const anyHour = fc.integer({ min: -1, max: 80 });
    const record = fc.record({ hour: fc.integer({ min: 0, max: 79 }), record: anyRecord });
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 25 }),
        fc.array(fc.tuple(anyHour, anyHour, fc.constantFrom("support", null)), { minLength: 6 }),
        (drawn, spans) =>
          withLedger(makePlace, async (ledger) => {
            const entries = drawn.map(({ hour, record: own }, index) =>
              requestEntry({
                ...own,
                id: `req_${String(index)}`,
                startedAtMs: START_MS + hour * HOUR_MS,
              }),
            );
            await ledger.append(entries);
            for (const [from, to, route] of [[null, null, null] as const, ...spans]) {
              const filter = {
                ...(from === null ? {} : { fromMs: START_MS + from * HOUR_MS + 1 }),
                ...(to === null ? {} : { toMs: START_MS + to * HOUR_MS + 1 }),
                ...(route === null ? {} : { route }),
              };
              const hours = await ledger.totals(filter);
              expect(byName(await ledger.trafficSums(filter))).toEqual(byName(overHours(hours)));
            }
            for (const [hour] of spans) {
              const sinceMs = START_MS + hour * HOUR_MS;
              const receipts = entries.flatMap((entry) =>
                entry.kind === "request" ? [entry.record] : [],
              );
              expect(await ledger.backgroundSpend("support", sinceMs)).toEqual(
                backgroundOf(receipts, "support", sinceMs, "all"),
              );
            }
          }),
      ),
      { numRuns: 25 },
    );
  });

  test("an empty ledger has no totals and no spend", () =>
    withLedger(makePlace, async (ledger) => {
      expect(await ledger.totals({})).toEqual([]);
      expect(await ledger.trafficSums({})).toEqual([]);
      expect(await ledger.backgroundSpend("support", 0)).toEqual(nothingSpent());
    }));
}

async function live(
  ledger: Ledger,
  record: RequestRecord,
  late: readonly Attempt[],
): Promise<void> {
  await ledger.append([requestEntry(record)]);
  for (const attempt of late) await addLate(ledger, record.id, attempt);
}

function addLate(ledger: Ledger, requestId: string, attempt: Attempt): Promise<void> {
  return ledger.append([{ kind: "attempt", requestId, attempt }]);
}

function withLate(record: RequestRecord, late: readonly Attempt[]): RequestRecord {
  return { ...record, attempts: [...record.attempts, ...late] };
}

function sumOf(receipts: readonly RequestRecord[]): readonly TotalsRow[] {
  const groups = Map.groupBy(receipts, (receipt) => JSON.stringify(keyOf(receipt)));
  return [...groups.values()].map(sumOfGroup);
}

function keyOf(receipt: RequestRecord): Pick<TotalsRow, "hourMs" | "route" | "task" | "mode"> & {
  decision: string;
  reason: string | null;
} {
  const { route, task, mode, decision, reason, startedAtMs } = receipt;
  return { route, task, mode, decision, reason, hourMs: startedAtMs - (startedAtMs % HOUR_MS) };
}

function sumOfGroup(receipts: readonly RequestRecord[]): TotalsRow {
  const [first] = receipts;
  if (first === undefined) throw new Error("a group has members");
  const comparable = receipts.filter(({ allDeepNanoUsd }) => allDeepNanoUsd !== null);
  const count = (holds: (receipt: RequestRecord) => boolean): number =>
    receipts.filter(holds).length;
  return {
    ...keyOf(first),
    requests: receipts.length,
    unpricedRequests: count(({ attempts }) => attempts.some((a) => a.costNanoUsd === null)),
    estimatedRequests: count(({ attempts }) => attempts.some((a) => a.isEstimated)),
    costNanoUsd: total(receipts.map(costOf)),
    allDeepNanoUsd: total(comparable.map((receipt) => receipt.allDeepNanoUsd)),
    allDeepRequests: comparable.length,
    comparableCostNanoUsd: total(comparable.map(costOf)),
    measuredAllDeepRequests: count(({ allDeepBasis }) => allDeepBasis === "measured"),
    backgroundCostNanoUsd: total(
      receipts
        .flatMap((receipt) => receipt.attempts)
        .filter(({ role }) => role === "judge" || isBackground(role))
        .map((attempt) => attempt.costNanoUsd),
    ),
    // A sum of fractions depends on their order in the last digits.
    latencyMsSum: expect.closeTo(
      receipts.reduce((sum, { latencyMs }) => sum + latencyMs, 0),
      3,
    ),
  };
}

function backgroundOf(
  receipts: readonly RequestRecord[],
  route: string,
  sinceMs: number,
  whose: "all" | "judge",
): BackgroundSpend {
  const attempts = receipts
    .filter((receipt) => receipt.route === route && receipt.startedAtMs >= sinceMs)
    .flatMap((receipt) => receipt.attempts)
    .filter(({ role }) => role === "judge" || (whose === "all" && isBackground(role)));
  return {
    costNanoUsd: total(attempts.map(({ costNanoUsd }) => costNanoUsd)),
    unpricedAttempts: attempts.filter(({ costNanoUsd }) => costNanoUsd === null).length,
  };
}

function isBackground(role: AttemptRole): boolean {
  return role === "candidate" || role.startsWith("shadow_");
}

function nothingSpent(): BackgroundSpend {
  return { costNanoUsd: 0n, unpricedAttempts: 0 };
}

function costOf(receipt: RequestRecord): bigint {
  return total(receipt.attempts.map(({ costNanoUsd }) => costNanoUsd));
}

function total(amounts: readonly (bigint | null)[]): bigint {
  return amounts.reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n);
}

/** Adds up rows of the same words, number by number. */
function overHours(rows: readonly TotalsRow[]): readonly TrafficSum[] {
  const groups = Map.groupBy(
    rows.map(({ hourMs: _, ...sums }): TrafficSum => sums),
    nameOf,
  );
  const added = [...groups.values()].map((group) =>
    group.reduce((sum, row) => ({
      ...sum,
      requests: sum.requests + row.requests,
      unpricedRequests: sum.unpricedRequests + row.unpricedRequests,
      estimatedRequests: sum.estimatedRequests + row.estimatedRequests,
      costNanoUsd: sum.costNanoUsd + row.costNanoUsd,
      allDeepNanoUsd: sum.allDeepNanoUsd + row.allDeepNanoUsd,
      allDeepRequests: sum.allDeepRequests + row.allDeepRequests,
      comparableCostNanoUsd: sum.comparableCostNanoUsd + row.comparableCostNanoUsd,
      measuredAllDeepRequests: sum.measuredAllDeepRequests + row.measuredAllDeepRequests,
      latencyMsSum: sum.latencyMsSum + row.latencyMsSum,
      backgroundCostNanoUsd: sum.backgroundCostNanoUsd + row.backgroundCostNanoUsd,
    })),
  );
  return added.map((sum) => ({ ...sum, latencyMsSum: expect.closeTo(sum.latencyMsSum, 3) }));
}

function byName<Row extends TrafficSum>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

/** The words of a sum, behind its hour where it has one. */
function nameOf({ hourMs, ...sum }: TrafficSum & { readonly hourMs?: number }): string {
  const { route, task, mode, decision, reason } = sum;
  return JSON.stringify([hourMs, route, task, mode, decision, reason]);
}

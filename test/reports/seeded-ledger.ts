import { join } from "node:path";
import { openLedger } from "../../src/compose/open-ledger.ts";
import type { Attempt } from "../../src/cascade/receipt.ts";
import { createFakeFolder, type FakeFolder } from "../../src/cli/fake-run.fixture.ts";
import { evidenceEntry, evidenceOf } from "../../src/ledger/contract/evidence.fixture.ts";
import { attemptOf, recordOf, requestEntry } from "../../src/ledger/contract/records.fixture.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { Evidence, Outcome, Outcomes } from "../../src/ledger/records/evidence.ts";
import { systemClock } from "../../src/support/clock.ts";

/** Reports of the seeded ledger are made at this time. */
export const REPORT_MS: number = Date.UTC(2026, 10, 20, 14, 5);

const HOUR_MS = 3_600_000;

const SETTINGS = {
  routes: [
    {
      name: "search",
      tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
      threshold: 0.9,
      mode: "live",
    },
    { name: "support", tiers: ["claude-haiku-4-5", "claude-opus-4-7"], threshold: 0.8 },
  ],
};

const PROMISES = {
  search: { target: "selective", atMost: "10%", confidence: "90%" },
  support: { target: "joint", atMost: "5%", confidence: "95%" },
};

/**
 * A folder with two routes and some eight hundred requests, the same each time: `support` in shadow
 * with labels over all confidences, refusals, missing sides, a slice that fails and labels that nobody
 * drew; `search` in live with a judge that people checked, near misses, controls and bypasses.
 */
export async function seededFolder(): Promise<FakeFolder> {
  const routes = SETTINGS.routes.map((route) => ({
    ...route,
    guarantee: route.name === "search" ? PROMISES.search : PROMISES.support,
  }));
  return filledFolder({ routes }, [...supportEntries(), ...searchEntries()]);
}

/** The same routes with the first so many requests of one of them, or with nothing. */
export async function sparseFolder(
  requests: number,
  { isSimulated }: { readonly isSimulated: boolean } = { isSimulated: false },
): Promise<FakeFolder> {
  const entries = supportEntries().slice(0, 2 * requests);
  return filledFolder(SETTINGS, isSimulated ? entries.map(asSimulated) : entries);
}

function asSimulated(entry: LedgerEntry): LedgerEntry {
  if (entry.kind !== "request") return entry;
  const attempts = entry.record.attempts.map((attempt) => ({ ...attempt, isSimulated: true }));
  return { ...entry, record: { ...entry.record, attempts } };
}

async function filledFolder(
  settings: object,
  entries: readonly LedgerEntry[],
): Promise<FakeFolder> {
  const folder = createFakeFolder(settings);
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  await ledger.append(entries);
  await ledger.close();
  return folder;
}

const STATED = [0.95, 0.9, 0.95, 0.6, 0.8, 0.9, 0.95, 0.4, 0.85, 0.7] as const;
const TASKS = ["refund", "greeting", "refund", "legal", null, "refund", "greeting"] as const;

/** Two entries an item: the request and what it teaches. */
function supportEntries(): readonly LedgerEntry[] {
  return range(420).flatMap((index) => {
    const task = TASKS[index % TASKS.length] ?? null;
    const confidence = STATED[index % STATED.length] ?? 0.5;
    const isTable = index % 9 === 4;
    const isWrong =
      index % 61 === 0 || (isTable && index % 2 === 0) || (confidence < 0.75 && index % 4 === 3);
    const cheapMissing =
      index % 33 === 7 ? "triage_refused" : index % 70 === 9 ? "triage_timeout" : null;
    const deepMissing = index % 29 === 11 ? "over_budget" : null;
    const isLooked = index % 100 === 50;
    const cheap = isLooked
      ? index % 200 === 50
        ? "disputed"
        : "cannot_tell"
      : rightUnless(isWrong);
    const common = {
      createdAtMs: REPORT_MS - 60 * HOUR_MS + index * 8 * 60_000,
      route: "support",
      task,
      inputClasses: isTable ? ["length:long", "has:table"] : ["length:short"],
    };
    const facts: Partial<Evidence> = {
      ...common,
      confidence: cheapMissing === null ? confidence : null,
      ...{ cheapMissing, deepMissing },
      propensity: index % 60 === 59 ? null : 1,
      cheap: cheapMissing === null ? labelled(cheap) : UNGRADED,
      deep: deepMissing === null ? labelled(rightUnless(index % 47 === 3)) : UNGRADED,
      differs: cheapMissing !== null || deepMissing !== null ? null : isWrong || index % 11 === 0,
    };
    const id = `support_${String(index).padStart(3, "0")}`;
    const attempts = [
      deepAttempt(0, 900 + ((index * 37) % 800)),
      cheapAttempt(1, "shadow_triage", facts),
    ];
    return [
      requestOf(id, "shadowed", { ...common, attempts }),
      evidenceEntry(evidenceOf(id, facts)),
    ];
  });
}

function searchEntries(): readonly LedgerEntry[] {
  return range(400).flatMap((index) => {
    const kind = index % 20;
    const decision =
      kind < 13 ? "shipped" : kind < 18 ? "escalated" : kind === 18 ? "control" : "bypassed";
    const confidence =
      decision === "shipped" ? (index % 3 === 0 ? 0.98 : 0.92) : 0.85 - (index % 2) * 0.35;
    const common = {
      createdAtMs: REPORT_MS - 50 * HOUR_MS + index * 7 * 60_000,
      route: "search",
      task: "lookup",
      inputClasses: ["length:short"],
    };
    const id = `search_${String(index).padStart(3, "0")}`;
    const cheap = cheapAttempt(0, "triage", { confidence, cheapMissing: null });
    const deep = deepAttempt(
      1,
      700 + ((index * 53) % 900),
      18_000_000n + BigInt((index * 29) % 70) * 100_000n,
    );
    const attempts = {
      shipped: [cheap, ...(index % 2 === 0 ? [{ ...deep, role: "shadow_answer" as const }] : [])],
      escalated: [
        { ...cheap, outcome: "aborted" as const },
        { ...deep, startedAfterMs: 180 + (index % 90) },
      ],
      control: [{ ...deep, index: 0 }],
      bypassed: [{ ...deep, index: 0, costNanoUsd: index % 40 === 19 ? null : deep.costNanoUsd }],
    }[decision];
    const request = requestOf(id, decision, { ...common, attempts });
    if (decision !== "shipped" || index % 2 === 1) return [request];
    const isWrong = index % 34 === 0;
    const judge = isWrong && index % 4 === 0 ? "right" : rightUnless(isWrong || index % 50 === 6);
    const human = index % 3 === 0 || index % 5 === 0 ? rightUnless(isWrong) : null;
    const facts: Partial<Evidence> = {
      ...common,
      ...{ confidence, decision, propensity: 0.5 },
      cheap: { label: null, human, judge },
      deep: { label: null, human: human === null ? null : "right", judge: "right" },
      deepCostNanoUsd: deep.costNanoUsd,
      differs: isWrong || index % 5 === 0,
    };
    return [request, evidenceEntry(evidenceOf(id, facts))];
  });
}

const UNGRADED: Outcomes = { label: null, human: null, judge: null };

function labelled(label: Outcome): Outcomes {
  return { ...UNGRADED, label };
}

function rightUnless(isWrong: boolean): "right" | "wrong" {
  return isWrong ? "wrong" : "right";
}

function requestOf(
  id: string,
  decision: "shadowed" | "shipped" | "escalated" | "control" | "bypassed",
  {
    createdAtMs,
    route,
    task,
    inputClasses,
    attempts,
  }: Pick<Evidence, "createdAtMs" | "route" | "task" | "inputClasses"> & {
    attempts: readonly Attempt[];
  },
): LedgerEntry {
  const waited = attempts.filter(({ role }) => role === "triage" || role === "answer");
  const endMs = waited.map(({ startedAfterMs, latencyMs }) => startedAfterMs + latencyMs);
  const isBypassed = decision === "bypassed";
  return requestEntry(
    recordOf(id, {
      ...{ route, task, inputClasses, decision, attempts },
      startedAtMs: createdAtMs,
      mode: decision === "shadowed" ? "shadow" : "live",
      reason: isBypassed ? "tools" : decision === "escalated" ? "low_confidence" : null,
      tier: decision === "shipped" ? 0 : 1,
      latencyMs: Math.max(...endMs) + 3,
      allDeepNanoUsd: decision === "shipped" ? 21_000_000n : DEEP_NANO_USD,
      allDeepBasis: decision === "shipped" ? "estimated" : "measured",
    }),
  );
}

const DEEP_NANO_USD = 22_000_000n;

function deepAttempt(
  index: number,
  latencyMs: number,
  costNanoUsd: bigint = DEEP_NANO_USD,
): Attempt {
  return attemptOf(index, {
    ...{ role: "answer", tier: 1, model: "claude-opus-4-7", reportedModel: "claude-opus-4-7" },
    ...{ latencyMs, costNanoUsd, confidence: null, threshold: null },
    promptHash: null,
  });
}

function cheapAttempt(
  index: number,
  role: "triage" | "shadow_triage",
  { confidence = null, cheapMissing = null }: Partial<Evidence>,
): Attempt {
  const failureCode = cheapMissing === "triage_timeout" ? "triage_timeout" : null;
  return attemptOf(index, {
    ...{ role, confidence, failureCode, reportedModel: "claude-haiku-4-5" },
    stopReason: cheapMissing === "triage_refused" ? "refusal" : "end_turn",
    outcome: failureCode === null ? "completed" : "aborted",
    latencyMs: 240 + (index + Math.round((confidence ?? 0.5) * 100)) * 3,
  });
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

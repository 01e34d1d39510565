import { join } from "node:path";
import type { Attempt, Draw } from "../../src/cascade/receipt.ts";
import { createFakeFolder, type FakeFolder } from "../../src/cli/fake-run.fixture.ts";
import { openLedger } from "../../src/compose/open-ledger.ts";
import { evidenceEntry, evidenceOf } from "../../src/ledger/contract/evidence.fixture.ts";
import { attemptOf, recordOf, requestEntry } from "../../src/ledger/contract/records.fixture.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { Outcome, Outcomes } from "../../src/ledger/records/evidence.ts";
import { systemClock } from "../../src/support/clock.ts";
import { REPORT_MS } from "./seeded-ledger.ts";

const USERS = 200;
const REQUESTS = 5;

/**
 * A live route with 200 users of five requests each, of whom every fifth is in control as configured:
 * of every user of the cascade one request escalates and of one that ships the deep model is asked as
 * well. Every answer has a label, and a few are wrong.
 *
 * @param controlEvery every so many users are in control; another number than 5 is not as configured
 */
export async function experimentFolder(controlEvery = 5): Promise<FakeFolder> {
  const folder = createFakeFolder({
    routes: [
      {
        name: "support",
        tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
        threshold: 0.8,
        mode: "live",
        sampling: { control: "20%", shadow: "25%" },
      },
      { name: "quiet", tiers: ["claude-haiku-4-5", "claude-opus-4-7"], threshold: 0.8 },
    ],
  });
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  await ledger.append(
    range(USERS).flatMap((user) =>
      range(REQUESTS).flatMap((request) => entriesOf(user, request, user % controlEvery === 0)),
    ),
  );
  await ledger.close();
  return folder;
}

function entriesOf(user: number, request: number, isControl: boolean): readonly LedgerEntry[] {
  const index = user * REQUESTS + request;
  const decision = isControl ? "control" : request === 4 ? "escalated" : "shipped";
  const isPaired = decision === "shipped" && request === 0;
  const cheap = attemptOf(0, { latencyMs: 300 + ((index * 7) % 90), costNanoUsd: 1_500_000n });
  const deep = attemptOf(1, {
    ...{ role: "answer", tier: 1, model: "claude-opus-4-7", reportedModel: "claude-opus-4-7" },
    ...{ latencyMs: 900 + ((index * 13) % 700), confidence: null, threshold: null },
    ...{ costNanoUsd: 20_000_000n + BigInt(user % 7) * 1_000_000n, promptHash: null },
  });
  const attempts: readonly Attempt[] = {
    control: [{ ...deep, index: 0 }],
    escalated: [{ ...cheap, outcome: "aborted" as const }, deep],
    shipped: isPaired ? [cheap, { ...deep, role: "shadow_answer" as const }] : [cheap],
  }[decision];
  const draws: readonly Draw[] = [
    { purpose: "control", propensity: 0.2, isChosen: isControl, unit: `user${String(user)}` },
    ...(decision === "shipped"
      ? [{ purpose: "shadow" as const, propensity: 0.25, isChosen: isPaired }]
      : []),
  ];
  const waited = attempts.filter(({ role }) => role !== "shadow_answer");
  const id = `req_${String(index).padStart(4, "0")}`;
  const common = {
    route: "support",
    task: user % 3 === 0 ? "refund" : "greeting",
    inputClasses: [request % 2 === 0 ? "length:short" : "length:long"],
  };
  const at = REPORT_MS - 40 * 3_600_000 + index * 60_000;
  const isUnanswered = index % 97 === 13;
  return [
    requestEntry(
      recordOf(id, {
        ...common,
        ...{ decision, draws, attempts, startedAtMs: at, mode: "live" },
        tier: decision === "shipped" ? 0 : 1,
        threshold: isControl ? null : 0.8,
        status: isUnanswered ? 529 : 200,
        latencyMs: waited.reduce((sum, { latencyMs }) => sum + latencyMs, 4),
      }),
    ),
    evidenceEntry(
      evidenceOf(id, {
        ...common,
        ...{ decision, createdAtMs: at },
        propensity: isPaired ? 0.25 : null,
        cheapMissing: isControl ? "not_sampled" : null,
        deepMissing: decision === "shipped" && !isPaired ? "not_sampled" : null,
        cheap: decision === "shipped" ? labelled(cheapLabel(index)) : UNGRADED,
        deep: decision === "shipped" && !isPaired ? UNGRADED : labelled(deepLabel(index)),
      }),
    ),
  ];
}

function cheapLabel(index: number): Outcome {
  if (index % 150 === 5) return "disputed";
  return index % 25 === 5 ? "wrong" : "right";
}

function deepLabel(index: number): Outcome {
  return index % 45 === 10 ? "wrong" : "right";
}

const UNGRADED: Outcomes = { label: null, human: null, judge: null };

function labelled(label: Outcome): Outcomes {
  return { ...UNGRADED, label, judge: label === "disputed" ? "right" : label };
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

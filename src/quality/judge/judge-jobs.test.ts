import { expect, test } from "vitest";
import { createCatalogue } from "../../catalogue/catalogue.ts";
import { evidenceOf } from "../../ledger/contract/evidence.fixture.ts";
import { attemptOf, recordOf } from "../../ledger/contract/records.fixture.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { createManualClock } from "../../support/clock.ts";
import type { JobResult } from "../jobs/job-handler.ts";
import { createJudgeJobs, type JudgedRoute } from "./judge-jobs.ts";

const ROUTE: JudgedRoute = {
  judge: {
    model: "claude-sonnet-4-6",
    provider: "own",
    share: 1,
    usdPerDay: 10,
    maxConcurrent: 1,
  },
  arms: ["claude-haiku-4-5", "claude-opus-4-7"],
  comparesByJudge: false,
  backgroundUsdPerDay: 50,
};

const JUDGED = JSON.stringify({ first: "right", second: "right", agreement: "same" });

/** Runs one job of an item with both answers, and counts how often the judge was asked. */
async function judge(options: {
  readonly reportedModel?: string;
  readonly evidence?: Parameters<typeof evidenceOf>[1];
  readonly spentNanoUsd?: bigint;
  readonly unpriced?: number;
}): Promise<{ readonly result: JobResult; readonly asked: number }> {
  const { reportedModel = "claude-sonnet-4-6", spentNanoUsd = 0n, unpriced = 0 } = options;
  const side = { missing: null, model: null, confidence: null };
  const message = (text: string): object => ({
    ...{ id: "msg", type: "message", role: "assistant", model: reportedModel, usage: {} },
    ...{ content: [{ type: "text", text }], stop_reason: "end_turn", stop_sequence: null },
    usage: { input_tokens: 1, output_tokens: 1 },
  });
  const bodies: Readonly<Record<string, object>> = {
    request: { model: "x", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] },
    "answer:0": message("deep"),
    "answer:1": message('{"confidence":0.9,"answer":"cheap"}'),
  };
  const ledger: Pick<
    Ledger,
    "request" | "evidenceOf" | "pair" | "routeVersion" | "body" | "backgroundSpend"
  > = {
    request: () => Promise.resolve(recordOf("item", { attempts: ATTEMPTS })),
    evidenceOf: () => Promise.resolve([evidenceOf("item", options.evidence)]),
    pair: () =>
      Promise.resolve({
        ...{ requestId: "item", route: "support", routeVersion: "v", createdAtMs: 0 },
        cheap: { ...side, attempt: 1 },
        deep: { ...side, attempt: 0 },
      }),
    routeVersion: () => Promise.resolve(VERSION),
    body: (_id, part) => Promise.resolve(Buffer.from(JSON.stringify(bodies[part] ?? null), "utf8")),
    backgroundSpend: (_route, _sinceMs, whose) =>
      Promise.resolve({
        costNanoUsd: whose === "judge" ? spentNanoUsd : 0n,
        unpricedAttempts: whose === "judge" ? unpriced : 0,
      }),
  };
  let asked = 0;
  const handler = createJudgeJobs({
    ledger,
    routes: new Map([["support", ROUTE]]),
    callModel: ({ attemptIndex }) => {
      asked += 1;
      const attempt = attemptOf(attemptIndex, { role: "judge", reportedModel });
      return Promise.resolve({
        attempt,
        message: { ...message(JUDGED), content: [{ type: "text", text: JUDGED }] } as never,
      });
    },
    catalogue: createCatalogue(),
    clock: createManualClock(5),
    salt: "salt",
  });
  const job = {
    ...{ id: "judge:item:0", kind: "judge", route: "support", itemId: "item" },
    ...{
      payload: JSON.stringify({ tier: options.evidence?.tier ?? 0 }),
      createdAtMs: 0,
      dueAtMs: 0,
      tries: 1,
      lastError: null,
    },
    state: "waiting" as const,
  };
  return { result: await handler.run(job, new AbortController().signal), asked };
}

const ATTEMPTS = [
  attemptOf(0, { role: "answer", tier: 1, model: "claude-opus-4-7", reportedModel: null }),
  attemptOf(1, { role: "candidate", tier: 101, model: "claude-sonnet-5-5", reportedModel: null }),
];

const VERSION = {
  id: "v",
  createdAtMs: 0,
  route: {
    ...{ name: "support", matchModel: null, tiers: [], mode: "shadow" as const },
    protocol: { kind: "envelope" as const },
    sampling: { triage: 1, shadow: 0, grade: 0, control: 0, band: 0 },
    limits: { triageTimeoutMs: 1, backgroundUsdPerDay: null },
    ...{ allowTools: false, requireCertificate: false, bodies: "all" as const },
  },
};

const BLIND = { tier: 0, deepTier: 1, cheapModel: null, deepModel: null };

test("a judgement becomes one grade for each answer, booked with its call", async () => {
  const { result } = await judge({ evidence: BLIND });
  expect(result).toMatchObject({
    state: "done",
    entries: [
      { kind: "attempt", requestId: "item", attempt: { role: "judge" } },
      { kind: "grade", grade: { id: "grade:judge:item:0:cheap", tier: 0, outcome: "right" } },
      { kind: "grade", grade: { id: "grade:judge:item:0:deep", tier: 1, outcome: "right" } },
    ],
  });
});

test("of a candidate it grades that answer alone, and takes a number of its own", async () => {
  const { result } = await judge({ evidence: { ...BLIND, tier: 101 } });
  expect(result).toMatchObject({
    entries: [{ attempt: { index: 341 } }, { kind: "grade", grade: { tier: 101 } }],
  });
  expect(result.entries).toHaveLength(2);
});

test("a judge that upstream says is an arm is a missing grade, and its call is booked", async () => {
  const { result } = await judge({
    evidence: BLIND,
    reportedModel: "claude-haiku-4-5-20251001",
  });
  expect(result).toMatchObject({
    state: "failed",
    error: "judge_is_arm",
    mayRetry: false,
    entries: [{ kind: "attempt" }],
  });
});

test("a judge is not asked about answers of its own model", async () => {
  const evidence = { ...BLIND, deepModel: "claude-sonnet-4-6" };
  expect(await judge({ evidence })).toMatchObject({
    result: { error: "judge_is_arm", entries: [] },
    asked: 0,
  });
});

test.each([
  ["its cap is reached", { spentNanoUsd: 10_000_000_000n }],
  ["a call of the day has no price", { unpriced: 1 }],
])("a judge is not asked when %s", async (_, spent) => {
  expect(await judge({ evidence: BLIND, ...spent })).toMatchObject({
    result: { error: "over_budget", mayRetry: false },
    asked: 0,
  });
});

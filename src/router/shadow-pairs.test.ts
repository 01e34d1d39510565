import { describe, expect, test } from "vitest";
import { createCatalogue } from "../catalogue/catalogue.ts";
import { exampleAttempt, exampleParsed, exampleRoute } from "../cascade/examples.fixture.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import type { Attempt } from "../cascade/receipt.ts";
import { ATTEMPT_OUTCOMES, type MissingSideReason } from "../cascade/words.ts";
import { DEFAULT_TIMEOUTS } from "../providers/provider.ts";
import { createManualClock } from "../support/clock.ts";
import { createBackgroundCalls, DEFAULT_BACKGROUND_LIMITS } from "./background-calls.ts";
import { ClientResponse } from "./client-response.ts";
import { createCommitter } from "./committer.ts";
import { createGradeShares } from "./grade-shares.ts";
import type { Flight } from "./flight.ts";
import { readOwnHeaders } from "./own-headers.ts";
import { createRecentEscalations } from "./recent-escalations.ts";
import { RecordDraft, type RecordHead } from "./record-draft.ts";
import type { ActiveRoute } from "./route-book.ts";
import { beginPair, isPending, missingSide, sideOf } from "./shadow-pairs.ts";
import { createRepeatClusters } from "./repeat-clusters.ts";
import { createReportedNames } from "./reported-names.ts";
import { createTaskNames } from "./task-names.ts";

const HEAD: RecordHead = {
  id: "lm_1",
  startedAtMs: 0,
  kind: "messages",
  path: "/v1/messages",
  route: "support",
  routeVersion: "fedcba9876543210",
  mode: "live",
  task: null,
  requestedModel: "claude-opus-4-7",
  thresholdVersion: null,
  isStreaming: true,
  requestBytes: 10,
  bodyHash: null,
  inputClasses: [],
};

const ACTIVE: ActiveRoute = {
  route: exampleRoute(),
  versionId: "fedcba9876543210",
  thresholdVersionId: null,
  isCertified: false,
  protocol: createProtocol({ kind: "envelope" }),
};

/** A request of the route, or of none. */
function flightOf(active: ActiveRoute | null): Flight {
  const clock = createManualClock(1_764_000_000_000);
  const arrivedMonotonicMs = clock.monotonicMs();
  const sink = {
    open: () => undefined,
    write: () => true,
    onDrain: () => undefined,
    end: () => undefined,
    destroy: () => undefined,
    onClientGone: () => undefined,
  };
  return {
    environment: {
      routes: { current: () => [] },
      providers: new Map(),
      passthroughProvider: "anthropic",
      timeoutsOf: () => DEFAULT_TIMEOUTS,
      catalogue: createCatalogue(),
      ledger: null,
      committer: createCommitter(null, "serve", 2_000),
      background: createBackgroundCalls(null, clock, DEFAULT_BACKGROUND_LIMITS),
      recentEscalations: createRecentEscalations(clock),
      repeatClusters: createRepeatClusters(),
      reportedNames: createReportedNames(),
      tasks: createTaskNames(),
      clock,
      salt: "salt",
      earlyOpenMs: 15_000,
      observers: [],
      jobsOf: () => [],
      hasOwnCredential: () => false,
      sidesUnderWay: new Set(),
      gradeShares: createGradeShares(createManualClock()),
      stormProbeShare: () => null,
    },
    request: {
      id: "lm_1",
      path: "/v1/messages",
      headers: {},
      wireBytes: Buffer.from("{}"),
      parsed: exampleParsed(),
      arrivedMonotonicMs,
    },
    own: readOwnHeaders({}),
    active,
    isVirtual: false,
    response: new ClientResponse(sink, { clock, arrivedMonotonicMs, isStreaming: true }),
    plan: null,
    draft: new RecordDraft(HEAD, []),
    subject: { user: null, metadataUserId: null, bodyHash: "", requestId: "lm_1" },
    promptBytes: 0,
  };
}

const ENDINGS: readonly [Partial<Attempt>, MissingSideReason | null][] = [
  [{ outcome: "completed", stopReason: "end_turn" }, null],
  [{ outcome: "completed", stopReason: "stop_sequence" }, null],
  [{ outcome: "completed", stopReason: "tool_use" }, null],
  [{ outcome: "completed", stopReason: null }, null],
  [{ outcome: "completed", stopReason: "refusal" }, "refused"],
  [{ outcome: "completed", stopReason: "max_tokens" }, "truncated"],
  [{ outcome: "http_error", stopReason: null }, "http_error"],
  [{ outcome: "stream_error", stopReason: "refusal" }, "stream_error"],
  [{ outcome: "client_left", stopReason: null }, "client_left"],
  [{ outcome: "aborted", stopReason: null }, "failed"],
  [{ outcome: "failed", stopReason: null }, "failed"],
];

describe("the side that an attempt makes", () => {
  test.each(ENDINGS)("of %j is missing: %s", (ending, missing) => {
    expect(sideOf(exampleAttempt({ index: 2, ...ending }))).toEqual({
      attempt: missing === null ? 2 : null,
      missing,
      model: "claude-haiku-4-5-20251001",
      confidence: 0.93,
    });
  });

  test("is known for every outcome there is", () => {
    const covered = new Set(ENDINGS.map(([{ outcome }]) => outcome));
    expect([...covered].sort()).toEqual([...ATTEMPT_OUTCOMES].sort());
  });

  test("names the model that was asked when upstream named none", () => {
    const side = sideOf(exampleAttempt({ reportedModel: null, confidence: null }));
    expect(side).toMatchObject({ model: "claude-haiku-4-5", confidence: null });
  });
});

describe("a pair at its beginning", () => {
  const afterAnswer = (): void => undefined;
  const whole = exampleAttempt({ index: 1 });
  const broken = exampleAttempt({ index: 1, outcome: "failed" });

  test.each(["cheap", "deep"] as const)("has the %s side and waits for the other", (answered) => {
    const pair = beginPair(flightOf(ACTIVE), { answered, afterAnswer }, whole);
    const other = answered === "cheap" ? "deep" : "cheap";
    expect(pair).toEqual({
      requestId: "lm_1",
      route: "support",
      routeVersion: "fedcba9876543210",
      createdAtMs: 1_764_000_000_000,
      [answered]: sideOf(whole),
      [other]: missingSide("pending"),
    });
    expect(isPending(pair)).toBe(true);
  });

  test.each(["cheap", "deep"] as const)("without a %s side fetches no other", (answered) => {
    const pair = beginPair(flightOf(ACTIVE), { answered, afterAnswer }, broken);
    const other = answered === "cheap" ? "deep" : "cheap";
    expect(pair[answered].missing).toBe("failed");
    expect(pair[other]).toEqual(missingSide("other_side_missing"));
    expect(isPending(pair)).toBe(false);
  });

  test("belongs to a route", () => {
    const begin = (): unknown =>
      beginPair(flightOf(null), { answered: "cheap", afterAnswer }, whole);
    expect(begin).toThrow("a pair belongs to a route");
  });
});

import { describe, expect, test } from "vitest";
import { createCatalogue } from "../catalogue/catalogue.ts";
import { exampleAttempt, exampleParsed } from "../cascade/examples.fixture.ts";
import type { Attempt } from "../cascade/receipt.ts";
import { DEFAULT_TIMEOUTS } from "../providers/provider.ts";
import { createManualClock } from "../support/clock.ts";
import { createBackgroundCalls, DEFAULT_BACKGROUND_LIMITS } from "./background-calls.ts";
import { ClientResponse } from "./client-response.ts";
import { createCommitter } from "./committer.ts";
import { decisionHeaders, pendingHeaders } from "./decision-headers.ts";
import { createGradeShares } from "./grade-shares.ts";
import type { Flight } from "./flight.ts";
import { readOwnHeaders } from "./own-headers.ts";
import { createRecentEscalations } from "./recent-escalations.ts";
import { RecordDraft, type RecordHead } from "./record-draft.ts";
import { createRepeatClusters } from "./repeat-clusters.ts";
import { createReportedNames } from "./reported-names.ts";
import { createTaskNames } from "./task-names.ts";

const NOBODY = { tier: null, model: null };

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

interface FlightParts {
  readonly head?: Partial<RecordHead>;
  readonly elapsedMs?: number;
  readonly attempts?: readonly Attempt[];
}

/** A request that has been under way for a while and has made these attempts. */
function flightOf({ head = {}, elapsedMs = 0, attempts = [] }: FlightParts): Flight {
  const clock = createManualClock();
  const arrivedMonotonicMs = clock.monotonicMs();
  clock.advance(elapsedMs);
  const draft = new RecordDraft({ ...HEAD, ...head }, []);
  for (const attempt of attempts) draft.addAttempt(attempt);
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
    active: null,
    isVirtual: false,
    response: new ClientResponse(sink, { clock, arrivedMonotonicMs, isStreaming: true }),
    plan: null,
    draft,
    subject: { user: null, metadataUserId: null, bodyHash: "", requestId: "lm_1" },
    promptBytes: 0,
  };
}

describe("decision headers", () => {
  test("say everything that is known", () => {
    const flight = flightOf({});
    flight.draft.decide("escalated", "low_confidence");
    flight.draft.weigh(0.42, 0.8);
    expect(decisionHeaders(flight, { tier: 1, model: "claude-opus-4-7" })).toEqual({
      "x-leadsman-id": "lm_1",
      "x-leadsman-decision": "escalated",
      "server-timing": "total;dur=0.0",
      "x-leadsman-route": "support",
      "x-leadsman-mode": "live",
      "x-leadsman-reason": "low_confidence",
      "x-leadsman-tier": "1",
      "x-leadsman-model": "claude-opus-4-7",
      "x-leadsman-confidence": "0.42",
      "x-leadsman-threshold": "0.8",
    });
  });

  test("leave out what is not known", () => {
    const flight = flightOf({ head: { route: null, mode: null } });
    expect(decisionHeaders(flight, NOBODY)).toEqual({
      "x-leadsman-id": "lm_1",
      "x-leadsman-decision": "passthrough",
      "server-timing": "total;dur=0.0",
    });
  });

  test("a confidence, a threshold and a tier of 0 are known", () => {
    const flight = flightOf({});
    flight.draft.decide("shipped", null);
    flight.draft.weigh(0, 0);
    expect(decisionHeaders(flight, { tier: 0, model: null })).toMatchObject({
      "x-leadsman-confidence": "0",
      "x-leadsman-threshold": "0",
      "x-leadsman-tier": "0",
    });
  });

  test("of a stream that is opened early the decision is pending, whatever was decided so far", () => {
    const flight = flightOf({});
    flight.draft.decide("escalated", "low_confidence");
    expect(pendingHeaders(flight)).toMatchObject({
      "x-leadsman-decision": "pending",
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
    });
  });
});

describe("server-timing", () => {
  test.each([
    [0, "0.0"],
    [0.04, "0.0"],
    [0.06, "0.1"],
    [0.96, "1.0"],
    [9.94, "9.9"],
    [9.96, "10.0"],
    [99.99, "100.0"],
    [1_234.56, "1234.6"],
    [600_000, "600000.0"],
  ])("%d ms are %s", (elapsedMs, text) => {
    const headers = decisionHeaders(flightOf({ elapsedMs }), NOBODY);
    expect(headers["server-timing"]).toBe(`total;dur=${text}`);
  });

  test("the time of all triages stands beside the total, that of other calls does not", () => {
    const attempts = [
      exampleAttempt({ role: "triage", latencyMs: 100.04 }),
      exampleAttempt({ role: "triage", latencyMs: 50.02 }),
      exampleAttempt({ role: "answer", latencyMs: 900 }),
      exampleAttempt({ role: "shadow_triage", latencyMs: 900 }),
    ];
    const headers = decisionHeaders(flightOf({ elapsedMs: 1_100, attempts }), NOBODY);
    expect(headers["server-timing"]).toBe("total;dur=1100.0, triage;dur=150.1");
  });
});

import { afterEach, describe, expect, test } from "vitest";
import { ask, call, type RawResponse } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

async function askMany(count: number, headersOf: (index: number) => Record<string, string>) {
  const responses: RawResponse[] = [];
  for (let index = 0; index < count; index += 1) {
    const body = ask(`Question ${String(index)}`);
    responses.push(await call(stack.url, { body, headers: headersOf(index) }));
  }
  return responses;
}

function decisions(responses: readonly RawResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { headers } of responses) {
    const word = String(headers["x-leadsman-decision"]);
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

describe("shadow", () => {
  test("answers with the deep model and completes a pair in the background", async () => {
    stack = await openStack({ route: { mode: "shadow" } });
    const responses = await askMany(20, () => ({}));
    await stack.settled();
    expect(decisions(responses)).toEqual({ shadowed: 20 });
    const { rows } = await stack.open.ledger.pairs({}, 100);
    expect(rows).toHaveLength(20);
    const bothSides = rows.filter(({ cheap, deep }) => cheap.attempt === 1 && deep.attempt === 0);
    expect(bothSides.length).toBeGreaterThan(5);
    for (const { cheap } of rows) expect(cheap.confidence).not.toBeNull();
    const [pair] = bothSides;
    const answer = await stack.open.ledger.body(pair?.requestId ?? "", "answer:1");
    expect(Buffer.from(answer ?? []).toString("utf8")).toContain("confidence");
  });

  test("a failed deep answer is not compared, and its pair says why", async () => {
    stack = await openStack({ route: { mode: "shadow" } });
    await askMany(1, () => ({ "x-simulate": "deep:status=529" }));
    await stack.settled();
    const { rows } = await stack.open.ledger.pairs({}, 10);
    expect(rows[0]?.deep.missing).toBe("http_error");
    expect(rows[0]?.cheap.missing).toBe("other_side_missing");
    expect(stack.upstream.calls()).toHaveLength(1);
  });

  test("a failed triage leaves the client alone and says why in the pair", async () => {
    stack = await openStack({ route: { mode: "shadow" } });
    const [response] = await askMany(1, () => ({ "x-simulate": "triage:status=529" }));
    await stack.settled();
    expect(response?.status).toBe(200);
    const { rows } = await stack.open.ledger.pairs({}, 10);
    expect(rows[0]?.cheap.missing).toBe("http_error");
  });

  test("stops triaging when the day's budget is spent", async () => {
    const limits = { backgroundUsdPerDay: 0.000001 };
    stack = await openStack({ route: { mode: "shadow", limits } });
    for (let index = 0; index < 3; index += 1) {
      await askMany(1, () => ({}));
      await stack.settled();
    }
    const { rows } = await stack.open.ledger.pairs({}, 10);
    expect(rows.map(({ cheap }) => cheap.missing)).toEqual(["over_budget", "over_budget", null]);
  });
});

describe("canary", () => {
  test("is live for a share of users, and the same users each time", async () => {
    stack = await openStack({ route: { mode: { canary: "30%" } } });
    const user = (index: number): Record<string, string> => ({
      "x-leadsman-user": `user-${String(index % 40)}`,
    });
    const first = await askMany(40, user);
    const again = await askMany(40, user);
    const modes = (responses: readonly RawResponse[]): unknown[] =>
      responses.map(({ headers }) => headers["x-leadsman-mode"]);
    expect(modes(again)).toEqual(modes(first));
    const live = modes(first).filter((mode) => mode === "live").length;
    expect(live).toBeGreaterThan(3);
    expect(live).toBeLessThan(25);
    const [record] = await stack.records();
    expect(record?.draws[0]).toMatchObject({ purpose: "canary", propensity: 0.3 });
  });
});

describe("live", () => {
  test("sends a drawn share deep untriaged, as control, with the propensity on record", async () => {
    stack = await openStack({ route: { sampling: { ...NO_SAMPLING, control: "50%" } } });
    const counts = decisions(await askMany(60, () => ({})));
    expect(counts["control"]).toBeGreaterThan(15);
    expect(counts["control"]).toBeLessThan(45);
    const records = await stack.records();
    for (const { decision, draws, attempts } of records) {
      const control = draws.find(({ purpose }) => purpose === "control");
      expect(control).toMatchObject({ propensity: 0.5, isChosen: decision === "control" });
      if (decision === "control") expect(attempts.map(({ role }) => role)).toEqual(["answer"]);
    }
  });

  test("is held in shadow when a certificate is required and there is none", async () => {
    stack = await openStack({ route: { requireCertificate: true } });
    expect(decisions(await askMany(3, () => ({})))).toEqual({ shadowed: 3 });
  });

  test("a client's retry of what has just escalated goes deep at once", async () => {
    stack = await openStack();
    const unsure = `triage:text=${encodeURIComponent('{"confidence":0.3,"answer":null}')}`;
    const headers = { "x-simulate": unsure };
    await call(stack.url, { body: ask("Same question"), headers });
    const retry = await call(stack.url, {
      body: ask("Same question"),
      headers: { ...headers, "x-stainless-retry-count": "1" },
    });
    expect(retry.headers["x-leadsman-reason"]).toBe("recent_escalation");
  });

  test("a mode change in the ledger is taken over within two seconds", async () => {
    stack = await openStack();
    await stack.open.ledger.addModeChange({
      id: "change-1",
      route: "support",
      mode: "off",
      configuredMode: "live",
      createdAtMs: Date.now(),
      reason: "test",
      by: "operator",
    });
    const changedMs = performance.now();
    await expect
      .poll(async () => decisions(await askMany(1, () => ({}))), { timeout: 4_000, interval: 50 })
      .toEqual({ bypassed: 1 });
    expect(performance.now() - changedMs).toBeLessThan(2_000);
  });

  test("a threshold version moves the line, until the configured value itself changes", async () => {
    stack = await openStack();
    const sure = `triage:text=${encodeURIComponent('{"confidence":0.85,"answer":"yes"}')}`;
    const version = {
      id: "version-1",
      route: "support",
      tier: 0,
      threshold: 0.9,
      createdAtMs: Date.now(),
      reason: "test",
      by: "operator",
      certificate: null,
    };
    await stack.open.ledger.addThresholdVersion({ ...version, configuredThreshold: 0.8 });
    await stack.open.routes.refresh();
    const headers = { "x-simulate": sure };
    const raised = await call(stack.url, { body: ask("One"), headers });
    expect(raised.headers).toMatchObject({
      "x-leadsman-decision": "escalated",
      "x-leadsman-threshold": "0.9",
    });
    const stale = { ...version, id: "version-2", threshold: 0.99, configuredThreshold: 0.7 };
    await stack.open.ledger.addThresholdVersion(stale);
    await stack.open.routes.refresh();
    const back = await call(stack.url, { body: ask("Two"), headers });
    expect(back.headers).toMatchObject({
      "x-leadsman-decision": "shipped",
      "x-leadsman-threshold": "0.8",
    });
  });
});

describe("routes", () => {
  test("are asked for by virtual model, header or pattern, else the call passes through", async () => {
    stack = await openStack();
    const tried = async (model: string, headers: Record<string, string> = {}) => {
      const response = await call(stack.url, { body: { ...ask("Hi"), model }, headers });
      return [response.status, response.headers["x-leadsman-route"]];
    };
    expect(await tried("leadsman")).toEqual([200, "support"]);
    expect(await tried("leadsman/support")).toEqual([200, "support"]);
    expect(await tried("claude-leadsman-support")).toEqual([200, "support"]);
    expect(await tried("leadsman/nothing")).toEqual([404, undefined]);
    expect(await tried("claude-sonnet-4-6")).toEqual([200, undefined]);
    const named = { "x-leadsman-route": "support" };
    expect(await tried("claude-sonnet-4-6", named)).toEqual([200, "support"]);
    const unrouted = (await stack.records()).find(({ route }) => route === null);
    expect(unrouted).toMatchObject({ decision: "passthrough", model: "claude-sonnet-4-6" });
    expect(unrouted?.attempts[0]?.costNanoUsd).toBeGreaterThan(0n);
  });
});

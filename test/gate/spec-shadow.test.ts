import { afterEach, describe, expect, test } from "vitest";
import { ask, call, type RawResponse } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

function saying(confidence: number): Record<string, string> {
  const text = JSON.stringify({ confidence, answer: "cheap words" });
  return { "x-simulate": `triage:text=${encodeURIComponent(text)},deep:text=deep%20words` };
}

async function send(headers: Record<string, string>, members = {}): Promise<RawResponse> {
  const response = await call(stack.url, { body: { ...ask("Hi"), ...members }, headers });
  await stack.settled();
  await stack.record(String(response.headers["x-leadsman-id"]));
  return response;
}

/** Which texts of a request the ledger holds. */
async function kept(response: RawResponse): Promise<string[]> {
  const id = String(response.headers["x-leadsman-id"]);
  const parts: string[] = [];
  for (const part of ["request", "answer:0", "answer:1"]) {
    if ((await stack.open.ledger.body(id, part)) !== null) parts.push(part);
  }
  return parts;
}

describe("texts that the ledger keeps", () => {
  test.each([
    ["none", "shadow", 0.9, []],
    ["none", "live", 0.9, []],
    ["graded", "shadow", 0.9, ["request", "answer:0", "answer:1"]],
    ["graded", "live", 0.9, []],
    ["graded", "live", 0.1, []],
    ["all", "live", 0.9, ["request", "answer:0"]],
    ["all", "live", 0.1, ["request", "answer:1"]],
    ["all", "off", 0.9, ["request", "answer:0"]],
  ] as const)("bodies %s, mode %s, confidence %d", async (bodies, mode, confidence, parts) => {
    stack = await openStack({
      route: { bodies, mode, sampling: { ...NO_SAMPLING, triage: "100%" } },
    });
    expect(await kept(await send(saying(confidence)))).toEqual(parts);
    expect(await kept(await send(saying(confidence), { stream: true }))).toEqual(parts);
  });

  test("graded keeps what was drawn to be graded, and what has a pair", async () => {
    stack = await openStack({ route: { sampling: { ...NO_SAMPLING, grade: "100%" } } });
    expect(await kept(await send(saying(0.9)))).toEqual(["request", "answer:0"]);
    await stack.close();
    stack = await openStack({ route: { sampling: { ...NO_SAMPLING, shadow: "100%" } } });
    expect(await kept(await send(saying(0.9)))).toEqual(["request", "answer:0", "answer:1"]);
  });

  test("a virtual name is kept as the client sent it", async () => {
    stack = await openStack({ route: { bodies: "all", mode: "shadow" } });
    const response = await send(saying(0.9), { model: "leadsman" });
    const id = String(response.headers["x-leadsman-id"]);
    const request = await stack.open.ledger.body(id, "request");
    expect(Buffer.from(request ?? []).toString()).toContain('"model":"leadsman"');
  });
});

describe("virtual models", () => {
  test.each(["off", "shadow", "live"])("reach real ones only, in mode %s", async (mode) => {
    stack = await openStack({ route: { mode } });
    for (const model of ["leadsman", "leadsman/support", "claude-leadsman-support"]) {
      for (const stream of [true, false]) {
        const response = await send(saying(0.1), { model, stream });
        expect(response.status).toBe(200);
        expect(response.headers["x-leadsman-model"]).toBe("claude-opus-4-7");
        expect(response.body.toString()).not.toContain("leadsman");
      }
    }
    for (const { model } of stack.upstream.calls()) {
      expect(["claude-opus-4-7", "claude-haiku-4-5"]).toContain(model);
    }
  });
});

describe("shadow", () => {
  test("shows nothing of the triage to the client", async () => {
    stack = await openStack({ route: { mode: "shadow" } });
    const response = await send(saying(0.99));
    const direct = await call(stack.upstream.url, { body: ask("Hi"), headers: saying(0.99) });
    expect(withoutIds(response.body)).toBe(withoutIds(direct.body));
    expect(response.headers).not.toHaveProperty("x-leadsman-confidence");
    const [pair] = (await stack.open.ledger.pairs({}, 10)).rows;
    expect(pair).toMatchObject({ cheap: { confidence: 0.99, attempt: 1 }, deep: { attempt: 0 } });
  });

  test("triages a share only, and says with which probability", async () => {
    const sampling = { ...NO_SAMPLING, triage: "0%" };
    stack = await openStack({ route: { mode: "shadow", sampling } });
    await send(saying(0.9));
    expect(stack.upstream.calls()).toHaveLength(1);
    const [record] = await stack.records();
    expect(record?.draws).toEqual([{ purpose: "triage", propensity: 0, isChosen: false }]);
  });

  test("a budget is the day's, whichever process spent it", async () => {
    const limits = { backgroundUsdPerDay: 0 };
    stack = await openStack({ route: { mode: "shadow", limits } });
    await send(saying(0.9));
    expect(stack.upstream.calls()).toHaveLength(1);
    const [pair] = (await stack.open.ledger.pairs({}, 10)).rows;
    expect(pair?.cheap.missing).toBe("over_budget");
  });
});

describe("a route that needs a certificate", () => {
  test("goes live with a certified threshold, and back when a newer one is not", async () => {
    stack = await openStack({ route: { requireCertificate: true } });
    const version = {
      id: "version-1",
      route: "support",
      tier: 0,
      threshold: 0.85,
      configuredThreshold: 0.8,
      createdAtMs: Date.now(),
      reason: "proved",
      by: "tune",
      certificate: '{"target":"joint"}',
    };
    const decision = async (): Promise<unknown> => {
      await stack.open.routes.refresh();
      return (await send(saying(0.85))).headers["x-leadsman-decision"];
    };
    expect(await decision()).toBe("shadowed");
    await stack.open.ledger.addThresholdVersion(version);
    expect(await decision()).toBe("shipped");
    const newer = { ...version, id: "version-2", createdAtMs: version.createdAtMs + 1 };
    await stack.open.ledger.addThresholdVersion({ ...newer, certificate: null });
    expect(await decision()).toBe("shadowed");
  });
});

function withoutIds(body: Buffer): string {
  return body.toString("utf8").replaceAll(/(msg|req)_sim_[0-9a-f]+/g, "$1_sim_");
}

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CascadeApiError,
  createCascade,
  createSimulatedProvider,
  LeadsmanError,
  messageText,
  openSqliteLedger,
  receiptOf,
  systemClock,
} from "leadsman";
import type { Ledger } from "leadsman";
import { afterEach, describe, expect, test } from "vitest";
import {
  ask,
  bodyOf,
  HAIKU,
  OPUS,
  parseObject,
  rejection,
  simulatedCascade,
  until,
  verdict,
  writes,
  type SimulatedCascade,
} from "./simulated-cascade.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

function open(...args: Parameters<typeof simulatedCascade>): SimulatedCascade {
  const simulated = simulatedCascade(...args);
  opened.push(simulated);
  return simulated;
}

const SURE = writes({ [HAIKU]: verdict(0.9, "Thirty days."), [OPUS]: "A month." });
const UNSURE = writes({ [HAIKU]: verdict(0.3, "Thirty days?"), [OPUS]: "A month." });

describe("create", () => {
  test("ships what the cheap model is sure of", async () => {
    const message = await open().cascade.messages.create(ask("How long?"), SURE);
    expect(messageText(message)).toBe("Thirty days.");
    expect(message.receipt).toMatchObject({
      ...{ decision: "shipped", reason: null, tier: 0, confidence: 0.9, threshold: 0.8 },
      ...{ route: "default", mode: "live", requestedModel: OPUS, status: 200 },
    });
    expect(message.receipt.attempts).toHaveLength(1);
  });

  test("asks the deep model for the rest and says what the triage cost", async () => {
    const { cascade, upstream } = open();
    const { receipt, ...message } = await cascade.messages.create(ask("How long?"), UNSURE);
    expect(messageText(message)).toBe("A month.");
    const [triage, answer] = receipt.attempts;
    expect(receipt).toMatchObject({ decision: "escalated", reason: "low_confidence", tier: 1 });
    expect(receipt.wastedNanoUsd).toBe(triage?.costNanoUsd);
    expect(receipt.costNanoUsd).toBe((triage?.costNanoUsd ?? 0n) + (answer?.costNanoUsd ?? 0n));
    expect(receipt.savedNanoUsd).toBe(-(triage?.costNanoUsd ?? 0n));
    expect(upstream.calls().map(({ model }) => model)).toEqual([HAIKU, OPUS]);
  });

  test("sends members that nobody here knows, and the caller's headers", async () => {
    const { cascade, upstream } = open();
    const params = { ...ask("Hello"), from_the_future: { deep: [1] } };
    const headers = { "Anthropic-Beta": "later-2027", "anthropic-version": "2023-06-01" };
    await cascade.messages.create(params, { headers, bypass: true, user: "u1", task: "greeting" });
    const [call] = upstream.calls();
    expect(bodyOf(call)).toEqual({ ...params, model: OPUS });
    expect(call?.headers).toMatchObject({ "anthropic-beta": "later-2027" });
    expect(Object.keys(call?.headers ?? {}).filter((name) => name.includes("leadsman"))).toEqual(
      [],
    );
  });

  test.each(["leadsman", undefined])("takes the last tier's model for %s", async (model) => {
    const { cascade } = open();
    const params = { ...ask("Hello"), ...(model !== undefined && { model }) };
    const { receipt } = await cascade.messages.create(params, { bypass: true });
    expect(receipt).toMatchObject({ decision: "bypassed", reason: "client_asked", model: OPUS });
  });

  test("asks the model that the call names where the last tier is the requested one", async () => {
    const { cascade } = open({ tiers: [HAIKU, "requested"] });
    const params = { ...ask("How long?"), model: "claude-sonnet-4-6" };
    const { receipt } = await cascade.messages.create(params, UNSURE);
    expect(receipt.attempts.map(({ model }) => model)).toEqual([HAIKU, "claude-sonnet-4-6"]);
    expect(await rejection(cascade.messages.create(ask("How long?")))).toMatchObject({
      code: "invalid_call",
      message: expect.stringContaining("found none"),
    });
  });

  test("writes a receipt as JSON with money as digits", async () => {
    const message = await open().cascade.messages.create(ask("How long?"), SURE);
    expect(parseObject(JSON.stringify(message))).toMatchObject({
      receipt: {
        costNanoUsd: String(message.receipt.costNanoUsd),
        attempts: [{ costNanoUsd: expect.stringMatching(/^\d+$/) }],
      },
    });
  });
});

describe("a call without an answer", () => {
  test("tells upstream's own error and what was spent", async () => {
    const { cascade } = open();
    const headers = { "x-simulate": `${HAIKU}:text=%7B%22confidence%22%3A0.1,${OPUS}:status=429` };
    const error = await rejection(cascade.messages.create(ask("How long?"), { headers }));
    expect(error).toBeInstanceOf(CascadeApiError);
    expect(error).toBeInstanceOf(LeadsmanError);
    expect(error).toMatchObject({
      ...{ code: "upstream_error", status: 429, type: "rate_limit_error" },
      headers: { "retry-after": expect.any(String) },
      receipt: { decision: "escalated", status: 429 },
    });
  });

  test.each([
    [{ "x-simulate": "deep:connect-refused" }, 502, "api_error"],
    [{ "x-simulate": "deep:die-before-head" }, 502, "api_error"],
  ])("says when nobody is there: %j", async (headers, status, type) => {
    const call = open().cascade.messages.create(ask("Hello"), { headers, bypass: true });
    expect(await rejection(call)).toMatchObject({ code: "upstream_unreachable", status, type });
  });

  test("rejects what is no request before anything is sent", async () => {
    const { cascade, upstream } = open();
    const error = await rejection(cascade.messages.create({ max_tokens: 10, messages: [] }));
    expect(error).toMatchObject({ code: "request_invalid", status: 400, receipt: null });
    expect(upstream.calls()).toEqual([]);
  });

  test.each([
    [{ task: "No Such Task" }, "task must be"],
    [{ headers: { "bad name": "x" } }, 'header "bad name"'],
    [{ headers: { "x-secret": "s3cret\n" } }, 'header "x-secret"'],
    [{ user: "ada", byepass: true }, 'found "byepass"; did you mean "bypass"?'],
    [
      { user: "ada", timeout: 5_000 },
      'one of signal, headers, user, task, bypass, found "timeout"',
    ],
  ])("rejects options that cannot be meant: %j", async (options, message) => {
    const error = await rejection(open().cascade.messages.create(ask("Hello"), options));
    expect(error).toMatchObject({
      code: "invalid_call",
      message: expect.stringContaining(message),
    });
    expect(String(error)).not.toContain("s3cret");
  });
});

describe("a caller without types", () => {
  test.each([
    [undefined, "nothing"],
    ["Hello", "something else"],
  ] as const)("is told that %j are no parameters", async (params, found) => {
    const create: (params: never) => Promise<unknown> = open().cascade.messages.create;
    expect(await rejection(create(params as never))).toMatchObject({
      code: "invalid_call",
      message: `Cannot make the call: params must be an object, found ${found}`,
    });
  });
});

describe("a caller that gives up", () => {
  test("gets an AbortError, and the upstream connection closes", async () => {
    const { cascade, upstream } = open({}, { timeScale: 1 });
    const aborting = new AbortController();
    const call = rejection(cascade.messages.create(ask("Hello"), { signal: aborting.signal }));
    await until(() => upstream.calls().length === 1);
    aborting.abort();
    expect(await call).toMatchObject({ name: "AbortError" });
    await until(() => upstream.calls()[0]?.aborted === true);
  });

  test("gets the reason it gave, also when it comes too early", async () => {
    const { cascade, upstream } = open();
    const reason = new Error("changed my mind");
    const call = cascade.messages.create(ask("Hello"), { signal: AbortSignal.abort(reason) });
    expect(await rejection(call)).toBe(reason);
    const late = AbortSignal.timeout(10);
    const hanging = { headers: { "x-simulate": "hang" }, signal: late };
    expect(await rejection(cascade.messages.create(ask("Hello"), hanging))).toBe(late.reason);
    expect(upstream.calls()).toHaveLength(1);
  });
});

describe("close", () => {
  test("lets calls end and takes no more", async () => {
    const { cascade, upstream } = open({}, { timeScale: 0.05 });
    const call = cascade.messages.create(ask("Hello"), SURE);
    await until(() => upstream.calls().length === 1);
    await cascade.close();
    expect(messageText(await call)).toBe("Thirty days.");
    expect(await rejection(cascade.messages.create(ask("Hello")))).toMatchObject({
      code: "cascade_closed",
    });
  });

  test("gives calls up when its signal says so", async () => {
    const { cascade, upstream } = open();
    const headers = { "x-simulate": "hang" };
    const call = rejection(cascade.messages.create(ask("Hello"), { headers }));
    const stream = cascade.messages.stream(ask("Hello"), { headers });
    await until(() => upstream.calls().length === 2);
    await cascade.close(AbortSignal.abort());
    expect(await call).toMatchObject({ code: "cascade_closed" });
    expect(await rejection(stream.finalMessage())).toMatchObject({ code: "cascade_closed" });
    expect(upstream.calls().map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test("leaves a provider open that was handed over", async () => {
    const upstream = createSimulatedProvider({});
    const first = createCascade({ tiers: [OPUS], provider: upstream });
    const second = createCascade({ tiers: [OPUS], provider: upstream });
    opened.push(upstream, second);
    await first.messages.create(ask("Hello"));
    await first.close();
    const { receipt } = await second.messages.create(ask("Hello"));
    expect(receipt).toMatchObject({ decision: "bypassed", reason: "no_triage_tier" });
  });
});

describe("records", () => {
  test("leave nothing on disk without a ledger", async () => {
    const folder = temporaryFolder();
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { cascade } = open();
      await cascade.messages.create(ask("Hello"), SURE);
      await cascade.messages.stream(ask("Hello"), UNSURE).finalMessage();
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      process.chdir(before);
    }
  });

  test("are the same in the receipt and in the ledger", async () => {
    const ledger = await openLedger();
    const { cascade } = open({ ledger, name: "desk" });
    const shipped = await cascade.messages.create(ask("Hello"), SURE);
    const escalated = await cascade.messages.stream(ask("Hello"), UNSURE).receipt();
    const refused = cascade.messages.create(ask("Hi"), { headers: { "x-simulate": "status=529" } });
    const { receipt: failed } = (await rejection(refused)) as CascadeApiError;
    for (const receipt of [shipped.receipt, escalated, failed]) {
      const record = await ledger.request(receipt?.id ?? "");
      expect(record && receiptOf(record)).toEqual(receipt);
    }
    expect((await ledger.requests({ route: "desk" }, 10)).rows).toHaveLength(3);
  });

  test("follow a threshold that was applied in the ledger, unless the call has its own", async () => {
    const ledger = await openLedger();
    for (const route of ["default", "default-classify"]) {
      const configuredThreshold = route === "default" ? 0.8 : 0.7;
      await ledger.addThresholdVersion({
        ...{ id: `tv_${route}`, route, tier: 0, threshold: 0.95, configuredThreshold },
        ...{ createdAtMs: Date.now(), reason: "test", by: "operator", certificate: null },
      });
    }
    const { cascade } = open({ ledger });
    const { receipt } = await cascade.messages.create(ask("Hello"), SURE);
    const applied = { threshold: 0.95, decision: "escalated" };
    expect(receipt).toMatchObject({ ...applied, thresholdVersion: "tv_default" });
    const texts = {
      [HAIKU]: '{"confidence":0.9,"label":"a"}',
      [OPUS]: '{"confidence":1,"label":"b"}',
    };
    const task = { input: "Hello", labels: ["a", "b"] };
    const { receipt: labelled } = await cascade.classify(task, writes(texts));
    expect(labelled).toMatchObject({ ...applied, thresholdVersion: "tv_default-classify" });
    const { receipt: own } = await cascade.classify({ ...task, threshold: 0.9 }, writes(texts));
    expect(own).toMatchObject({ threshold: 0.9, decision: "shipped", thresholdVersion: null });
  });

  test("hold the pairs of a cascade in shadow, which answers as the deep model does", async () => {
    const ledger = await openLedger();
    const { cascade } = simulatedCascade({ ledger, mode: "shadow", sampling: { triage: 1 } });
    const message = await cascade.messages.create(ask("Hello"), SURE);
    expect(messageText(message)).toBe("A month.");
    expect(message.receipt).toMatchObject({ decision: "shadowed", mode: "shadow" });
    await cascade.close();
    expect(await ledger.pair(message.receipt.id)).toMatchObject({
      cheap: { model: "claude-haiku-4-5-20251001", confidence: 0.9, missing: null },
      deep: { model: OPUS, missing: null },
    });
  });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-library-"));
  opened.unshift({
    close: async () => {
      rmSync(folder, { recursive: true });
    },
  });
  return folder;
}

async function openLedger(): Promise<Ledger> {
  const path = join(temporaryFolder(), "ledger.db");
  const ledger = await openSqliteLedger({ path, clock: systemClock });
  opened.push(ledger);
  return ledger;
}

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import type { Evidence, Grade } from "../../src/ledger/records/evidence.ts";
import type { JobCount } from "../../src/ledger/records/job.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/open-sqlite-ledger.ts";
import { JUDGE_INSTRUCTION } from "../../src/quality/judge/judge-prompt.ts";
import type { SimulatedCall } from "../../src/providers/simulated/simulated-exchange.ts";
import type { SimulatedFault } from "../../src/providers/simulated/simulated-fault.ts";
import { startSimulatedServer } from "../../src/providers/simulated/simulated-server.ts";
import { systemClock, type Clock } from "../../src/support/clock.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack, type StackOptions } from "../harness/open-stack.ts";

let stack: Stack | null = null;
afterEach(async () => {
  await stack?.close();
  stack = null;
});

const JUDGE_MODEL = "claude-sonnet-4-6";
const JUDGE = { model: JUDGE_MODEL, provider: "judge" };
/** A judge that goes by what it reads: "good" is right. */
const HONEST: JudgeSays = ({ first, second }) =>
  JSON.stringify({
    first: first.includes("good") ? "right" : "wrong",
    ...(second === undefined
      ? {}
      : { second: second.includes("good") ? "right" : "wrong", agreement: "differs" }),
  });

type JudgeSays = (read: { readonly first: string; readonly second?: string }) => string;

function judged(
  says: JudgeSays | SimulatedFault,
  route: Readonly<Record<string, unknown>> = {},
): StackOptions {
  const faults = ({ model, prompt }: SimulatedCall): SimulatedFault | null => {
    if (model !== JUDGE_MODEL) return null;
    if (typeof says !== "function") return says;
    return { kind: "text", text: says(JSON.parse(prompt) as Parameters<JudgeSays>[0]) };
  };
  return {
    upstream: { faults },
    providers: { judge: { apiKey: "judge-key" } },
    route: { mode: "shadow", judge: JUDGE, ...route },
    jobPollMs: 5,
  };
}

/** Both models answer what the test wants; the id of the request. */
async function answer(
  cheap: string,
  deep: string,
  prompt = "Hi",
  url = stack?.url ?? "",
): Promise<string> {
  const verdict = encodeURIComponent(JSON.stringify({ confidence: 0.9, answer: cheap }));
  const headers = {
    "x-simulate": `triage:text=${verdict},claude-opus-4-7:text=${encodeURIComponent(deep)}`,
  };
  const response = await call(url, { body: ask(prompt), headers });
  expect(response.status).toBe(200);
  return String(response.headers["x-leadsman-id"]);
}

async function evidenceOf(id: string): Promise<Evidence | undefined> {
  return (await ledger().evidenceOf(id))[0];
}

function ledger(): Stack["open"]["ledger"] {
  if (stack === null) throw new Error("a test opens its stack first");
  return stack.open.ledger;
}

async function reasons(): Promise<readonly (readonly [string, string, string | null, number])[]> {
  const counts = await ledger().jobCounts({});
  return counts
    .map(({ kind, state, reason, jobs }: JobCount) => [kind, state, reason, jobs] as const)
    .toSorted();
}

function outcomes(grades: readonly Grade[]): readonly string[] {
  return grades.map(({ by, tier, outcome }) => `${by} ${String(tier)} ${outcome}`).toSorted();
}

describe("comparing", () => {
  test.each([
    ["text", "It is PARIS.", "it is Paris", false],
    ["exact", "It is PARIS.", "it is Paris", true],
    [{ number: { relative: "1%" } }, "about 100", "101 in all", false],
    [{ label: ["refund", "order"] }, "A refund.", "An order, no refund", true],
    [{ json: ["intent"] }, '{"intent":1,"why":2}', '{"intent":1}', false],
  ])("by %j: %j and %j differ: %s", async (compare, cheap, deep, differs) => {
    stack = await openStack({ route: { mode: "shadow", compare }, jobPollMs: 5 });
    const id = await answer(cheap, deep);
    await stack.record(id);
    await stack.graded();
    expect(await evidenceOf(id)).toMatchObject({ differs });
    expect(await ledger().evidenceCounts({})).toMatchObject([{ items: 1, key: { differs } }]);
  });

  test("what cannot be compared is on record as such, and says nothing", async () => {
    const compare = "number";
    stack = await openStack({ route: { mode: "shadow", compare }, jobPollMs: 5 });
    const id = await answer("none", "7");
    await stack.record(id);
    await stack.graded();
    expect(await evidenceOf(id)).toMatchObject({ differs: null });
    expect(await ledger().grades(id)).toMatchObject([
      { by: "agreement", outcome: "cannot_tell", grader: "comparator:number" },
    ]);
  });

  test("the confidence in a client's own field is no difference", async () => {
    stack = await openStack({
      route: { mode: "shadow", protocol: { field: "confidence" } },
      jobPollMs: 5,
    });
    const schema = {
      type: "object",
      properties: { confidence: { type: "number" }, label: { type: "string" } },
      required: ["confidence", "label"],
      additionalProperties: false,
    };
    const text = (confidence: number): string =>
      encodeURIComponent(JSON.stringify({ confidence, label: "refund" }));
    const response = await call(stack.url, {
      body: { ...ask("Hi"), output_config: { format: { type: "json_schema", schema } } },
      headers: {
        "x-simulate": `claude-haiku-4-5:text=${text(0.9)},claude-opus-4-7:text=${text(0.6)}`,
      },
    });
    const id = String(response.headers["x-leadsman-id"]);
    await stack.record(id);
    await stack.graded();
    expect(await evidenceOf(id)).toMatchObject({ differs: false, confidence: 0.9 });
  });

  test("without texts nothing is compared", async () => {
    stack = await openStack({ route: { mode: "shadow", bodies: "none" }, jobPollMs: 5 });
    const id = await answer("a", "b");
    await stack.record(id);
    await stack.graded();
    expect(await reasons()).toEqual([]);
    expect(await evidenceOf(id)).toMatchObject({ differs: null });
  });
});

describe("a judge", () => {
  test("grades both answers, whichever it reads first, and its cost is in the books", async () => {
    stack = await openStack(judged(HONEST));
    const ids: string[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const isCheapGood = turn % 2 === 0;
      const [cheap, deep] = isCheapGood ? ["good", "bad"] : ["bad", "good"];
      ids.push(await answer(cheap, deep, `Ask ${String(turn)}`));
    }
    for (const id of ids) await stack.record(id);
    await stack.graded();
    const places = new Set<string>();
    for (const [turn, id] of ids.entries()) {
      const isCheapGood = turn % 2 === 0;
      expect(await evidenceOf(id)).toMatchObject({
        cheap: { judge: isCheapGood ? "right" : "wrong", human: null, label: null },
        deep: { judge: isCheapGood ? "wrong" : "right" },
        differs: true,
      });
      const grades = await ledger().grades(id);
      for (const { by, tier, note } of grades) {
        if (by === "judge" && tier === 0) places.add(String(note));
      }
      const { attempts } = await stack.record(id);
      expect(attempts.map(({ role }) => role)).toEqual(["answer", "shadow_triage", "judge"]);
      expect(attempts[2]).toMatchObject({ model: JUDGE_MODEL, provider: "judge", tier: null });
    }
    expect(
      [...places].map((note) => (JSON.parse(note) as { place: string }).place).toSorted(),
    ).toEqual(["first", "second"]);
    const attempts = (await stack.records()).flatMap((record) => record.attempts);
    const costOf = (isCounted: (role: string) => boolean): bigint =>
      attempts
        .filter(({ role }) => isCounted(role))
        .reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n);
    const totals = await ledger().totals({});
    expect(totals.reduce((sum, row) => sum + row.costNanoUsd, 0n)).toBe(costOf(() => true));
    expect((await ledger().backgroundSpend("support", 0, "judge")).costNanoUsd).toBe(
      costOf((role) => role === "judge"),
    );
    expect(costOf((role) => role === "judge")).toBeGreaterThan(0n);
    expect((await ledger().backgroundSpend("support", 0)).costNanoUsd).toBe(
      costOf((role) => role !== "answer"),
    );
  });

  test("is blind: it reads neither names nor confidences, and asks with its own key", async () => {
    stack = await openStack(judged(HONEST));
    const id = await answer("good", "bad");
    await stack.record(id);
    await stack.graded();
    const asked = stack.upstream.calls().find(({ model }) => model === JUDGE_MODEL);
    expect(asked?.headers["x-api-key"]).toBe("judge-key");
    const body = JSON.parse(Buffer.from(asked?.body ?? []).toString("utf8")) as {
      system: string;
      messages: readonly { content: string }[];
    };
    expect(body.system).toBe(JUDGE_INSTRUCTION);
    const material = body.messages.map(({ content }) => content).join("");
    expect(material).toContain("good");
    expect(material).not.toMatch(/haiku|opus|confidence|0\.9/);
  });

  test("may also compare", async () => {
    stack = await openStack(judged(HONEST, { compare: "judge" }));
    const id = await answer("good", "good");
    await stack.record(id);
    await stack.graded();
    // The judge's word counts, not the letters.
    expect(await evidenceOf(id)).toMatchObject({ differs: true });
    expect(await reasons()).toEqual([["judge", "done", null, 1]]);
  });

  test("grades a shipped answer that has no deep one beside it", async () => {
    const sampling = { ...NO_SAMPLING, grade: "100%" };
    stack = await openStack(judged(HONEST, { mode: "live", sampling }));
    const id = await answer("good", "bad");
    await stack.record(id);
    await stack.graded();
    expect(outcomes(await ledger().grades(id))).toEqual(["judge 0 right"]);
    expect(await evidenceOf(id)).toMatchObject({ decision: "shipped", cheap: { judge: "right" } });
  });

  test("is asked about its share", async () => {
    stack = await openStack(judged(HONEST, { judge: { ...JUDGE, share: "30%" } }));
    for (let turn = 0; turn < 40; turn += 1) await answer("good", "bad", `Ask ${String(turn)}`);
    await stack.graded();
    const jobs = (await reasons()).find(([kind]) => kind === "judge")?.[3] ?? 0;
    expect(jobs).toBeGreaterThan(3);
    expect(jobs).toBeLessThan(25);
  });

  test.each<[string, JudgeSays | SimulatedFault, string]>([
    ["writes prose", () => "Both are right.", "judge_unreadable"],
    ["names no such verdict", () => '{"first":"yes","second":"no"}', "judge_unreadable"],
    ["judges only one of two", () => '{"first":"right"}', "judge_unreadable"],
    ["refuses", { kind: "stop", reason: "refusal", at: "start" }, "judge_refused"],
    ["is cut", { kind: "stop", reason: "max_tokens", at: "start" }, "judge_truncated"],
    ["is not allowed", { kind: "status", status: 403 }, "permission_error"],
  ])("that %s is a missing grade, whose cost counts", async (_, says, reason) => {
    stack = await openStack(judged(says));
    const id = await answer("good", "bad");
    await stack.record(id);
    await stack.graded();
    expect(outcomes(await ledger().grades(id))).toEqual(["agreement 0 differs"]);
    expect(await reasons()).toEqual([
      ["compare", "done", null, 1],
      ["judge", "given_up", reason, 1],
    ]);
    const { attempts } = await stack.record(id);
    expect(attempts.filter(({ role }) => role === "judge")).toHaveLength(1);
  });

  test("is tried again when it is overloaded, not before it is time", async () => {
    stack = await openStack(judged({ kind: "status", status: 529 }));
    const id = await answer("good", "bad");
    await stack.record(id);
    await expect
      .poll(async () => (await stack?.record(id))?.attempts.map(({ role }) => role))
      .toContain("judge");
    expect(await reasons()).toContainEqual(["judge", "waiting", null, 1]);
  });

  test("stops at its cap, also after a restart", async () => {
    const judge = { ...JUDGE, usdPerDay: 0.000_001, maxConcurrent: 1 };
    stack = await openStack(judged(HONEST, { judge }));
    for (const prompt of ["one", "two"]) {
      const id = await answer("good", "bad", prompt);
      await stack.record(id);
      await stack.graded();
    }
    expect(await reasons()).toContainEqual(["judge", "given_up", "over_budget", 1]);
    await stack.reopen();
    const id = await answer("good", "bad", "three");
    await stack.record(id);
    await stack.graded();
    expect(await reasons()).toContainEqual(["judge", "given_up", "over_budget", 2]);
    const judgedRecords = (await stack.records()).filter(({ attempts }) =>
      attempts.some(({ role }) => role === "judge"),
    );
    expect(judgedRecords).toHaveLength(1);
  });
});

describe("a restart", () => {
  test("in good order takes up what was cut", async () => {
    let isSilent = true;
    stack = await openStack({
      ...judged(HONEST),
      upstream: {
        faults: (one) => {
          if (one.model !== JUDGE_MODEL) return null;
          if (isSilent) return { kind: "hang" };
          return { kind: "text", text: '{"first":"right","second":"wrong","agreement":"same"}' };
        },
      },
    });
    const id = await answer("good", "bad");
    await stack.record(id);
    await expect.poll(() => judgeCalls(stack)).toBe(1);
    isSilent = false;
    await stack.reopen();
    await stack.graded();
    const grades = (await ledger().grades(id)).filter(({ by }) => by === "judge");
    expect(grades).toHaveLength(2);
    const tries = (await stack.record(id)).attempts.filter(({ role }) => role === "judge");
    expect(tries.map(({ outcome }) => outcome)).toEqual(["aborted", "completed"]);
  });

  test("after kill -9 neither loses nor doubles a grade", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leadsman-kill-"));
    let judgements = 0;
    const upstream = await startSimulatedServer({
      faults: ({ model }) => {
        if (model !== JUDGE_MODEL) return null;
        judgements += 1;
        // The tenth never comes, so that the process dies with calls under way.
        if (judgements === 10 || judgements === 11) return { kind: "hang" };
        return { kind: "text", text: '{"first":"right","second":"wrong","agreement":"same"}' };
      },
    });
    const options: StackOptions = {
      providers: { judge: { apiKey: "judge-key" } },
      route: { mode: "shadow", judge: { ...JUDGE, maxConcurrent: 2 } },
    };
    const child = fork(fileURLToPath(new URL("../harness/gateway-child.ts", import.meta.url)), [
      ...[folder, upstream.url, JSON.stringify(options)],
    ]);
    const [{ url }] = (await once(child, "message")) as [{ url: string }];
    const exited = once(child, "exit");
    const ids: string[] = [];
    for (let turn = 0; turn < 16; turn += 1) {
      ids.push(await answer("good", "bad", `Ask ${String(turn)}`, url));
    }
    await expect.poll(() => judgements, { timeout: 8_000 }).toBe(11);
    // What was asked in the background for the last requests is in the ledger by now.
    await expect.poll(() => pairsIn(folder), { timeout: 8_000 }).toBe(16);
    child.kill("SIGKILL");
    await exited;
    const later: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 600_000 };
    const again = await openStack({
      ...judged(HONEST),
      upstream: { port: 0 },
      providers: { judge: { apiKey: "judge-key", baseUrl: upstream.url } },
      folder,
      clock: later,
    });
    stack = again;
    await again.graded();
    for (const id of ids) {
      const grades = await ledger().grades(id);
      expect(outcomes(grades)).toHaveLength(3);
      expect(outcomes(grades)).toContain("agreement 0 differs");
      expect(await evidenceOf(id)).toMatchObject({ differs: true });
    }
    expect(await reasons()).toEqual([
      ["compare", "done", null, 16],
      ["judge", "done", null, 16],
    ]);
    await upstream.close();
  });
});

function judgeCalls(of: Stack | null): number {
  return of?.upstream.calls().filter(({ model }) => model === JUDGE_MODEL).length ?? 0;
}

/** Complete pairs in the ledger of another process. */
async function pairsIn(folder: string): Promise<number> {
  const reader = await openSqliteLedger({ path: join(folder, "ledger.db"), clock: systemClock });
  const { rows } = await reader.pairs({}, 100);
  await reader.close();
  return rows.filter(({ cheap, deep }) => cheap.missing === null && deep.missing === null).length;
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter } from "./line-splitter.ts";
import { readRow, type ReadRow } from "./read-row.ts";
import { ROW_MEMBERS, SIDE_MEMBERS } from "./row-members.ts";

function read(text: string): ReturnType<typeof readRow> {
  return readRow({ number: 1, text, problem: null });
}

function rowOf(row: object): Extract<ReadRow, { kind: "row" }>["row"] {
  const found = read(JSON.stringify(row));
  if (!found.ok) throw new Error(found.problem.message);
  if (found.value.kind !== "row") throw new Error(found.value.kind);
  return found.value.row;
}

function refusal(row: object): string {
  const found = read(JSON.stringify(row));
  return found.ok ? "none" : `${found.problem.code}: ${found.problem.message}`;
}

const CHEAP = { model: "small-1", answer: "yes", confidence: 0.9, correct: true };

test("a whole pair is read as it is written", () => {
  const row = {
    id: "q-1",
    task: "intent",
    created_at: "2026-11-01T09:30:00Z",
    input: "Is it?",
    ideal: "yes",
    cheap: { ...CHEAP, cost_usd: 0.000_123, latency_ms: 250.5, prompt_hash: "p1" },
    deep: { model: "large-1", answer: null, correct: 0, cost_nano_usd: "77", latency_s: 2 },
    extra: { group: "g-7" },
  };
  expect(rowOf(row)).toEqual({
    id: "q-1",
    route: null,
    task: "intent",
    createdAtMs: Date.UTC(2026, 10, 1, 9, 30),
    cluster: "g-7",
    prompt: { kind: "text", text: "Is it?" },
    ideals: ["yes"],
    cheap: {
      model: "small-1",
      answer: "yes",
      confidence: 0.9,
      hasConfidence: true,
      label: "right",
      costNanoUsd: 123_000n,
      latencyMs: 250.5,
      promptHash: "p1",
      missing: null,
    },
    deep: {
      model: "large-1",
      answer: null,
      confidence: null,
      hasConfidence: false,
      label: "wrong",
      costNanoUsd: 77n,
      latencyMs: 2_000,
      promptHash: null,
      missing: null,
    },
  });
});

test("every name of a member is read as the member", () => {
  const values: Readonly<Record<string, unknown>> = {
    createdAt: "2026-11-01",
    input: "a",
    messages: [{ role: "user", content: "a" }],
    request: { messages: [{ role: "user", content: "a" }] },
    cheap: CHEAP,
    deep: CHEAP,
  };
  for (const [member, names] of Object.entries(ROW_MEMBERS)) {
    const needed = ["input", "messages", "request"].includes(member) ? {} : { question: "a" };
    const rows = names.map((name) =>
      rowOf({ cheap: CHEAP, ...needed, [name]: values[member] ?? "x" }),
    );
    for (const row of rows) expect(row, member).toEqual(rows[0]);
  }
  for (const [member, names] of Object.entries(SIDE_MEMBERS)) {
    const value = /cost|latency/i.test(member) ? 3 : member === "correct" ? "right" : "failed";
    const rows = names.map((name) => rowOf({ input: "a", cheap: { [name]: value } }));
    for (const row of rows) expect(row, member).toEqual(rows[0]);
  }
});

test.each([
  ["0.93", 0.93],
  ['"0.93"', 0.93],
  ["0", 0],
  ["1", 1],
  ["1.0000001", null],
  ["-0.1", null],
  ["93", null],
  ['"93%"', null],
  ['" 0.9"', null],
  ["true", null],
  ["null", null],
  ["NaN", null],
  ["-Infinity", null],
  ["[0.5]", null],
])("the confidence %s is read as %j", (text, confidence) => {
  const found = read(`{"input":"NaN, \\"Infinity","cheap":{"answer":"a","confidence":${text}}}`);
  expect(found).toMatchObject({
    value: { row: { prompt: { text: 'NaN, "Infinity' }, cheap: { confidence } } },
  });
});

test("system messages at the start become the system prompt", () => {
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "Hi" }] },
  ];
  expect(rowOf({ messages }).prompt).toEqual({
    kind: "messages",
    system: "Be brief.",
    messages: [messages[1]],
  });
});

const USER = { role: "user", content: "a" };

test.each<[object, string]>([
  [{}, "unknown_shape"],
  [{ id: "a", ideal: "b" }, "unknown_shape"],
  [{ format: "other/1" }, "unknown_shape"],
  [{ input: "a", prompt: "b" }, '"input" and "prompt" mean the same and differ'],
  [{ input: "a", messages: [USER] }, "ambiguous_member"],
  [{ messages: [] }, "invalid_member"],
  [{ messages: [{ role: "user" }] }, "invalid_member"],
  [{ messages: [{ role: "system", content: "a" }] }, "no turn of the user"],
  [{ messages: [USER, { role: "assistant", content: "b" }] }, "ends_with_answer"],
  [{ input: "a", cheap: "yes" }, '"cheap" is no object'],
  [{ input: "a", cheap: { answer: "b", cost: 3 } }, "no_unit"],
  [{ input: "a", cheap: { answer: "b", latency: 3 } }, "wanted latency_ms or latency_s"],
  [{ input: "a", cheap: { answer: "b", correct: "maybe" } }, "neither right nor wrong"],
  [{ input: "a", cheap: { answer: "b", correct: 2 } }, "neither right nor wrong"],
  [{ input: "a", cheap: { cost_usd: -1 } }, "cost_usd"],
  [{ input: "a", cheap: { cost_usd: 1, cost_nano_usd: 1 } }, "ambiguous_member"],
  [{ input: "a", cheap: { missing: "no idea" } }, "missing"],
  [{ input: "a", created_at: 1_700_000_000 }, "created_at"],
  [{ input: "a", created_at: "2026-11-01T09:30:00" }, "created_at"],
  [{ input: "a", created_at: "2026-02-30T09:30:00Z" }, "created_at"],
  [{ input: "a", cluster: "x", extra: { group: "y" } }, "extra.group"],
  [{ custom_id: "a" }, "unknown_shape"],
  [{ custom_id: 1, params: {} }, "invalid_member"],
  [{ custom_id: "a", result: { type: "errored" } }, "without an answer (errored)"],
  [{ id: "req_1", decision: "shipped", attempts: [] }, "request_record"],
])("%j is refused: %s", (row, reason) => {
  expect(refusal(row)).toContain(reason);
});

test("any text is read or refused, never thrown", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const names = [...Object.values(ROW_MEMBERS).flat(), "custom_id", "result", "format", "extra"];
  const inner = fc.dictionary(fc.constantFrom(...Object.values(SIDE_MEMBERS).flat()), value);
  const row = fc.dictionary(fc.constantFrom(...names), fc.oneof(value, inner));
  const text = fc.oneof(
    fc.string(),
    row.map((object) => JSON.stringify(object)),
  );
  fc.assert(
    fc.property(text, (line) => {
      const found = read(line);
      if (!found.ok) expect(found.problem.message).not.toBe("");
    }),
    { numRuns: 2_000 },
  );
});

test("any bytes come out as lines that are read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const splitter = createLineSplitter(50);
      for (const line of [...splitter.push(bytes), ...splitter.end()]) readRow(line);
    }),
  );
});

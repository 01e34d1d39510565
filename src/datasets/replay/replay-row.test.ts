import { describe, expect, test } from "vitest";
import { createCatalogue } from "../../catalogue/catalogue.ts";
import { createProtocol } from "../../cascade/protocols/create-protocol.ts";
import { exampleRoute } from "../../cascade/examples.fixture.ts";
import { sortReplayLine, type ReplayRules, type SortedLine } from "./replay-row.ts";

const route = exampleRoute({ name: "support" });
const RULES: ReplayRules = {
  route,
  protocol: createProtocol(route.protocol),
  catalogue: createCatalogue(),
  dataset: "cases",
  task: null,
  model: null,
  maxTokens: 100,
};

function sort(row: unknown, rules: Partial<ReplayRules> = {}): SortedLine {
  const text = typeof row === "string" ? row : JSON.stringify(row);
  return sortReplayLine({ number: 1, text, problem: null }, { ...RULES, ...rules });
}

function idOf(row: unknown, rules: Partial<ReplayRules> = {}): string {
  const sorted = sort(row, rules);
  if (sorted.kind !== "row") throw new Error(`no row: ${JSON.stringify(sorted)}`);
  return sorted.row.itemId;
}

const MESSAGES = [{ role: "user", content: "May I?" }];

describe("lines that can be asked", () => {
  test.each([
    ["an input", { input: "May I?", ideal: "yes" }],
    ["messages", { messages: MESSAGES, ideal: ["yes"] }],
    ["a request", { request: { model: "m", max_tokens: 50, messages: MESSAGES }, ideal: "yes" }],
  ])("%s", (_name, row) => {
    const sorted = sort(row);
    expect(sorted).toMatchObject({ kind: "row", row: { ideals: ["yes"], promptBytes: 6 } });
  });

  test("a request of a batch", () => {
    const params = { model: "m", max_tokens: 50, messages: MESSAGES };
    expect(sort({ custom_id: "a", params }).kind).toBe("row");
  });

  test("one that names no length takes the default, one that does keeps its own", () => {
    const short = sort({ input: "May I?" });
    const own = sort({ request: { model: "m", max_tokens: 7_000, messages: MESSAGES } });
    expect(short).toMatchObject({ row: { parsed: { value: { max_tokens: 100 } } } });
    expect(own).toMatchObject({ row: { parsed: { value: { max_tokens: 7_000, model: "m" } } } });
  });
});

test("the same row of the same replay is the same item; all else makes another", () => {
  const row = { id: "1", input: "May I?" };
  expect(idOf(row)).toBe(idOf({ ...row, ideal: "yes" }));
  const others = [
    idOf(row),
    idOf({ ...row, id: "2" }),
    idOf({ ...row, input: "May I not?" }),
    idOf(row, { dataset: "again" }),
    idOf(row, { maxTokens: 101 }),
    idOf(row, { protocol: createProtocol({ kind: "envelope" }), route: { ...route, name: "b" } }),
    idOf(row, { route: { ...route, tiers: route.tiers.toReversed() } }),
  ];
  expect(new Set(others).size).toBe(others.length);
});

test.each([
  ["no JSON", "{", "not_json"],
  ["no prompt", { cheap: { answer: "x" } }, "unknown_shape"],
  ["a result", { custom_id: "a", result: { type: "succeeded", message: {} } }, "unknown_shape"],
  [
    "a request the API would refuse",
    { request: { max_tokens: -1, messages: MESSAGES } },
    "invalid_member",
  ],
])("refuses %s", (_name, row, code) => {
  expect(sort(row)).toMatchObject({ kind: "refused", problem: { code } });
});

test("leaves out rows of other routes and rows that are not for a triage", () => {
  expect(sort({ input: "May I?", route: "billing" })).toEqual({ kind: "other_route" });
  const request = { model: "m", max_tokens: 50, messages: MESSAGES, stop_sequences: ["x"] };
  expect(sort({ request })).toEqual({ kind: "not_eligible", reason: "stop_sequences" });
});

test("a model has to be known where the last tier is the one requested", () => {
  const tiers = route.tiers.map((tier, index) =>
    index === 0 ? tier : { ...tier, model: "requested" },
  );
  const open = { route: { ...route, tiers } };
  expect(sort({ input: "May I?" }, open)).toMatchObject({ problem: { code: "model_unknown" } });
  const virtual = { request: { model: "leadsman/support", max_tokens: 50, messages: MESSAGES } };
  expect(sort(virtual, open)).toMatchObject({ problem: { code: "model_unknown" } });
  expect(sort(virtual, { ...open, model: "m" })).toMatchObject({
    row: { parsed: { value: { model: "m" } } },
  });
});

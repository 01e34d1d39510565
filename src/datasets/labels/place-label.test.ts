import { expect, test } from "vitest";
import type { Evidence, Grade } from "../../ledger/records/evidence.ts";
import { evidenceOfRecord } from "./evidence-of-record.ts";
import type { Label } from "./label.ts";
import { attemptOf, recordOf, routeOf } from "./labelled-request.fixture.ts";
import { placeLabel, type LabelLedger } from "./place-label.ts";

const LABEL: Label = {
  itemId: "req_1",
  tier: null,
  outcome: "wrong",
  grader: "ada",
  note: null,
};

/** What the record of a request teaches, as the gateway might have stored it. */
function stored(changes: Partial<Evidence> = {}): Evidence {
  const made = evidenceOfRecord({ record: recordOf({}), pair: null, route: routeOf() }, null);
  if (!made.ok) throw new Error(made.problem.message);
  return { ...made.value.evidence, propensity: 0.1, ...changes };
}

function ledgerOf(
  parts: { readonly evidence?: readonly Evidence[]; readonly grades?: readonly Grade[] } = {},
): LabelLedger {
  return {
    evidenceOf: async () => parts.evidence ?? [],
    grades: async () => parts.grades ?? [],
    request: async (id) => (id === "req_1" ? recordOf({}) : null),
    pair: async () => null,
    routeVersion: async (id) => ({ id, createdAtMs: 1, route: routeOf() }),
  };
}

test("a label of a candidate's answer is placed on its evidence, any other on that of tiers", async () => {
  const candidate = stored({ tier: 100, decision: "escalated" });
  const tier = stored();
  const ledger: LabelLedger = {
    ...ledgerOf(),
    evidenceOf: async (_, of = "tiers") => (of === "candidates" ? [candidate] : [tier]),
  };
  const placed = await placeLabel(ledger, { ...LABEL, tier: 100 }, 1);
  expect(placed).toMatchObject({ ok: true, value: { entries: [{ grade: { tier: 100 } }] } });
  for (const at of [null, "cheap", 0] as const) {
    const other = await placeLabel(ledger, { ...LABEL, tier: at }, 1);
    expect(other).toMatchObject({ ok: true, value: { grade: { tier: 0 } } });
  }
  const none = await placeLabel(ledger, { ...LABEL, tier: 101 }, 1);
  expect(none).toMatchObject({ ok: false, problem: { code: "no_answer" } });
});

test("a label on known evidence is one grade, the same each time", async () => {
  const ledger = ledgerOf({ evidence: [stored()] });
  const first = await placeLabel(ledger, LABEL, 1);
  expect(first).toMatchObject({
    ok: true,
    value: {
      before: null,
      entries: [{ kind: "grade", grade: { by: "label", tier: 0, outcome: "wrong" } }],
    },
  });
  const later = await placeLabel(ledger, LABEL, 2);
  expect(later.ok && first.ok && later.value.grade.id === first.value.grade.id).toBe(true);
  const changes: readonly Partial<Label>[] = [
    { outcome: "right" },
    { grader: "bob" },
    { note: "late" },
    { tier: "deep" },
  ];
  const ids = new Set<string>();
  for (const change of changes) {
    const other = await placeLabel(ledger, { ...LABEL, ...change }, 1);
    if (other.ok) ids.add(other.value.grade.id);
  }
  expect(ids.size).toBe(changes.length);
});

test("what was said before adds nothing, what was taken back is refused", async () => {
  const first = await placeLabel(ledgerOf({ evidence: [stored()] }), LABEL, 1);
  if (!first.ok) throw new Error(first.problem.message);
  const outcomes = { label: "wrong", human: null, judge: null } as const;
  const evidence = [stored({ cheap: outcomes })];
  const again = await placeLabel(ledgerOf({ evidence, grades: [first.value.grade] }), LABEL, 2);
  expect(again).toMatchObject({ value: { entries: [], before: "wrong" } });
  const back = { ...first.value.grade, retractedAtMs: 3 };
  expect(await placeLabel(ledgerOf({ evidence, grades: [back] }), LABEL, 4)).toMatchObject({
    problem: { code: "taken_back" },
  });
});

test.each([
  [{ decision: "shipped" }, null, 0],
  [{ decision: "imported" }, null, 0],
  [{ decision: "shadowed" }, null, 1],
  [{ decision: "shadowed" }, "cheap", 0],
  [{ decision: "shipped" }, "deep", 1],
  [{ decision: "shipped" }, 1, 1],
] as const)("on %o a label of tier %j is about tier %d", async (changes, tier, wanted) => {
  const placed = await placeLabel(ledgerOf({ evidence: [stored(changes)] }), { ...LABEL, tier }, 1);
  expect(placed).toMatchObject({ value: { grade: { tier: wanted } } });
});

test("a request that nobody drew gets its evidence with the label", async () => {
  expect(await placeLabel(ledgerOf(), LABEL, 1)).toMatchObject({
    value: {
      before: null,
      entries: [
        { kind: "evidence", evidence: { propensity: null, tier: 0 }, onlyIfMissing: true },
        { kind: "grade", grade: { tier: 0 } },
      ],
    },
  });
});

test("another tier of a known request gets evidence of its own", async () => {
  const record = recordOf({
    tier: 1,
    attempts: [attemptOf({}), attemptOf({ index: 1, tier: 1, model: "middle" })],
  });
  const ledger: LabelLedger = {
    ...ledgerOf({ evidence: [stored({ tier: 1, deepTier: 2 })] }),
    request: async () => record,
    routeVersion: async (id) => ({
      id,
      createdAtMs: 1,
      route: routeOf(["small", "middle", "large"]),
    }),
  };
  expect(await placeLabel(ledger, { ...LABEL, tier: 0 }, 1)).toMatchObject({
    value: { entries: [{ evidence: { tier: 0, deepTier: 2 } }, { grade: { tier: 0 } }] },
  });
});

test("an id that is nobody's is refused", async () => {
  const placed = await placeLabel(ledgerOf(), { ...LABEL, itemId: "req_2" }, 1);
  expect(placed).toMatchObject({ ok: false, problem: { code: "unknown_item" } });
});

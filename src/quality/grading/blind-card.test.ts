import fc from "fast-check";
import { expect, test } from "vitest";
import { evidenceOf } from "../../ledger/contract/evidence.fixture.ts";
import { blindCard, cardLayout, cardSides } from "./blind-card.ts";
import { verdictOutcomes } from "./verdict-outcomes.ts";

const REQUEST = { system: null, turns: [{ role: "user", text: "Why?" }] };
const TEXTS = { request: REQUEST, cheap: "because", deep: "for a reason", ideal: null };

test("a card tells nothing of models, confidence or cost, and has no more members than it says", () => {
  const evidence = evidenceOf("req_1", { confidence: 0.4321, cheapCostNanoUsd: 98_765n });
  const card = blindCard(evidence, TEXTS, cardLayout(evidence, "ada", 0));
  expect(Object.keys(card ?? {}).toSorted()).toEqual([
    "answers",
    "cardId",
    "ideal",
    "itemId",
    "request",
    "route",
    "task",
    "tier",
    "verdicts",
  ]);
  expect(JSON.stringify(card)).not.toMatch(/haiku|opus|4321|98765|cheap|deep/);
});

test("either model stands first about as often, anew for each grader and occasion", () => {
  const first = Array.from({ length: 2_000 }, (_, index) => {
    const subject = evidenceOf(`req_${index % 500}`);
    return cardLayout(subject, index % 2 === 0 ? "ada" : "bob", Math.floor(index / 1_000))
      .isDeepFirst;
  });
  const share = first.filter(Boolean).length / first.length;
  // Five standard deviations.
  expect(Math.abs(share - 0.5)).toBeLessThan(0.056);
  const ids = new Set(
    ["ada", "bob"].flatMap((grader) =>
      [0, 1].map((occasion) => cardLayout(evidenceOf("req_1"), grader, occasion).cardId),
    ),
  );
  expect(ids.size).toBe(4);
});

test.each([
  ["both there", {}, TEXTS, 2],
  ["the same text", {}, { ...TEXTS, deep: " because\n" }, 1],
  ["no deep text", {}, { ...TEXTS, deep: null }, 1],
  ["a deep answer that does not count", { deepMissing: "truncated" } as const, TEXTS, 1],
])("%s", (_name, changes, texts, answers) => {
  const evidence = evidenceOf("req_1", changes);
  const card = blindCard(evidence, texts, cardLayout(evidence, "ada", 0));
  expect(card?.answers).toHaveLength(answers);
  expect(card?.verdicts).toContain(answers === 2 ? "both" : "right");
  if (answers === 1) expect(card?.answers[0]?.trim()).toBe("because");
});

test.each([
  [{ request: null }, {}],
  [{ cheap: null }, {}],
  [{}, { cheapMissing: "null_answer" } as const],
])("without %j %j there is nothing to judge", (texts, changes) => {
  const evidence = evidenceOf("req_1", changes);
  expect(blindCard(evidence, { ...TEXTS, ...texts }, cardLayout(evidence, "ada", 0))).toBe(null);
});

test("a verdict goes to the author of the answer it is about, wherever that stands", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.constantFrom("first", "second", "both", "neither"), (...given) => {
      const [isDeepFirst, verdict] = given;
      const sides = cardSides({ deepMissing: null }, TEXTS, { cardId: "", isDeepFirst });
      const outcomes = verdictOutcomes(verdict, sides);
      const shown = isDeepFirst ? ["deep", "cheap"] : ["cheap", "deep"];
      const right: readonly (string | undefined)[] = {
        first: [shown[0]],
        second: [shown[1]],
        both: ["cheap", "deep"],
        neither: [],
      }[verdict];
      for (const side of ["cheap", "deep"] as const) {
        expect(outcomes?.get(side)).toBe(right.includes(side) ? "right" : "wrong");
      }
    }),
  );
});

test("one answer of both models is judged once, for both", () => {
  const sides = cardSides({ deepMissing: null }, { cheap: "x", deep: "x" }, cardLayoutOf());
  expect([...(verdictOutcomes("wrong", sides) ?? [])]).toEqual([
    ["cheap", "wrong"],
    ["deep", "wrong"],
  ]);
  expect(verdictOutcomes("both", sides)).toBe(null);
});

function cardLayoutOf() {
  return cardLayout({ itemId: "req_1", tier: 0 }, "ada", 0);
}

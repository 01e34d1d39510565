import { expect, test } from "vitest";
import type { ProtocolChoice, Route } from "../../cascade/route.ts";
import { evidenceOf } from "../../ledger/contract/evidence.fixture.ts";
import { attemptOf, recordOf } from "../../ledger/contract/records.fixture.ts";
import { readItemTexts, type TextLedger } from "./item-texts.ts";

/** @param bodies texts of answers by part, each stored as a message of the model that is named first */
function ledgerOf(
  bodies: Readonly<Record<string, readonly [model: string, text: string]>>,
  record: Awaited<ReturnType<TextLedger["request"]>> = null,
  protocol: ProtocolChoice = { kind: "envelope" },
): TextLedger {
  return {
    request: () => Promise.resolve(record),
    routeVersion: (id) =>
      Promise.resolve({ id, createdAtMs: 1, route: { protocol } as unknown as Route }),
    body: (_id, part) => {
      const request = { messages: [{ role: "user", content: "Why?" }], system: "Be short." };
      if (part === "request") return Promise.resolve(Buffer.from(JSON.stringify(request)));
      const [model, text] = bodies[part] ?? [];
      if (text === undefined) return Promise.resolve(null);
      const message = { model, content: [{ type: "text", text }] };
      return Promise.resolve(Buffer.from(part === "ideal" ? text : JSON.stringify(message)));
    },
  };
}

const VERDICT = '{"confidence":0.9,"answer":"cheap words"}';

const SHADOWED = recordOf("req_1", {
  attempts: [
    attemptOf(0, { role: "answer", tier: 1 }),
    attemptOf(1, { role: "shadow_triage", tier: 0 }),
  ],
});

test("answers of traffic are found by their attempt and read by the route's protocol", async () => {
  const bodies = { "answer:0": ["big", "deep words"], "answer:1": ["small", VERDICT] } as const;
  const ledger = ledgerOf(bodies, SHADOWED);
  expect(await readItemTexts(ledger, evidenceOf("req_1"))).toMatchObject({
    request: { system: "Be short.", turns: [{ role: "user", text: "Why?" }] },
    cheap: "cheap words",
    deep: "deep words",
    ideal: null,
  });
});

test("where the client's own schema has the confidence, neither answer shows it", async () => {
  const json = '{"class":"refund","confidence":0.9}';
  const bodies = { "answer:0": ["big", json], "answer:1": ["small", json] } as const;
  const ledger = ledgerOf(bodies, SHADOWED, { kind: "field", field: "confidence" });
  const { cheap, deep } = await readItemTexts(ledger, evidenceOf("req_1"));
  expect([cheap, deep]).toEqual([cheap, '{\n  "class": "refund"\n}']);
});

test("answers of a data set are found by their tier", async () => {
  const bodies = {
    "answer:0": ["small", "a"],
    "answer:1": ["big", "b"],
    ideal: ["", "c"],
  } as const;
  const evidence = evidenceOf("itm_1", { cheapModel: "small", deepModel: "big" });
  expect(await readItemTexts(ledgerOf(bodies), evidence)).toMatchObject({
    cheap: "a",
    deep: "b",
    ideal: "c",
    record: null,
  });
});

test("the cheap answer of traffic that was imported has its verdict around it", async () => {
  const bodies = { "answer:0": ["small", VERDICT], "answer:2": ["big", "deep words"] } as const;
  const evidence = evidenceOf("req_1", { deepTier: 2 });
  expect(await readItemTexts(ledgerOf(bodies), evidence)).toMatchObject({
    cheap: "cheap words",
    deep: "deep words",
  });
});

test("what was imported of a route with a field of its own does not show its confidence", async () => {
  const cheap = '{"class":"refund","sure":0.9,"days":14}';
  const deep = '{"class":"refund","sure":0.97,"days":14}';
  const bodies = { "answer:0": ["small", cheap], "answer:1": ["big", deep] } as const;
  const texts = await readItemTexts(ledgerOf(bodies), evidenceOf("itm_1", { confidence: 0.9 }));
  const shown = JSON.stringify({ class: "refund", days: 14 }, null, 2);
  expect([texts.cheap, texts.deep]).toEqual([shown, shown]);
});

test("texts that are not kept are none", async () => {
  const ledger: TextLedger = { ...ledgerOf({}), body: () => Promise.resolve(null) };
  expect(await readItemTexts(ledger, evidenceOf("req_1"))).toEqual({
    request: null,
    cheap: null,
    deep: null,
    ideal: null,
    record: null,
  });
});

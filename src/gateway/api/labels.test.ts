import { afterEach, beforeEach, expect, test } from "vitest";
import { recordOf, requestEntry } from "../../ledger/contract/records.fixture.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { makeSqlitePlace, type SqlitePlace } from "../../ledger/sqlite/sqlite-place.fixture.ts";
import { fillWithItems } from "../../quality/grading/grading-items.fixture.ts";
import { startTestGateway } from "../fake-router.fixture.ts";
import type { Gateway } from "../start-gateway.ts";
import { call } from "../test-client.fixture.ts";

let place: SqlitePlace;
let ledger: Ledger;
let gateway: Gateway;

beforeEach(async () => {
  place = await makeSqlitePlace();
  ledger = await place.open();
  gateway = await startTestGateway({ ledger });
  await fillWithItems(ledger, 2);
});
afterEach(async () => {
  await gateway.close();
  await ledger.close();
  await place.remove();
});

async function post(labels: unknown): Promise<{ status: number; body: unknown }> {
  const { status, body } = await call(gateway.port, "/_leadsman/api/v1/labels", {
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ labels }),
  });
  return { status, body: JSON.parse(body) };
}

const cheapLabel = async (itemId: string) =>
  (await ledger.evidenceOf(itemId)).map(({ cheap }) => cheap.label);

test("each label has an answer of its own, and good ones are kept beside bad ones", async () => {
  await ledger.append([requestEntry(recordOf("req_forwarded", { decision: "bypassed" }))]);
  const labels = [
    { item_id: "itm_0", correct: false },
    { item_id: "itm_1", outcome: "right", tier: "deep", grader: "ada", note: "looked it up" },
    { request_id: "req_nobody", correct: true },
    { request_id: "req_forwarded", correct: true },
    { item_id: "itm_0", correct: "yes" },
    { item_id: "itm_0" },
    { correct: true },
    { item_id: "itm_0", request_id: "itm_0", correct: true },
    { item_id: "itm_0", correct: true, outcome: "wrong" },
    { item_id: "itm_0", correct: true, tier: "large" },
    { item_id: "itm_0", correct: true, confidence: 1 },
    { item_id: "itm_0", correct: true, note: "n".repeat(2_001) },
    "itm_0",
  ];
  const { status, body } = await post(labels);
  expect([status, body]).toMatchObject([200, { accepted: 2, known: 0, refused: 11 }]);
  expect((body as { labels: { status: string }[] }).labels.map((label) => label.status)).toEqual([
    ...["accepted", "accepted", "unknown_item"],
    ...Array.from({ length: 10 }, () => "invalid"),
  ]);
  expect(body).toMatchObject({
    labels: {
      1: { itemId: "itm_1", tier: 1, reason: null },
      3: { reason: expect.stringContaining("bypassed") },
      4: { reason: expect.stringContaining("true or false") },
      9: { reason: expect.stringContaining("cheap") },
    },
  });
  expect(await cheapLabel("itm_0")).toEqual(["wrong"]);
  expect(await ledger.evidenceOf("itm_1")).toMatchObject([{ deep: { label: "right" } }]);
  expect(await ledger.grades("itm_1")).toMatchObject([{ by: "label", grader: "ada" }]);
});

test("the same again adds nothing, in one call and in the next; a contradiction makes it disputed", async () => {
  const label = { item_id: "itm_0", correct: true, grader: "ada" };
  expect((await post([label, label])).body).toMatchObject({ accepted: 1, known: 1 });
  expect((await post([label])).body).toMatchObject({
    accepted: 0,
    known: 1,
    labels: [{ isDisputed: false }],
  });
  expect(await ledger.grades("itm_0")).toHaveLength(1);
  expect((await post([{ ...label, correct: false, grader: "bob" }])).body).toMatchObject({
    accepted: 1,
    labels: [{ isDisputed: true }],
  });
  expect(await cheapLabel("itm_0")).toEqual(["disputed"]);
  expect((await post([label])).body).toMatchObject({ known: 1 });
});

test("under an id of the caller's what was said first stays", async () => {
  const label = { item_id: "itm_0", correct: true, id: "crm-17" };
  expect((await post([label])).body).toMatchObject({ accepted: 1 });
  expect((await post([{ ...label, correct: false }])).body).toMatchObject({ known: 1 });
  expect((await post([label, { ...label, id: "crm-18" }])).body).toMatchObject({
    accepted: 1,
    known: 1,
  });
  expect(await cheapLabel("itm_0")).toEqual(["right"]);
});

test("more than a thousand, or no list, is refused as a whole", async () => {
  const many = Array.from({ length: 1_001 }, () => ({ item_id: "itm_0", correct: true }));
  expect((await post(many)).status).toBe(400);
  expect((await post(many.slice(1))).body).toMatchObject({ accepted: 1, known: 999 });
  expect((await post({ item_id: "itm_0" })).status).toBe(400);
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Ledger } from "../../ledger/ledger.ts";
import { makeSqlitePlace, type SqlitePlace } from "../../ledger/sqlite/sqlite-place.fixture.ts";
import { fillWithItems, itemEntries } from "../../quality/grading/grading-items.fixture.ts";
import { startTestGateway } from "../fake-router.fixture.ts";
import type { Gateway } from "../start-gateway.ts";
import { call, type TestAnswer } from "../test-client.fixture.ts";

const API = "/_leadsman/api/v1/";
const JSON_TYPE = { "content-type": "application/json" };

let place: SqlitePlace;
let ledger: Ledger;
let gateway: Gateway;

beforeEach(async () => {
  place = await makeSqlitePlace();
  ledger = await place.open();
  gateway = await startTestGateway({ ledger });
});
afterEach(async () => {
  await gateway.close();
  await ledger.close();
  await place.remove();
});

const get = (path: string): Promise<TestAnswer> => call(gateway.port, API + path);

const post = (path: string, body: unknown, headers = JSON_TYPE): Promise<TestAnswer> =>
  call(gateway.port, API + path, {
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

// What comes back is looked at with matchers.
const read = ({ body }: TestAnswer) => JSON.parse(body) as Record<string, unknown>;

describe("what may be posted", () => {
  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "as %j: nothing, since a form of any page could send that",
    async (type) => {
      const answer = await post("labels", { labels: [] }, { "content-type": type });
      expect([answer.status, read(answer)]).toMatchObject([
        415,
        { error: { message: expect.stringContaining("application/json") } },
      ]);
    },
  );

  test("by a page of another origin: nothing", async () => {
    const headers = { ...JSON_TYPE, origin: "https://evil.example" };
    expect((await post("labels", { labels: [] }, headers)).status).toBe(403);
    const host = { ...JSON_TYPE, host: "evil.example" };
    expect((await post("labels", { labels: [] }, host)).status).toBe(421);
  });

  test("without the token: nothing", async () => {
    const guarded = await startTestGateway({ ledger, token: "s3cret" });
    try {
      const body = JSON.stringify({ labels: [] });
      const open = await call(guarded.port, `${API}labels`, { body, headers: JSON_TYPE });
      expect([open.status, (await call(guarded.port, `${API}evidence`)).status]).toEqual([
        401, 401,
      ]);
      const headers = { ...JSON_TYPE, "x-leadsman-token": "s3cret" };
      expect((await call(guarded.port, `${API}labels`, { body, headers })).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });

  test("more than a mebibyte, told or not: nothing", async () => {
    const big = JSON.stringify({ labels: ["x".repeat(1024 * 1024)] });
    expect((await post("labels", big)).status).toBe(413);
    const chunks = [Buffer.alloc(700_000, " "), Buffer.alloc(700_000, " ")];
    const told = await call(gateway.port, `${API}labels`, { body: chunks, headers: JSON_TYPE });
    expect([told.status, read(told)]).toMatchObject([
      413,
      { error: { message: expect.stringContaining("1048576") } },
    ]);
  });

  test.each(["", "[]", "null", "{", '"text"', "\u00ff{}"])("%j: nothing", async (body) => {
    expect((await post("labels", body)).status).toBe(400);
  });
});

test.each([
  ["GET", "labels", 405],
  ["POST", "evidence", 405],
  ["DELETE", "grading/next", 405],
  ["GET", "nothing", 404],
  ["GET", "labels/some", 404],
  ["GET", "grading", 404],
])("%s %s: %d", async (method, path, status) => {
  const body = method === "POST" ? "{}" : undefined;
  const options = { method, headers: JSON_TYPE, ...(body === undefined ? {} : { body }) };
  expect((await call(gateway.port, API + path, options)).status).toBe(status);
});

test("without a ledger there is nothing to see", async () => {
  const bare = await startTestGateway();
  expect((await call(bare.port, `${API}evidence`)).status).toBe(404);
  await bare.close();
});

describe("lists", () => {
  test("evidence is filtered and paged, with money as digits", async () => {
    await fillWithItems(ledger, 5);
    const first = read(await get("evidence?route=support&limit=2"));
    expect(first).toMatchObject({ rows: [{ cheapCostNanoUsd: "1500000" }, {}] });
    const next = encodeURIComponent(String(first["next"]));
    expect(read(await get(`evidence?route=support&limit=3&after=${next}`))).toMatchObject({
      rows: [{}, {}, {}],
      next: null,
    });
    const confident = read(await get("evidence?from_confidence=0.9&lacks=human&order=confidence"));
    expect(confident["rows"]).toHaveLength(3);
    expect(read(await get("evidence?route=search"))).toEqual({ rows: [], next: null });
    expect(read(await get("evidence/itm_1"))).toMatchObject({
      evidence: [{ itemId: "itm_1" }],
      grades: [],
    });
    expect((await get("evidence/itm_9")).status).toBe(404);
  });

  test("pairs come with their texts", async () => {
    await ledger.append(itemEntries("itm_1", {}, { cheap: "y".repeat(30_000) }));
    const { rows } = read(await get("pairs?limit=1")) as { rows: { cheap: string }[] };
    expect(rows).toMatchObject([
      { evidence: { itemId: "itm_1" }, deep: "deep itm_1", request: { turns: [{ text: "Why?" }] } },
    ]);
    expect(rows[0]?.cheap).toHaveLength(20_001);
  });

  test.each([
    ["evidence?limit=0", "limit"],
    ["evidence?limit=1001", "limit"],
    ["pairs?limit=101", "limit"],
    ["evidence?where=odd", "wrong, differs, disputed"],
    ["evidence?after=odd", "after"],
    ["evidence?from=yesterday", "from"],
    ["evidence?from_confidence=93", "from_confidence"],
    ["evidence?rout=support", "rout"],
    ["evidence?route=a&route=b", "twice"],
    ["grades?by=nobody", "by"],
  ])("%s is refused in words", async (path, words) => {
    const answer = await get(path);
    expect([answer.status, read(answer)]).toMatchObject([
      400,
      { error: { message: expect.stringContaining(words) } },
    ]);
  });
});

describe("grading", () => {
  interface Dealt {
    readonly card: { cardId: string; itemId: string; tier: number; answers: string[] } | null;
    readonly counts: { waiting: number };
  }

  const deal = async (query = "grader=ada"): Promise<Dealt> =>
    read(await get(`grading/next?${query}`)) as unknown as Dealt;

  test("a card is blind and stays until its verdict, which then tells whose answers they were", async () => {
    await fillWithItems(ledger, 3);
    const { card, counts } = await deal();
    expect([card?.answers.length, counts.waiting]).toEqual([2, 3]);
    expect(JSON.stringify(card)).not.toMatch(/haiku|opus|onfidence|0\.[69]/);
    expect(await deal()).toMatchObject({ card: { cardId: card?.cardId } });
    const { cardId, itemId, tier } = card ?? {};
    const verdict = { card_id: cardId, item_id: itemId, tier, grader: "ada", verdict: "both" };
    const given = await post("grading/verdicts", { ...verdict, note: "close" });
    expect([given.status, read(given)]).toMatchObject([
      200,
      { reveal: { answers: [{ outcome: "right" }, { outcome: "right" }] }, agreement: null },
    ]);
    expect(given.body).toContain("claude-haiku-4-5");
    expect((await post("grading/verdicts", verdict)).status).toBe(200);
    expect((await post("grading/verdicts", { ...verdict, verdict: "neither" })).status).toBe(409);
    expect(read(await get("grades"))).toMatchObject({
      rows: [{ note: "close" }, { note: "close" }],
    });

    const after = await deal();
    expect([after.card?.itemId === itemId, after.counts.waiting]).toEqual([false, 2]);
    const undone = await post("grading/undo", { item_id: itemId, tier, grader: "ada" });
    expect(read(undone)).toMatchObject({ card: { itemId } });
    expect((await deal()).card?.itemId).toBe(itemId);
    expect(await ledger.evidenceOf(itemId ?? "")).toMatchObject([{ cheap: { human: null } }]);
    expect((await post("grading/undo", { item_id: itemId, tier, grader: "ada" })).status).toBe(409);
  });

  test("two who grade at the same time are given different cards", async () => {
    await fillWithItems(ledger, 2);
    const [ada, bob] = [await deal("grader=ada"), await deal("grader=bob")];
    expect(ada.card?.itemId).not.toBe(bob.card?.itemId);
  });

  test("each scope and grader has a desk of its own; an answered card leaves all of one's desks", async () => {
    await fillWithItems(ledger, 2);
    const narrow = await deal("grader=ada&from_confidence=0.9&route=support");
    const wide = await deal("grader=ada");
    expect(narrow.counts.waiting + wide.counts.waiting).toBe(3);
    for (const { card } of [narrow, wide, await deal("grader=bob")]) {
      const { cardId, itemId, tier } = card ?? {};
      const verdict = { card_id: cardId, item_id: itemId, tier, verdict: "both", grader: "ada" };
      const { status } = await post("grading/verdicts", verdict);
      expect([200, 409]).toContain(status);
    }
    expect(await deal("grader=ada&from_confidence=0.9&route=support")).toMatchObject({
      card: null,
      nothing: { reason: "out_of_scope" },
    });
  });

  test.each([
    [{ tier: 0, verdict: "both", card_id: "c" }, 400, "item_id"],
    [{ item_id: "itm_0", verdict: "both", card_id: "c" }, 400, "tier"],
    [{ item_id: "itm_0", tier: 0, verdict: "good", card_id: "c" }, 400, "first, second"],
    [{ item_id: "itm_0", tier: 0, verdict: "both" }, 400, "card_id"],
    [{ item_id: "itm_0", tier: 0, verdict: "both", card_id: "c", odd: 1 }, 400, "odd"],
    [{ item_id: "itm_0", tier: 0, verdict: "both", card_id: "c" }, 409, "another grader or time"],
    [{ item_id: "itm_9", tier: 0, verdict: "both", card_id: "c" }, 404, "no evidence"],
  ])("%j: %d", async (body, status, words) => {
    await fillWithItems(ledger, 1);
    const answer = await post("grading/verdicts", body);
    expect([answer.status, read(answer)]).toMatchObject([
      status,
      { error: { message: expect.stringContaining(words) } },
    ]);
  });
});

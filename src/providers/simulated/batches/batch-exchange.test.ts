import { describe, expect, test } from "vitest";

import {
  COLLECTION,
  MINUTE_MS,
  idOf,
  kindsOf,
  member,
  objectIn,
  openBatchApi,
  params,
  posted,
  resultsOf,
} from "./batch-api.fixture.ts";
import type { JsonObject } from "../../../support/json.ts";
import { createBatchStore } from "./batch-store.ts";

describe("a batch", () => {
  test("goes from in_progress to ended as its clock says, and counts nothing before", () => {
    const api = openBatchApi();
    const created = api.call("POST", COLLECTION, { body: posted(300), nowMs: 1_000 });
    const id = idOf(created);
    const running = {
      id,
      type: "message_batch",
      processing_status: "in_progress",
      request_counts: { processing: 300, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      created_at: "1970-01-01T00:00:01.000Z",
      ended_at: null,
      expires_at: "1970-01-02T00:00:01.000Z",
      cancel_initiated_at: null,
      archived_at: null,
      results_url: null,
    };
    expect(created).toMatchObject({ status: 200, headers: { "x-leadsman-simulated": "1" } });
    expect(JSON.parse(created.body)).toEqual(running);
    const path = `${COLLECTION}/${id}`;
    const later = (nowMs: number): unknown => JSON.parse(api.call("GET", path, { nowMs }).body);
    expect(later(MINUTE_MS + 999)).toEqual(running);
    expect(later(MINUTE_MS + 1_000)).toEqual({
      ...running,
      processing_status: "ended",
      request_counts: { processing: 0, succeeded: 300, errored: 0, canceled: 0, expired: 0 },
      ended_at: "1970-01-01T00:01:01.000Z",
      results_url: `http://here:1${path}/results`,
    });
  });

  test("takes no time where time stands still, yet is never born ended", () => {
    const api = openBatchApi({}, createBatchStore({ timeScale: 0 }));
    const created = api.call("POST", COLLECTION, { body: posted(5) });
    expect(created.body).toContain('"processing_status":"in_progress"');
    const seen = api.call("GET", `${COLLECTION}/${idOf(created)}`);
    expect(seen.body).toContain('"processing_status":"ended"');
  });

  test("gives each request the message that it would get alone, in no order", () => {
    const api = openBatchApi();
    const id = idOf(api.call("POST", COLLECTION, { body: posted(40) }));
    const results = resultsOf(api, id);
    const inOrder = Array.from({ length: 40 }, (_, i) => `row-${i}`);
    expect([...results.keys()].sort()).toEqual([...inOrder].sort());
    expect([...results.keys()]).not.toEqual(inOrder);
    const ids = new Set<unknown>();
    for (const [i, customId] of inOrder.entries()) {
      const alone = objectIn(api.call("POST", "/v1/messages", { body: params(i) }).body);
      const message = member(results.get(customId), "message");
      const usage = { ...member(alone, "usage"), service_tier: "batch" };
      expect(message).toEqual({ ...alone, id: message["id"], usage });
      ids.add(message["id"]);
    }
    expect(ids.size).toBe(40);
  });

  test("has an errored result for what a single call would refuse, and for streams", () => {
    const api = openBatchApi();
    const odd = [
      { model: "no-such-model" },
      { temperature: 0.5 },
      { max_tokens: undefined },
      { stream: true },
    ];
    const body = posted(5, (i) => odd[i] ?? {});
    const results = resultsOf(api, idOf(api.call("POST", COLLECTION, { body })));
    const error = (i: number): unknown => results.get(`row-${i}`)?.["error"];
    expect(error(0)).toMatchObject({ type: "error", error: { type: "not_found_error" } });
    for (const i of [1, 2]) {
      const alone = api.call("POST", "/v1/messages", { body: params(i, odd[i]) }).body;
      expect(error(i)).toMatchObject({ type: "error", error: objectIn(alone)["error"] });
    }
    expect(error(3)).toMatchObject({ error: { type: "invalid_request_error" } });
    expect(results.get("row-4")?.["type"]).toBe("succeeded");
  });

  test("has no results before it has ended", () => {
    const api = openBatchApi();
    const path = `${COLLECTION}/${idOf(api.call("POST", COLLECTION, { body: posted(2) }))}/results`;
    expect(api.call("GET", path, { nowMs: 29_000 })).toMatchObject({ status: 404, last: "end" });
    expect(api.call("GET", path, { nowMs: 31_000 }).status).toBe(200);
  });

  test.each([
    ["{", 400, "not valid JSON"],
    [{}, 400, "requests: Field required"],
    [{ requests: {} }, 400, "valid list"],
    [{ requests: [] }, 400, "at least 1"],
    [{ requests: [1] }, 400, "requests.0"],
    [{ requests: [{ params: {} }] }, 400, "requests.0.custom_id"],
    [{ requests: [{ custom_id: "a b", params: {} }] }, 400, "match pattern"],
    [{ requests: [{ custom_id: "a".repeat(65), params: {} }] }, 400, "match pattern"],
    [{ requests: [{ custom_id: "a" }] }, 400, "requests.0.params"],
    [
      {
        requests: [
          { custom_id: "a", params: {} },
          { custom_id: "a", params: {} },
        ],
      },
      400,
      "requests.1.custom_id: must be unique",
    ],
    [{ requests: Array.from({ length: 100_001 }, () => 0) }, 400, "at most 100000"],
  ])("is refused for the body %j", (body, status, message) => {
    const api = openBatchApi();
    const played = api.call("POST", COLLECTION, { body });
    expect(played.status).toBe(status);
    const envelope = objectIn(played.body);
    expect(envelope).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
    expect(member(envelope, "error")["message"]).toContain(message);
    expect(api.batches.newestFirst()).toEqual([]);
  });
});

describe("a cancellation", () => {
  test("ends the batch soon, and keeps what was done", () => {
    const api = openBatchApi();
    const path = `${COLLECTION}/${idOf(api.call("POST", COLLECTION, { body: posted(300) }))}`;
    const canceled = api.call("POST", `${path}/cancel`, { nowMs: 20_000 });
    expect(JSON.parse(canceled.body)).toMatchObject({
      processing_status: "canceling",
      cancel_initiated_at: "1970-01-01T00:00:20.000Z",
      request_counts: { processing: 300, canceled: 0 },
    });
    const again = api.call("POST", `${path}/cancel`, { nowMs: 21_000 });
    expect(JSON.parse(again.body)).toEqual(JSON.parse(canceled.body));
    expect(api.call("GET", `${path}/results`, { nowMs: 24_999 }).status).toBe(404);
    const ended = api.call("GET", path, { nowMs: 25_000 });
    expect(JSON.parse(ended.body)).toMatchObject({
      processing_status: "ended",
      ended_at: "1970-01-01T00:00:25.000Z",
      request_counts: { processing: 0, succeeded: 100, canceled: 200 },
    });
    expect(kindsOf(api, idOf(ended))).toEqual({ succeeded: 100, canceled: 200 });
    expect(api.call("POST", `${path}/cancel`, { nowMs: 25_000 }).status).toBe(400);
  });
});

describe("a list", () => {
  test("pages from the newest on, and back", () => {
    const api = openBatchApi();
    const ids = [1, 2, 3, 4, 5]
      .map(() => idOf(api.call("POST", COLLECTION, { body: posted(1) })))
      .reverse();
    const page = (query: string): JsonObject =>
      objectIn(api.call("GET", `${COLLECTION}${query}`).body);
    const shown = (query: string): readonly number[] => {
      const { body } = api.call("GET", `${COLLECTION}${query}`);
      return Array.from(body.matchAll(/"id":"([^"]+)"/g), ([, id = ""]) => ids.indexOf(id));
    };
    expect(page("")).toMatchObject({ has_more: false, first_id: ids[0], last_id: ids[4] });
    expect(shown("?limit=2")).toEqual([0, 1]);
    expect(page("?limit=2")).toMatchObject({ has_more: true, last_id: ids[1] });
    expect(shown(`?limit=2&after_id=${ids[1]}`)).toEqual([2, 3]);
    expect(shown(`?limit=2&after_id=${ids[3]}`)).toEqual([4]);
    expect(page(`?limit=1&after_id=${ids[3]}`)).toMatchObject({ has_more: false });
    expect(shown(`?limit=2&before_id=${ids[3]}`)).toEqual([1, 2]);
    expect(page(`?limit=2&before_id=${ids[3]}`)).toMatchObject({ has_more: true });
    expect(page(`?limit=3&before_id=${ids[3]}`)).toMatchObject({ has_more: false });
  });

  test("without batches is empty", () => {
    const { body } = openBatchApi().call("GET", COLLECTION);
    expect(JSON.parse(body)).toEqual({ data: [], has_more: false, first_id: null, last_id: null });
  });

  test.each(["?limit=0", "?limit=1001", "?limit=x", "?after_id=none", "?after_id=a&before_id=b"])(
    "is refused for %s",
    (query) => {
      expect(openBatchApi().call("GET", COLLECTION + query).status).toBe(400);
    },
  );
});

test("equal seeds and calls give equal bytes", () => {
  const play = (): string[] => {
    const api = openBatchApi();
    const created = api.call("POST", COLLECTION, { body: posted(20) });
    const path = `${COLLECTION}/${idOf(created)}/results`;
    return [created.body, api.call("GET", path, { nowMs: MINUTE_MS }).body];
  };
  expect(play()).toEqual(play());
});

test("what is no batch is not found, and other methods are no endpoint", () => {
  const api = openBatchApi();
  for (const [method, path] of [
    ["GET", "/msgbatch_none"],
    ["GET", "/msgbatch_none/results"],
    ["POST", "/msgbatch_none/cancel"],
    ["PUT", ""],
    ["GET", "/msgbatch_none/cancel"],
    ["GET", "/a/b/c"],
  ] as const) {
    const played = api.call(method, COLLECTION + path);
    expect(played.status).toBe(404);
    expect(JSON.parse(played.body)).toMatchObject({ error: { type: "not_found_error" } });
  }
});

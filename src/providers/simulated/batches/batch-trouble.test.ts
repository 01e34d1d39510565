import { describe, expect, test } from "vitest";

import type { SimulatedCall } from "../simulated-exchange.ts";
import { COLLECTION, idOf, kindsOf, openBatchApi, posted, resultsOf } from "./batch-api.fixture.ts";
import { createBatchStore } from "./batch-store.ts";

describe("trouble", () => {
  const EACH = [
    ["POST", ""],
    ["GET", ""],
    ["GET", "/ID"],
    ["POST", "/ID/cancel"],
    ["GET", "/ID/results"],
  ] as const;

  test.each(EACH)("of %s %s comes as its status", (method, path) => {
    const api = openBatchApi();
    const id = idOf(api.call("POST", COLLECTION, { body: posted(2) }));
    const before = api.batches.newestFirst();
    for (const status of [429, 500, 529]) {
      const played = api.call(method, COLLECTION + path.replace("ID", id), {
        body: posted(2),
        simulate: `batch:status=${status}`,
      });
      expect(played.status).toBe(status);
      expect(JSON.parse(played.body)).toMatchObject({ type: "error", error: {} });
    }
    expect(api.batches.newestFirst()).toEqual(before);
  });

  test.each([
    ["die-before-head", "die", 1],
    ["hang", "hang", 1],
    ["die-mid-answer", "die", 1],
    ["text=<html>", "end", 1],
    ["connect-refused", "connect_refused", 0],
    ["connect-hang", "connect_hang", 0],
    ["status=500", "end", 0],
  ])("%s while a batch is created ends with %s and leaves %i batch", (simulate, last, count) => {
    const api = openBatchApi();
    const played = api.call("POST", COLLECTION, { body: posted(3), simulate });
    expect(played.last).toBe(last);
    expect(api.batches.newestFirst()).toHaveLength(count);
  });

  test("can cut results in the middle", () => {
    const api = openBatchApi({}, createBatchStore({ timeScale: 0 }));
    const path = `${COLLECTION}/${idOf(api.call("POST", COLLECTION, { body: posted(9) }))}/results`;
    const whole = api.call("GET", path).body;
    const cut = api.call("GET", path, { simulate: "die-mid-answer" });
    expect(cut).toMatchObject({ status: 200, last: "die" });
    expect(cut.body).toBe(whole.slice(0, cut.body.length));
    expect(cut.body.length).toBe(Math.floor(Buffer.byteLength(whole) / 2));
    expect(api.call("GET", path, { simulate: "die-after=7" }).body).toBe(whole.slice(0, 7));
    expect(api.call("GET", path, { simulate: "stall-after=7" }).last).toBe("hang");
  });

  test("can be the fate of a share of a batch's requests", () => {
    const api = openBatchApi();
    const simulate = "batch-errored=0.2, batch-expired=0.1, batch:batch-canceled=0.3";
    const created = api.call("POST", COLLECTION, { body: posted(100), simulate });
    expect(kindsOf(api, idOf(created))).toEqual({
      errored: 20,
      expired: 10,
      canceled: 30,
      succeeded: 40,
    });
    const errored = [...resultsOf(api, idOf(created)).values()].find(
      ({ type }) => type === "errored",
    );
    expect(errored).toMatchObject({ error: { error: { type: "overloaded_error" } } });
  });

  test("of single requests follows their scope", () => {
    const api = openBatchApi();
    const body = posted(4, (i) => (i < 2 ? { model: "claude-haiku-4-5" } : {}));
    const simulate = "claude-haiku-4-5:status=529, deep:refusal-at-start";
    const created = api.call("POST", COLLECTION, { body, simulate });
    expect(created.status).toBe(200);
    const results = resultsOf(api, idOf(created));
    expect(results.get("row-0")).toMatchObject({
      type: "errored",
      error: { error: { type: "overloaded_error" } },
    });
    expect(results.get("row-3")).toMatchObject({
      type: "succeeded",
      message: { stop_reason: "refusal" },
    });
  });

  test("can be ordered by functions", () => {
    const calls: SimulatedCall[] = [];
    const api = openBatchApi({
      faults: (call) => {
        calls.push(call);
        return call.index === 1 ? { kind: "prompt_too_long" } : { kind: "hang" };
      },
      batchFaults: ({ action, index }) =>
        action === "list" && index === 1 ? { fault: { kind: "status", status: 503 } } : null,
    });
    const id = idOf(api.call("POST", COLLECTION, { body: posted(3) }));
    expect(kindsOf(openBatchApi({}, api.batches), id)).toEqual({ errored: 1, succeeded: 2 });
    expect(calls.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(api.call("GET", COLLECTION).status).toBe(503);
    expect(api.call("GET", COLLECTION).status).toBe(200);
  });
});

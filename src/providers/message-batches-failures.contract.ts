import { expect, test } from "vitest";

import { batchRequests, failureOf, valueOf } from "./batches-under-test.fixture.ts";
import type { BatchesUnderTest } from "./batches-under-test.fixture.ts";
import type { OpenBatchesUnderTest } from "./message-batches.contract.ts";
import { until } from "./provider-under-test.fixture.ts";

/** What a failure says, above all whether a batch may have been made. */
export function describeBatchFailures(open: OpenBatchesUnderTest): void {
  test.each([
    ["die-before-head", "failed", "connection_lost", null],
    ["hang", "failed", "first_byte_timeout", null],
    ["die-mid-answer", "failed", "connection_lost", 200],
    ["stall-mid-answer", "failed", "idle_timeout", 200],
    ["text=<html>", "unreadable", "response_unreadable", 200],
    ["text=%7B%22id%22%3A%22x%22%7D", "unreadable", "response_unreadable", 200],
  ])("by %s leaves a batch, and says that it may have", async (simulate, kind, code, status) => {
    const underTest = await open();
    const timeouts = { firstByteMs: 200, idleMs: 200 };
    const outcome = await underTest.batches({ simulate, timeouts }).create(batchRequests(2));
    expect(failureOf(outcome)).toMatchObject({ kind, code, status, mayHaveTakenEffect: true });
    expect(await batchCount(underTest)).toBe(1);
  });

  test.each([
    [429, "rate_limit_error"],
    [529, "overloaded_error"],
    [401, "authentication_error"],
    [413, "request_too_large"],
  ])("by status %i leaves no batch, and is sure of it", async (status, code) => {
    const underTest = await open();
    const faulty = underTest.batches({ simulate: `status=${status}` });
    const failure = failureOf(await faulty.create(batchRequests(2)));
    expect(failure).toMatchObject({ kind: "http_error", code, status, mayHaveTakenEffect: false });
    expect(failure.error?.type).toBe(code);
    expect(failure.message).toContain(String(status));
    expect(await batchCount(underTest)).toBe(0);
    if (status === 429) expect(failure.headers["retry-after"]).toBe("7");
  });

  test.each([404, 500, 502, 503, 504])("by status %i is not sure", async (status) => {
    const { batches } = await open();
    const outcome = await batches({ simulate: `status=${status}` }).create(batchRequests(2));
    expect(failureOf(outcome)).toMatchObject({ status, mayHaveTakenEffect: true });
  });

  test("without a connection is sure that there is no batch", async () => {
    const { batches, refused, unanswered } = await open();
    const first = await batches({ provider: refused }).create(batchRequests(1));
    expect(failureOf(first)).toMatchObject({
      kind: "failed",
      code: "connect_failed",
      status: null,
      mayHaveTakenEffect: false,
    });
    const patience = { provider: unanswered, timeouts: { connectMs: 40 } };
    const second = await batches(patience).create(batchRequests(1));
    expect(failureOf(second)).toMatchObject({ code: "connect_timeout", mayHaveTakenEffect: false });
  });

  test("that only asked has changed nothing", async () => {
    const { batches } = await open();
    const { id } = valueOf(await batches().create(batchRequests(1)));
    for (const simulate of ["die-before-head", "die-mid-answer", "status=500", "text=[]"]) {
      const broken = batches({ simulate });
      for (const outcome of [
        await broken.retrieve(id),
        await broken.list(),
        await broken.results(id, () => undefined),
      ]) {
        expect(failureOf(outcome).mayHaveTakenEffect).toBe(false);
      }
      expect(failureOf(await broken.cancel(id)).mayHaveTakenEffect).toBe(true);
    }
  });

  test("is a request that the API would not take, before it is sent", async () => {
    const { batches, calls } = await open();
    expect(failureOf(await batches().create([]))).toMatchObject({
      kind: "invalid",
      code: "batch_empty",
      status: null,
      mayHaveTakenEffect: false,
    });
    expect(calls()).toEqual([]);
  });

  test("is a batch that does not exist, whatever its id", async () => {
    const { batches, calls } = await open();
    for (const id of ["msgbatch_none", "../messages?x=1#y", ""]) {
      expect(failureOf(await batches().retrieve(id)).status).toBe(404);
    }
    expect(calls()[1]?.path).toBe("/v1/messages/batches/..%2Fmessages%3Fx%3D1%23y");
  });

  test("by signal says whether the request was on its way", async () => {
    const { batches, calls } = await open();
    const stop = new AbortController();
    const { signal } = stop;
    const creating = batches({ simulate: "hang" }).create(batchRequests(1), { signal });
    await until(() => calls().length === 1);
    stop.abort();
    expect(failureOf(await creating)).toMatchObject({
      kind: "interrupted",
      code: "interrupted",
      mayHaveTakenEffect: true,
    });
    await until(() => calls()[0]?.aborted === true);
    const late = await batches().create(batchRequests(1), { signal });
    expect(failureOf(late)).toMatchObject({ kind: "interrupted", mayHaveTakenEffect: false });
    const results = await batches().results("x", () => undefined, { signal });
    expect(failureOf(results).kind).toBe("interrupted");
    expect(calls()).toHaveLength(1);
  });

  test("says nothing of what was asked", async () => {
    const { batches, refused } = await open();
    for (const provider of [undefined, refused]) {
      for (const simulate of ["die-before-head", "status=500", "text=secret"]) {
        const target = provider === undefined ? batches({ simulate }) : batches({ provider });
        const outcome = await target.create(batchRequests(1, { system: "secret" }));
        expect(JSON.stringify(failureOf(outcome))).not.toContain("secret");
      }
    }
  });
}

async function batchCount({ batches }: BatchesUnderTest): Promise<number> {
  return valueOf(await batches().list()).batches.length;
}

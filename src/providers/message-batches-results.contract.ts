import { expect, test } from "vitest";

import { readMessage } from "../messages/message-shapes.ts";
import { readJsonBytes } from "../messages/read-json.ts";
import type { JsonValue } from "../support/json.ts";
import { sleep } from "../support/sleep.ts";
import {
  allResults,
  batchRequests,
  CONTRACT_SEED,
  endedBatch,
  failureOf,
  LONG_MS,
  valueOf,
} from "./batches-under-test.fixture.ts";
import type { OpenBatchesUnderTest } from "./message-batches.contract.ts";
import { completed, until } from "./provider-under-test.fixture.ts";
import { DEFAULT_TIMEOUTS } from "./provider.ts";
import { createSimulatedProvider } from "./simulated/simulated-provider.ts";

/** What became of each request, line by line. */
export function describeBatchResults(open: OpenBatchesUnderTest): void {
  test.each([undefined, 1, 7, 100_000])(
    "are the messages of single calls, in chunks of %s bytes",
    async (bytesPerChunk) => {
      const underTest = await open(bytesPerChunk);
      const { id } = await endedBatch(underTest, 12);
      const results = await allResults(underTest.batches(), id);
      expect(results.size).toBe(12);
      const single = createSimulatedProvider({ seed: CONTRACT_SEED });
      for (const { customId, params } of batchRequests(12)) {
        const result = results.get(customId);
        const alone = await completed(single, {
          method: "POST",
          path: "/v1/messages",
          headers: {},
          body: params,
          timeouts: DEFAULT_TIMEOUTS,
        });
        const message = readMessage(valueIn(alone.bytes()));
        const usage = { ...message?.usage, service_tier: "batch" };
        const wanted = { content: message?.content, model: "claude-haiku-4-5-20251001", usage };
        expect(result).toMatchObject({ type: "succeeded", message: wanted });
      }
    },
  );

  test("tell what was refused, broken, canceled and expired", async () => {
    const underTest = await open();
    const simulate = "batch-errored=0.25,batch-canceled=0.25,batch-expired=0.25";
    const { id } = await endedBatch(underTest, 40, simulate);
    const { request_counts: counts } = valueOf(await underTest.batches().retrieve(id));
    const told = { succeeded: 0, errored: 0, canceled: 0, expired: 0, unknown: 0 };
    for (const result of (await allResults(underTest.batches(), id)).values()) {
      told[result.type] += 1;
      if (result.type === "errored") expect(result.error.type).toBe("overloaded_error");
    }
    expect({ ...told, processing: 0 }).toEqual({ ...counts, unknown: 0 });
    for (const kind of ["succeeded", "errored", "canceled", "expired"] as const) {
      expect(told[kind]).toBeGreaterThan(5);
    }
  });

  test("of requests that a single call would refuse are errors", async () => {
    const { batches, clock } = await open();
    const { id } = valueOf(await batches().create(batchRequests(1, { stream: true })));
    clock.advance(LONG_MS);
    const [result] = (await allResults(batches(), id)).values();
    expect(result).toMatchObject({ type: "errored", error: { type: "invalid_request_error" } });
  });

  test("are not there before the batch has ended", async () => {
    const { batches } = await open();
    const { id } = valueOf(await batches().create(batchRequests(2)));
    const outcome = await batches().results(id, () => undefined);
    expect(failureOf(outcome)).toMatchObject({
      kind: "http_error",
      code: "not_found_error",
      status: 404,
      mayHaveTakenEffect: false,
    });
  });

  test.each([
    ["die-mid-answer", "failed", "connection_lost"],
    ["stall-mid-answer", "failed", "idle_timeout"],
    ["text=%7B%22custom_id%22%3A1%7D", "unreadable", "result_unreadable"],
    ["text=<html>", "unreadable", "result_unreadable"],
    ["status=529", "http_error", "overloaded_error"],
  ])("after %s are no success", async (simulate, kind, code) => {
    const underTest = await open();
    const { id } = await endedBatch(underTest, 20);
    const broken = underTest.batches({ simulate, timeouts: { idleMs: 200 } });
    const seen: string[] = [];
    const outcome = await broken.results(id, ({ customId }) => {
      seen.push(customId);
    });
    expect(failureOf(outcome)).toMatchObject({ kind, code, mayHaveTakenEffect: false });
    // What came whole before the break was handed over, in the order of every other try.
    const whole = [...(await allResults(underTest.batches(), id)).keys()];
    expect(seen).toEqual(whole.slice(0, seen.length));
    expect(seen.length > 0).toBe(simulate.endsWith("mid-answer"));
  });

  test("come one at a time, however slowly they are taken", async () => {
    const underTest = await open(1_000);
    const { id } = await endedBatch(underTest, 30);
    let [taking, most, count] = [0, 0, 0];
    const outcome = await underTest
      .batches({ timeouts: { idleMs: 1_000 } })
      .results(id, async () => {
        taking += 1;
        most = Math.max(most, taking);
        await sleep(3);
        taking -= 1;
        count += 1;
      });
    expect(valueOf(outcome)).toEqual({ count: 30 });
    expect([taking, most, count]).toEqual([0, 1, 30]);
  });

  test("hold the upstream back while one is being taken", async () => {
    const underTest = await open();
    // More than the sockets between hold.
    const { id } = await endedBatch(underTest, 20_000);
    const goOn = Promise.withResolvers<null>();
    let count = 0;
    const outcome = underTest.batches().results(id, async () => {
      count += 1;
      if (count === 1) await goOn.promise;
    });
    await until(() => count === 1);
    await sleep(100);
    expect(underTest.calls().at(-1)?.endedMs).toBeNull();
    goOn.resolve(null);
    expect(valueOf(await outcome)).toEqual({ count: 20_000 });
  });

  test("end when their taker throws, and the connection with them", async () => {
    const underTest = await open();
    const { id } = await endedBatch(underTest, 5);
    let count = 0;
    const reading = underTest.batches({ simulate: "stall-mid-answer" }).results(id, () => {
      count += 1;
      throw new Error("full");
    });
    await expect(reading).rejects.toThrow("full");
    expect(count).toBe(1);
    await until(() => underTest.calls().at(-1)?.aborted === true);
  });

  test("end by signal", async () => {
    const underTest = await open();
    const { id } = await endedBatch(underTest, 20);
    const stop = new AbortController();
    let count = 0;
    const reading = underTest.batches().results(
      id,
      async () => {
        count += 1;
        stop.abort();
        await sleep(5);
      },
      { signal: stop.signal },
    );
    expect(failureOf(await reading)).toMatchObject({ kind: "interrupted", code: "interrupted" });
    await sleep(20);
    expect(count).toBe(1);
  });
}

function valueIn(bytes: Uint8Array): JsonValue {
  const read = readJsonBytes(bytes);
  return read.ok ? read.value : null;
}

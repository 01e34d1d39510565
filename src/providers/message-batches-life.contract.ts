import { expect, test } from "vitest";

import { batchRequests, endedBatch, LONG_MS, valueOf } from "./batches-under-test.fixture.ts";
import type { OpenBatchesUnderTest } from "./message-batches.contract.ts";

/** From its creation to its end, and how it is found again. */
export function describeBatchLife(open: OpenBatchesUnderTest): void {
  test("is in progress until it has ended, and then has counts", async () => {
    const { batches, clock } = await open();
    const created = valueOf(await batches().create(batchRequests(3)));
    expect(created).toMatchObject({
      processing_status: "in_progress",
      request_counts: { processing: 3, succeeded: 0 },
      created_at: "1970-01-01T00:00:01.000Z",
      ended_at: null,
    });
    expect(valueOf(await batches().retrieve(created.id))).toEqual(created);
    clock.advance(LONG_MS);
    expect(valueOf(await batches().retrieve(created.id))).toMatchObject({
      id: created.id,
      processing_status: "ended",
      request_counts: { processing: 0, succeeded: 3 },
    });
  });

  test("begins with the params as they were given, byte for byte", async () => {
    const { batches, calls } = await open();
    const params = Buffer.from(
      '{ "model" : "claude-haiku-4-5","max_tokens":1e1,\n"messages":[{"role":"user","content":"\\u00e9"}] }',
    );
    valueOf(
      await batches().create([
        { customId: "a", params },
        { customId: "b", params },
      ]),
    );
    const [call] = calls();
    expect(Buffer.from(call?.body ?? []).toString()).toBe(
      `{"requests":[{"custom_id":"a","params":${params.toString()}},` +
        `{"custom_id":"b","params":${params.toString()}}]}`,
    );
    expect(call?.headers).toMatchObject({
      "accept-encoding": "identity",
      "anthropic-version": "2023-06-01",
      "content-type": "application/json",
    });
  });

  test("can be cut short", async () => {
    const { batches, clock } = await open();
    const { id } = valueOf(await batches().create(batchRequests(10)));
    const canceling = valueOf(await batches().cancel(id));
    expect(canceling.processing_status).toBe("canceling");
    expect(canceling.cancel_initiated_at).not.toBeNull();
    clock.advance(LONG_MS);
    const ended = valueOf(await batches().retrieve(id));
    expect(ended).toMatchObject({ processing_status: "ended", request_counts: { canceled: 10 } });
  });

  test("is listed, the newest first, page after page", async () => {
    const underTest = await open();
    const list = underTest.batches().list;
    expect(valueOf(await list())).toEqual({ batches: [], hasMore: false, lastId: null });
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.unshift((await endedBatch(underTest, 1)).id);
    const first = valueOf(await list({ limit: 2 }));
    expect(first.batches.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first).toMatchObject({ hasMore: true, lastId: ids[1] });
    const second = valueOf(await list({ limit: 2, afterId: first.lastId ?? "" }));
    expect(second.batches.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(second.hasMore).toBe(false);
  });
}

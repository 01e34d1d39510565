import { describe, expect, test } from "vitest";

import { readBatchPage, readMessageBatch } from "./batch-object.ts";

const COUNTS = { processing: 0, succeeded: 1, errored: 2, canceled: 3, expired: 4 };
const BATCH = {
  id: "msgbatch_1",
  type: "message_batch",
  processing_status: "ended",
  request_counts: COUNTS,
  created_at: "2026-11-30T00:00:00Z",
  ended_at: "2026-11-30T01:00:00Z",
  expires_at: "2026-12-01T00:00:00Z",
  cancel_initiated_at: null,
  archived_at: null,
  results_url: "https://example.test/results",
};

describe("a batch", () => {
  test("is read as it is, with members and states that are new", () => {
    expect(readMessageBatch(BATCH)).toEqual(BATCH);
    const newer = { ...BATCH, processing_status: "paused", priority: 3 };
    expect(readMessageBatch(newer)).toEqual(newer);
  });

  test("may leave out what has not happened", () => {
    const { id, processing_status, request_counts } = BATCH;
    expect(readMessageBatch({ id, processing_status, request_counts })).toMatchObject({
      created_at: null,
      ended_at: null,
      results_url: null,
    });
  });

  test.each([
    [null],
    ["text"],
    [[BATCH]],
    [{ ...BATCH, id: 1 }],
    [{ ...BATCH, id: "" }],
    [{ ...BATCH, processing_status: null }],
    [{ ...BATCH, request_counts: null }],
    [{ ...BATCH, request_counts: { ...COUNTS, expired: undefined } }],
    [{ ...BATCH, request_counts: { ...COUNTS, errored: 1.5 } }],
    [{ ...BATCH, request_counts: { ...COUNTS, succeeded: -1 } }],
    [{ ...BATCH, ended_at: 5 }],
    [{ ...BATCH, results_url: {} }],
  ])("is not %j", (value) => {
    expect(readMessageBatch(value)).toBeNull();
  });
});

describe("a page", () => {
  test("ends with the batch after which the next begins", () => {
    const data = [BATCH, { ...BATCH, id: "msgbatch_0" }];
    expect(readBatchPage({ data, has_more: true })).toEqual({
      batches: data,
      hasMore: true,
      lastId: "msgbatch_0",
    });
    expect(readBatchPage({ data: [], has_more: false })?.lastId).toBeNull();
  });

  test.each([
    [null],
    [{ data: [] }],
    [{ data: {}, has_more: true }],
    [{ data: [1], has_more: true }],
  ])("is not %j", (value) => {
    expect(readBatchPage(value)).toBeNull();
  });
});

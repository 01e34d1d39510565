import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  assembleBatchBody,
  batchRequestBytes,
  EMPTY_BATCH_BYTES,
  MAX_BATCH_BYTES,
  MAX_BATCH_REQUESTS,
} from "./batch-body.ts";
import type { BatchRequest } from "./batch-body.ts";

const PARAMS = Buffer.from("{}");

function bodyOf(requests: readonly BatchRequest[]): Uint8Array | string {
  const result = assembleBatchBody(requests);
  return result.ok ? result.value : result.problem.code;
}

test("the body holds ids and params as they were given, in as many bytes as was said", () => {
  const customIds = fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/), { minLength: 1 });
  fc.assert(
    fc.property(customIds, fc.object(), (ids, params) => {
      const requests = ids.map((customId) => ({
        customId,
        params: Buffer.from(JSON.stringify(params, null, 1)),
      }));
      const body = bodyOf(requests);
      expect(JSON.parse(Buffer.from(body).toString())).toEqual({
        requests: ids.map((id) => ({
          custom_id: id,
          params: JSON.parse(JSON.stringify(params)),
        })),
      });
      const bytes = requests.reduce((sum, request) => sum + batchRequestBytes(request), 0);
      expect(body).toHaveLength(EMPTY_BATCH_BYTES + bytes);
    }),
  );
});

describe("a batch that is not sent", () => {
  test.each([
    ["without requests", [], "batch_empty"],
    ["with an empty id", [{ customId: "", params: PARAMS }], "custom_id_invalid"],
    ["with a long id", [{ customId: "a".repeat(65), params: PARAMS }], "custom_id_invalid"],
    ["with a quote in an id", [{ customId: 'a"', params: PARAMS }], "custom_id_invalid"],
    ["with a line feed behind an id", [{ customId: "a\n", params: PARAMS }], "custom_id_invalid"],
    [
      "with letters the API does not know",
      [{ customId: "é", params: PARAMS }],
      "custom_id_invalid",
    ],
    [
      "with an id twice",
      ["a", "b", "a"].map((customId) => ({ customId, params: PARAMS })),
      "custom_id_repeated",
    ],
  ])("%s", (_what, requests, code) => {
    expect(bodyOf(requests)).toBe(code);
  });

  test("has more requests than the API takes", () => {
    const requests = Array.from({ length: MAX_BATCH_REQUESTS }, (_, i) => ({
      customId: `row-${i}`,
      params: PARAMS,
    }));
    expect(bodyOf([...requests, { customId: "last", params: PARAMS }])).toBe(
      "batch_too_many_requests",
    );
    expect(bodyOf(requests)).toBeInstanceOf(Uint8Array);
  });

  test("has more bytes than the API takes", () => {
    // One large piece of memory, used again and again.
    const params = Buffer.alloc(25_600_000, " ");
    const requests = Array.from({ length: 9 }, (_, i) => ({ customId: `row-${i}`, params }));
    const sum = requests.reduce((bytes, one) => bytes + batchRequestBytes(one), EMPTY_BATCH_BYTES);
    const empty = batchRequestBytes({ customId: "last", params: new Uint8Array(0) });
    const over = params.subarray(0, MAX_BATCH_BYTES - sum - empty + 1);
    expect(bodyOf([...requests, { customId: "last", params: over }])).toBe("batch_too_large");
    expect(bodyOf([...requests, { customId: "last", params: over.subarray(1) }])).toHaveLength(
      MAX_BATCH_BYTES,
    );
  });
});

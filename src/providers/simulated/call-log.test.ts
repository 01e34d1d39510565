import { expect, test } from "vitest";

import { createCallLog } from "./call-log.ts";
import type { CallLog } from "./call-log.ts";

function lengthsAfter(log: CallLog, lengths: readonly number[]): readonly number[] {
  for (const length of lengths) {
    const request = { method: "POST", path: "/", headers: {}, body: new Uint8Array(length) };
    log.begin(request, { steps: [], model: null, isTriage: false }, 0);
  }
  return log.calls().map(({ body }) => body.length);
}

test("the latest calls are kept, so many and no more", () => {
  const log = createCallLog(2);
  expect(lengthsAfter(log, [1, 2, 3])).toEqual([2, 3]);
  expect(log.count).toBe(3);
});

test("large bodies push out older calls, but never the latest", () => {
  const log = createCallLog(10, 100);
  expect(lengthsAfter(log, [40, 60])).toEqual([40, 60]);
  expect(lengthsAfter(log, [1])).toEqual([60, 1]);
  expect(lengthsAfter(log, [500])).toEqual([500]);
  expect(lengthsAfter(log, [20, 30])).toEqual([20, 30]);
});

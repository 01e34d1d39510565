import { afterEach, describe } from "vitest";

import { openBatches } from "./batches-under-test.fixture.ts";
import type { BatchesUnderTest, OpenBatches } from "./batches-under-test.fixture.ts";
import { describeBatchFailures } from "./message-batches-failures.contract.ts";
import { describeBatchLife } from "./message-batches-life.contract.ts";
import { describeBatchResults } from "./message-batches-results.contract.ts";

/** Opens one upstream for a test; closed after it. */
export type OpenBatchesUnderTest = (bytesPerChunk?: number) => Promise<BatchesUnderTest>;

/** What batches do through every provider. */
export function describeMessageBatches(name: string, setUp: OpenBatches): void {
  let underTest: BatchesUnderTest | null = null;
  const open: OpenBatchesUnderTest = async (bytesPerChunk) => {
    underTest = await openBatches(setUp, bytesPerChunk);
    return underTest;
  };
  afterEach(async () => {
    await underTest?.close();
    underTest = null;
  });
  describe(`batches through the ${name}`, () => {
    describe("the life of a batch", () => {
      describeBatchLife(open);
    });
    describe("results", () => {
      describeBatchResults(open);
    });
    describe("a failure", () => {
      describeBatchFailures(open);
    });
  });
}

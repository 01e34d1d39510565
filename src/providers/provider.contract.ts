import { afterEach, describe } from "vitest";

import { describeControl } from "./provider-control.contract.ts";
import { describeFailures } from "./provider-failures.contract.ts";
import { describeResponses } from "./provider-responses.contract.ts";
import type { OpenProvider, ProviderUnderTest } from "./provider-under-test.fixture.ts";

/** What every provider must do, whatever stands behind it. */
export function describeProvider(name: string, setUp: OpenProvider): void {
  let underTest: ProviderUnderTest | null = null;
  const open: OpenProvider = async (setting) => {
    underTest = await setUp(setting);
    return underTest;
  };
  afterEach(async () => {
    await underTest?.close();
    underTest = null;
  });
  describe(name, () => {
    describe("a response", () => {
      describeResponses(open);
    });
    describe("a failure", () => {
      describeFailures(open);
    });
    describe("abort, pause, resume and close", () => {
      describeControl(open);
    });
  });
}

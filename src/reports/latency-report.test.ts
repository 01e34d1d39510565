import { describe, expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import { describeLatency, quantilesOf } from "./latency-report.ts";

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

test.each([
  [4, null, null],
  [5, 3, null],
  [19, 10, null],
  [20, 10, 19],
  [100, 50, 95],
])("of %d durations p50 is %s and p95 %s", (count, p50Ms, p95Ms) => {
  expect(quantilesOf(range(count).toReversed())).toMatchObject({ count, p50Ms, p95Ms });
});

const five = <Value>(value: Value): readonly Value[] => Array.from({ length: 5 }, () => value);

describe("describeLatency", () => {
  test("the gateway's part is what no upstream call was waited for", () => {
    const shipped = exampleRecord({
      latencyMs: 905,
      attempts: [exampleAttempt({ startedAfterMs: 2, latencyMs: 900 })],
    });
    const [path] = describeLatency(five(shipped));
    expect(path).toMatchObject({
      decision: "shipped",
      gateway: { p50Ms: 5 },
      extraHop: { count: 0 },
    });
  });

  test("an escalation's extra hop lasts until the deep call is sent", () => {
    const escalated = exampleRecord({
      decision: "escalated",
      latencyMs: 2_510,
      attempts: [
        exampleAttempt({ startedAfterMs: 2, latencyMs: 400, outcome: "aborted" }),
        exampleAttempt({
          index: 1,
          role: "answer",
          tier: 1,
          startedAfterMs: 405,
          latencyMs: 2_100,
        }),
      ],
    });
    const [path] = describeLatency(five(escalated));
    expect(path).toMatchObject({ gateway: { p50Ms: 10 }, extraHop: { p50Ms: 405 } });
  });

  test("a triage that runs on beside the deep call is not counted twice", () => {
    const ranOn = exampleRecord({
      decision: "escalated",
      latencyMs: 2_510,
      attempts: [
        exampleAttempt({ startedAfterMs: 2, latencyMs: 1_500 }),
        exampleAttempt({
          index: 1,
          role: "answer",
          tier: 1,
          startedAfterMs: 405,
          latencyMs: 2_100,
        }),
      ],
    });
    // 2 before the triage, 5 after the deep call's end at 2,505.
    expect(describeLatency(five(ranOn))[0]).toMatchObject({ gateway: { p50Ms: 7 } });
  });

  test("background calls are not waited for", () => {
    const shadowed = exampleRecord({
      decision: "shadowed",
      latencyMs: 1_004,
      attempts: [
        exampleAttempt({ role: "answer", tier: 1, startedAfterMs: 1, latencyMs: 1_000 }),
        exampleAttempt({ index: 1, role: "shadow_triage", startedAfterMs: 1_003, latencyMs: 700 }),
      ],
    });
    expect(describeLatency(five(shadowed))[0]).toMatchObject({ gateway: { p50Ms: 4 } });
  });

  test("the first byte is that of streams; failures and other paths do not count", () => {
    const paths = describeLatency([
      ...five(exampleRecord({ firstByteMs: 350 })),
      ...five(exampleRecord({ isStreaming: false, firstByteMs: 900 })),
      ...five(exampleRecord({ status: 529, latencyMs: 3 })),
      exampleRecord({ kind: "other", decision: "passthrough" }),
    ]);
    expect(paths).toHaveLength(1);
    expect(paths[0]).toMatchObject({ requests: 10, firstByte: { count: 5, p50Ms: 350 } });
  });
});

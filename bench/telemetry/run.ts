/**
 * What telling costs: the observers of a gateway are given the records of requests, as the ledger
 * gives them: one that escalated, with two upstream calls; one that shipped, with one; one that was
 * no message call. Prints microseconds per request for metrics, for spans without an SDK and for
 * spans with one (made and queued; sending is left out). Median of rounds.
 */
import { trace } from "@opentelemetry/api";
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  NodeTracerProvider,
} from "@opentelemetry/sdk-trace-node";
import { exampleAttempt, exampleRecord } from "../../src/cascade/examples.fixture.ts";
import type { RequestRecord } from "../../src/cascade/receipt.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import { systemClock } from "../../src/support/clock.ts";
import type { LedgerObserver } from "../../src/telemetry/ledger-observer.ts";
import { createMetrics } from "../../src/telemetry/metrics/create-metrics.ts";
import { createSpans } from "../../src/telemetry/traces/create-spans.ts";
import { PresetIds } from "../../src/telemetry/traces/span-ids.ts";
import { TraceMemory } from "../../src/telemetry/traces/trace-memory.ts";

const ROUNDS = 15;
const REQUESTS = 20_000;

const metrics = createMetrics({
  models: new Set(["claude-haiku-4-5", "claude-opus-4-7"]),
  routes: ["support"],
  routeOf: async () => null,
  commitTimeoutMs: 2_000,
});
const exporter = new InMemorySpanExporter();
const presetIds = new PresetIds();
const provider = new NodeTracerProvider({
  idGenerator: presetIds,
  spanProcessors: [new BatchSpanProcessor(exporter)],
});
const common = { memory: new TraceMemory(), vendorOf: () => "anthropic", clock: systemClock };
const without = createSpans({ ...common, tracer: trace.getTracer("bench"), presetIds: null });
const withSdk = createSpans({ ...common, tracer: provider.getTracer("bench"), presetIds });

for (const [name, observer, recordOf] of [
  ["metrics, escalated", metrics.observer, escalated],
  ["metrics, shipped", metrics.observer, shipped],
  ["metrics, no message", metrics.observer, forwarded],
  ["spans, no SDK", without, escalated],
  ["spans, SDK", withSdk, escalated],
] as const) {
  const { medianUs, lowUs, highUs } = await measure(observer, recordOf);
  console.log(
    `${name.padEnd(20)} ${medianUs.toFixed(2)} µs a request (${lowUs.toFixed(2)} to ${highUs.toFixed(2)})`,
  );
}
await provider.shutdown();

interface Cost {
  readonly medianUs: number;
  readonly lowUs: number;
  readonly highUs: number;
}

async function measure(
  observer: LedgerObserver,
  recordOf: (id: string) => RequestRecord,
): Promise<Cost> {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const appends = Array.from({ length: REQUESTS }, (_, index): readonly LedgerEntry[] => [
      { kind: "request", record: recordOf(`req_${String(index)}`) },
    ]);
    // CPU of the process, so that what others do on this machine does not count.
    const before = process.cpuUsage();
    for (const [index, entries] of appends.entries()) {
      observer.appending(entries);
      observer.appended?.(entries, 1);
      // Requests come apart in time; the queue of spans is emptied between them.
      if (index % 500 === 0) await new Promise(setImmediate);
      if (index % 500 === 0) exporter.reset();
    }
    const { user, system } = process.cpuUsage(before);
    // The first one warms up.
    if (round > 0) rounds.push((user + system) / REQUESTS);
  }
  rounds.sort((a, b) => a - b);
  const at = (share: number): number => rounds[Math.round(share * (rounds.length - 1))] ?? NaN;
  return { medianUs: at(0.5), lowUs: at(0), highUs: at(1) };
}

function escalated(id: string): RequestRecord {
  const attempts = [
    exampleAttempt({ index: 0, role: "triage", model: "claude-haiku-4-5", outcome: "aborted" }),
    exampleAttempt({ index: 1, role: "answer", model: "claude-opus-4-7", confidence: null }),
  ];
  const baseline = { allDeepNanoUsd: 9_000_000n, allDeepBasis: "measured" } as const;
  return exampleRecord({
    ...{ id, attempts, ...baseline },
    decision: "escalated",
    reason: "low_confidence",
  });
}

function shipped(id: string): RequestRecord {
  return exampleRecord({ id, allDeepNanoUsd: 9_000_000n, allDeepBasis: "estimated" });
}

function forwarded(id: string): RequestRecord {
  return exampleRecord({ id, kind: "other", decision: "forwarded", route: null, attempts: [] });
}

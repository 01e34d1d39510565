import type { Attempt, RequestRecord } from "../src/cascade/receipt.ts";
import { exampleAttempt, exampleRecord } from "../src/cascade/examples.fixture.ts";
import { createRandom } from "../src/support/random.ts";
import { createLiveWatch } from "../src/watch/live-watch.ts";
import type { WatchedRoute } from "../src/watch/watched-route.ts";

/** What watching costs on the way of a request: `node bench/watch-overhead.ts`. */
const ROUTE: WatchedRoute = {
  name: "support",
  thresholds: [0.8],
  promise: { target: "joint", atMost: 0.05 },
  promptHash: "prompt",
  storm: { rate: 0.35, policy: "bypass" },
  ...{ raise: "auto", lower: "alert" },
  objective: { usdPerRequest: 0.01, p95LatencyMs: 5_000 },
  sampling: { shadow: 0.01, grade: 0.01, band: 0.05 },
};

const RECORDS = 20_000;
const ROUNDS = 15;

/** Healthy live traffic of twenty tasks: six or seven classes a request. */
function records(): readonly RequestRecord[] {
  const random = createRandom("watch overhead");
  const values = [0.7, 0.8, 0.85, 0.9, 0.95] as const;
  return Array.from({ length: RECORDS }, (_, i) => {
    const confidence = values[Math.floor(random() * values.length)] ?? 0.9;
    const isShipped = confidence >= 0.8;
    const triage: Attempt = exampleAttempt({ role: "triage", tier: 0, confidence });
    return exampleRecord({
      ...{ id: `req_${String(i)}`, route: "support", mode: "live", confidence },
      startedAtMs: 1_800_000_000_000 + i * 100,
      task: `task_${String(Math.floor(random() * 20))}`,
      decision: isShipped ? "shipped" : "escalated",
      reason: isShipped ? null : "low_confidence",
      bodyHash: `body ${String(i)}`,
      inputClasses: ["length:short", "turns:single", "script:latin", "has:code"],
      attempts: [triage],
    });
  });
}

const all = records();
const micros: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const watch = createLiveWatch(ROUTE, null, (text, { startedAtMs: atMs }) => {
    throw new Error(`healthy traffic alarmed at ${String(atMs)}: ${text.summary}`);
  });
  const start = process.cpuUsage();
  for (const record of all) watch.observe(record);
  const { user, system } = process.cpuUsage(start);
  micros.push((user + system) / RECORDS);
}
const sorted = micros.toSorted((one, other) => one - other);
const [least, median, most] = [sorted[0], sorted[Math.floor(ROUNDS / 2)], sorted.at(-1)];
const figures = [least, median, most].map((figure) => (figure ?? NaN).toFixed(2));
console.log(
  `watching a request: CPU ${figures[1] ?? ""} µs median of ${String(ROUNDS)} rounds of ` +
    `${RECORDS.toLocaleString("en")} (${figures[0] ?? ""} to ${figures[2] ?? ""})`,
);

import { closedLoop } from "./closed-loop.ts";
import type { ServerPair } from "./cpu-per-request.ts";
import type { Figure } from "./figure.ts";
import { openRawClient, rawRequest, type RawClient } from "./raw-client.ts";
import { median, noiseOf, quantile } from "./sample.ts";
import type { ServerProcess } from "./server-process.ts";

export interface FixedRateScenario {
  readonly rounds: number;
  readonly roundMs: number;
  /** A model that no route is for. */
  readonly model: string;
}

const MAXIMUM_MS = 1_000;

/**
 * Latency at half of the rate that ours serves at most, at a rate that does not wait for answers,
 * against the floor at the same rate. Both are warm. Meant for processes that may use every CPU, as
 * those of users may: on one CPU, the ledger's thread and the main thread would wait for each other.
 */
export async function fixedRate(
  { floor, ours }: ServerPair,
  { model, rounds, roundMs }: FixedRateScenario,
): Promise<readonly Figure[]> {
  const load = { isStreaming: false, model, connections: 32, durationMs: MAXIMUM_MS };
  const maximum = await closedLoop(ours, load);
  const pace = { requestsPerSecond: maximum.requestsPerSecond / 2, roundMs, model };
  const added: Record<"p50" | "p99", number[]> = { p50: [], p99: [] };
  const parts: string[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const one = await openLoop(floor, pace);
    const other = await openLoop(ours, pace);
    if (round === 0) continue;
    added.p50.push(quantile(other, 0.5) - quantile(one, 0.5));
    added.p99.push(quantile(other, 0.99) - quantile(one, 0.99));
    parts.push(
      `${quantile(one, 0.5).toFixed(2)}/${quantile(one, 0.99).toFixed(2)} → ` +
        `${quantile(other, 0.5).toFixed(2)}/${quantile(other, 0.99).toFixed(2)}`,
    );
  }
  const detail = `at ${pace.requestsPerSecond.toFixed(0)}/s; p50/p99 of floor → ours in ms: ${parts.join(", ")}`;
  const figure = (name: string, values: readonly number[], limit: number): Figure => ({
    name,
    value: median(values),
    noise: noiseOf(values),
    limit,
    unit: "ms",
    detail,
  });
  return [
    figure("half of maximum rate: added p50", added.p50, 1),
    figure("half of maximum rate: added p99", added.p99, 5),
  ];
}

interface OpenLoop {
  readonly requestsPerSecond: number;
  readonly roundMs: number;
  readonly model: string;
}

/**
 * Sends on time whatever the answers do; latencies count from the moment a request was due, so that
 * a server that falls behind cannot hide it. A timer wakes it every millisecond or so, which delays
 * requests to the floor and to ours alike: a load that looks at the clock all the time would take a
 * whole CPU from what it measures.
 */
async function openLoop(
  server: ServerProcess,
  { requestsPerSecond, roundMs, model }: OpenLoop,
): Promise<readonly number[]> {
  const request = rawRequest({
    isStreaming: false,
    model,
    headers: { host: `127.0.0.1:${String(server.port)}` },
  });
  const idle: RawClient[] = await Promise.all(
    Array.from({ length: 128 }, () => openRawClient(server.port)),
  );
  const all = [...idle];
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const total = Math.floor((requestsPerSecond * roundMs) / 1_000);
  let sent = 0;
  const due = (index: number): number => startedMs + (index * 1_000) / requestsPerSecond;
  await new Promise<void>((resolve) => {
    const waiting: number[] = [];
    const start = (client: RawClient, dueMs: number): void => {
      void client.send(request).then(() => {
        latenciesMs.push(performance.now() - dueMs);
        const next = waiting.shift();
        if (next !== undefined) start(client, next);
        else idle.push(client);
        if (latenciesMs.length === total) resolve();
      });
    };
    const tick = (): void => {
      const now = performance.now();
      while (sent < total && due(sent) <= now) {
        const client = idle.pop();
        if (client === undefined) waiting.push(due(sent));
        else start(client, due(sent));
        sent += 1;
      }
      if (sent < total) setTimeout(tick, 1);
    };
    tick();
  });
  for (const client of all) client.close();
  return latenciesMs;
}

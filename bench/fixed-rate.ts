import type { Figure } from "./figure.ts";
import { openRawClient, rawRequest, type RawClient } from "./raw-client.ts";
import { median, noiseOf, quantile } from "./sample.ts";
import type { ServerProcess } from "./server-process.ts";

export interface FixedRateScenario {
  readonly requestsPerSecond: number;
  readonly rounds: number;
  readonly roundMs: number;
  readonly model: string;
}

/** Latency at a rate that does not wait for answers, against the floor at the same rate. */
export async function fixedRate(
  floor: ServerProcess,
  ours: ServerProcess,
  scenario: FixedRateScenario,
): Promise<readonly Figure[]> {
  const added: Record<"p50" | "p99", number[]> = { p50: [], p99: [] };
  const parts: string[] = [];
  for (let round = 0; round <= scenario.rounds; round += 1) {
    const one = await openLoop(floor, scenario);
    const other = await openLoop(ours, scenario);
    if (round === 0) continue;
    added.p50.push(quantile(other, 0.5) - quantile(one, 0.5));
    added.p99.push(quantile(other, 0.99) - quantile(one, 0.99));
    parts.push(
      `${quantile(one, 0.5).toFixed(2)}/${quantile(one, 0.99).toFixed(2)} → ` +
        `${quantile(other, 0.5).toFixed(2)}/${quantile(other, 0.99).toFixed(2)}`,
    );
  }
  const detail = `at ${scenario.requestsPerSecond.toFixed(0)}/s; p50/p99 of floor → ours in ms: ${parts.join(", ")}`;
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

/**
 * Sends on time whatever the answers do; latencies count from the moment a request was due, so that
 * a server that falls behind cannot hide it.
 */
async function openLoop(
  server: ServerProcess,
  { requestsPerSecond, roundMs, model }: FixedRateScenario,
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
      if (sent < total) setImmediate(tick);
    };
    tick();
  });
  for (const client of all) client.close();
  return latenciesMs;
}

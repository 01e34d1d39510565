import type { ServerPair } from "./cpu-per-request.ts";
import type { Figure } from "./figure.ts";
import { openRawClient, rawRequest } from "./raw-client.ts";
import { median, noiseOf, quantile } from "./sample.ts";
import type { ServerProcess } from "./server-process.ts";

const ROUND_MS = 3_000;
/** Between the starts of two streams. */
const RAMP_MS = 2;

export interface PacedScenario {
  readonly streams: number;
  readonly eventsPerStream: number;
  /** Between two events of a stream. */
  readonly paceMs: number;
}

export interface PacedResult {
  /** 99.9th percentile of the silence between two frames, beyond the pace. */
  readonly stallMs: number;
  readonly rssBytes: number;
}

/** Many streams at once, each with an event in its turn: how long a frame is held up, and the memory. */
export async function pacedStreams(
  server: ServerProcess,
  scenario: PacedScenario,
): Promise<PacedResult> {
  const request = rawRequest({
    isStreaming: true,
    headers: {
      host: `127.0.0.1:${String(server.port)}`,
      "x-bench-pace-ms": String(scenario.paceMs),
      "x-bench-events": String(scenario.eventsPerStream),
    },
  });
  const gapsMs: number[] = [];
  const openStream = async (index: number): Promise<void> => {
    let lastMs: number | null = null;
    const client = await openRawClient(server.port, () => {
      const now = performance.now();
      if (lastMs !== null) gapsMs.push(now - lastMs);
      lastMs = now;
    });
    // One after the other: what is asked about is streams that run, not a thousand that begin.
    await new Promise((resolve) => setTimeout(resolve, index * RAMP_MS));
    await client.send(request);
    client.close();
  };
  const all = Promise.all(
    Array.from({ length: scenario.streams }, (_, index) => openStream(index)),
  );
  await new Promise((resolve) =>
    setTimeout(resolve, (scenario.eventsPerStream * scenario.paceMs * 3) / 4),
  );
  const { rssBytes } = await server.usage();
  await all;
  return { stallMs: quantile(gapsMs, 0.999) - scenario.paceMs, rssBytes };
}

/** No model is asked for more than 50 events a second. */
const FASTEST_PACE_MS = 20;

/** About as dense as what follows from it: the less there is to do at a time, the more an event costs. */
const CALIBRATION = { streams: 400, eventsPerStream: 40, paceMs: 50 };

async function cpuPerEvent(server: ServerProcess): Promise<number> {
  const before = await server.usage();
  await pacedStreams(server, CALIBRATION);
  const after = await server.usage();
  return (after.cpuUs - before.cpuUs) / (CALIBRATION.streams * CALIBRATION.eventsPerStream);
}

const ROUNDS = 3;

/**
 * Both servers in turns; figures are differences, round by round. The first round warms up. The pace
 * is such that ours needs half of its CPU for it: a server that is asked for more than it can do stalls
 * at any length, and so does the floor.
 */
export async function comparePacedStreams(
  { floor, ours }: ServerPair,
  streams: number,
): Promise<readonly Figure[]> {
  const cpuUsPerEvent = await cpuPerEvent(ours);
  const paceMs = Math.max(FASTEST_PACE_MS, Math.ceil((streams * cpuUsPerEvent * 2) / 1_000));
  const scenario = { streams, paceMs, eventsPerStream: Math.round(ROUND_MS / paceMs) };
  const stallsMs: number[] = [];
  const memoryMiB: number[] = [];
  const parts: string[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const one = await pacedStreams(floor, scenario);
    const other = await pacedStreams(ours, scenario);
    if (round === 0) continue;
    stallsMs.push(other.stallMs - one.stallMs);
    memoryMiB.push(mebibytes(other.rssBytes - one.rssBytes));
    parts.push(
      `${one.stallMs.toFixed(0)} ms, ${mebibytes(one.rssBytes).toFixed(0)} MiB → ` +
        `${other.stallMs.toFixed(0)} ms, ${mebibytes(other.rssBytes).toFixed(0)} MiB`,
    );
  }
  const detail =
    `stall beyond the pace of ${String(paceMs)} ms (${cpuUsPerEvent.toFixed(0)} µs an event) and resident memory, ` +
    `floor → ours: ${parts.join("; ")}`;
  const figure = (
    what: string,
    values: readonly number[],
    limit: number,
    unit: string,
  ): Figure => ({
    name: `${String(scenario.streams)} paced streams: added ${what}`,
    value: median(values),
    noise: noiseOf(values),
    limit,
    unit,
    detail,
  });
  return [figure("stall (p99.9)", stallsMs, 20, "ms"), figure("memory", memoryMiB, 100, "MiB")];
}

function mebibytes(bytes: number): number {
  return bytes / 1024 / 1024;
}

import type { Figure } from "./figure.ts";
import { openRawClient, rawRequest } from "./raw-client.ts";
import { median, noiseOf, quantile } from "./sample.ts";
import type { ServerProcess } from "./server-process.ts";

const PACE_MS = 20;
/** Between the starts of two streams. */
const RAMP_MS = 2.5;

export interface PacedScenario {
  readonly streams: number;
  readonly eventsPerStream: number;
}

export interface PacedResult {
  /** 99.9th percentile of the silence between two frames, beyond the pace. */
  readonly stallMs: number;
  readonly rssBytes: number;
}

/** Many streams at once, each an event every 20 ms: how long a frame is held up, and the memory. */
export async function pacedStreams(
  server: ServerProcess,
  scenario: PacedScenario,
): Promise<PacedResult> {
  const request = rawRequest({
    isStreaming: true,
    headers: {
      host: `127.0.0.1:${String(server.port)}`,
      "x-bench-pace-ms": String(PACE_MS),
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
  await new Promise((resolve) => setTimeout(resolve, (scenario.eventsPerStream * PACE_MS * 3) / 4));
  const { rssBytes } = await server.usage();
  await all;
  return { stallMs: quantile(gapsMs, 0.999) - PACE_MS, rssBytes };
}

const ROUNDS = 3;

/** Both servers in turns; figures are differences, round by round. The first round warms up. */
export async function comparePacedStreams(
  floor: ServerProcess,
  ours: ServerProcess,
  scenario: PacedScenario,
): Promise<readonly Figure[]> {
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
  const detail = `stall beyond the pace of 20 ms and resident memory, floor → ours: ${parts.join("; ")}`;
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
